"""What the log of a job says while it runs, and when it failed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

#: Bytes at the end of a log that are looked at.
_TAIL = 4096
#: Lines of the log of a failed job that are shown.
_LAST = 40
_TIME = re.compile(r"^\d\d:\d\d:\d\d ")
#: What the job itself says of its end.
_DONE = re.compile(r": done in [\d.]+ s of CPU time")


def last_line(logs: Sequence[str]) -> str:
    """Return the last thing that a running job said, without the time; empty where it said none."""
    lines = _lines(logs, _TAIL)
    return _TIME.sub("", lines[-1]) if lines else ""


def told(logs: Sequence[str]) -> list[str]:
    """Return what a job that has ended found worth telling."""
    lines = _lines(logs, 0)
    return [line for line in lines if not (_TIME.match(line) or _DONE.search(line))]


def reason(logs: Sequence[str]) -> str:
    """Return why a job failed: the first line of its log that is not of its course."""
    return next((line for line in _lines(logs, 0) if not _TIME.match(line)), "")


def end(logs: Sequence[str]) -> list[str]:
    """Return the last lines of the log of a job that failed, where it says more than the reason."""
    lines = _lines(logs, 0)
    return lines[1:][-_LAST:]


def _lines(logs: Sequence[str], tail: int) -> list[str]:
    """Return the lines of the first log, the last bytes of it alone where `tail` is not 0."""
    if not logs:
        return []
    try:
        with Path(logs[0]).open("rb") as file:
            if tail:
                size = file.seek(0, 2)
                file.seek(max(size - tail, 0))
            return file.read().decode(errors="replace").splitlines()
    except OSError:
        return []
