"""A process that is told to end, and ends where nothing is lost.

A queue tells a job that its time is up by SIGTERM, and kills it a moment later.
"""

import signal

from mimii_bench.util.errors import UserError

_told = False


def listen() -> None:
    """Have SIGTERM noted from now on; until then, and elsewhere, it ends the process at once."""
    signal.signal(signal.SIGTERM, _note)


def is_told() -> bool:
    """Tell whether the process was told to end."""
    return _told


def end_if_told() -> None:
    """Raise a UserError if the process was told to end."""
    if _told:
        raise UserError("it was told to end; the same command goes on from its checkpoint")


def _note(*_: object) -> None:
    global _told
    _told = True
