"""What earlier processes have found out, kept in a file: a plan is made again by every job.

Values are kept with the facts that they follow from, and all of them under a stamp of the source:
after an edit nothing is known. So what is recalled is what would be computed, and a memory that is
lost, or damaged, costs time alone.
"""

import atexit
import json
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import TypeVar

from mimii_bench.util.atomic import replacing

T = TypeVar("T")

#: More than a run has use for: a folder in which so many configurations were planned forgets.
MOST = 20_000


class Memory:
    """Values by the facts that they follow from.

    Examples
    --------
    >>> Memory().recall(["sum", 1, 2], lambda: 1 + 2)
    3
    """

    def __init__(self):
        self._path: Path | None = None
        self._stamp = ""
        self._known: dict[str, object] = {}
        self._is_new = False

    def keep_in(self, path: Path | str) -> None:
        """Begin with what a file holds, and write what comes to it when the process ends."""
        self._path, self._stamp = Path(path).absolute(), _stamp()
        # Absent, of another time, or not as it was written: then nothing is known.
        with suppress(OSError, ValueError, AttributeError):
            held = json.loads(self._path.read_text())
            if held.get("stamp") == self._stamp:
                self._known |= held["known"]
        atexit.register(self.keep)

    def recall(self, facts: Iterable, compute: Callable[[], T]) -> T:
        """Return the value that follows from `facts` and the source; computed where it is new.

        Parameters
        ----------
        facts : iterable
            Of a kind whose `repr` says all of it; the first one tells what the value is.
        compute : callable
            Returns it: text, a number, or a list or dict of these.
        """
        key = blake2b(repr(list(facts)).encode(), digest_size=16).hexdigest()
        if key not in self._known:
            self._known[key] = compute()
            self._is_new = True
        return self._known[key]

    def keep(self) -> None:
        """Write what is known, if there is anything new and a file to write it to."""
        if self._path is None or not self._is_new:
            return
        known = self._known if len(self._known) <= MOST else {}
        # A folder that is full or not writable is the workflow's to complain of.
        with suppress(OSError), replacing(self._path) as part:
            part.write_text(json.dumps({"stamp": self._stamp, "known": known}))
        self._is_new = False


#: That of this process.
MEMORY = Memory()


@cache
def contents(folder: Path) -> str:
    """Return a digest of all Python files in a folder and below it."""
    found = blake2b(digest_size=16)
    for file in sorted(folder.rglob("*.py")):
        found.update(repr((str(file.relative_to(folder)), file.read_bytes())).encode())
    return found.hexdigest()


def _stamp() -> str:
    """Return what tells this package, and the Python that reads it, from others."""
    return f"{contents(Path(__file__).parents[1])} {sys.version}"
