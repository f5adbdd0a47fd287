"""The one exception whose message is meant for the person at the keyboard."""

from collections.abc import Iterator
from contextlib import contextmanager


class UserError(Exception):
    """What went wrong and how to mend it, in one line that names the file or key concerned."""


@contextmanager
def about(what: str) -> Iterator[None]:
    """Say of a UserError inside what it is about."""
    try:
        yield
    except UserError as error:
        raise UserError(f"{what}: {error}") from None
