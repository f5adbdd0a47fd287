"""Recordings that arrive in a folder, each once it is whole."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from mimii_bench.audio.streams import opened
from mimii_bench.detector.recordings import is_readable
from mimii_bench.util.errors import UserError

#: Seconds between two looks.
EVERY = 1.0
#: Seconds for which a file that is no whole recording stays as it is before it is given up.
PATIENCE = 10.0


class _Seen(NamedTuple):
    size: int
    changed: int
    since: float


class Watch:
    """Yields the files that come to lie in a folder, or below it, after it began to look.

    A file is yielded when its size stood still from one look to the next, and it is a whole
    recording; one that stays none is yielded too, so that it is told of. Whether one is whole whose
    header does not say how long it is, is told by its standing still alone, for as long. One that
    is overwritten later comes again.

    Parameters
    ----------
    folder : path
    every, patience : float
        Seconds: between looks, and until a file is given up.
    clock, sleep : callable
        Of time; tests have their own.

    Raises
    ------
    UserError
        There is no such folder.
    """

    def __init__(
        self,
        folder: Path | str,
        every: float = EVERY,
        patience: float = PATIENCE,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ):
        self.folder = Path(folder)
        if not self.folder.is_dir():
            raise UserError(f"{folder}: no folder to watch; make it first")
        self._every, self._patience = every, patience
        self._clock, self._sleep = clock, sleep
        self._done = {path: seen[:2] for path, seen in self._look()}
        self._waiting: dict[Path, _Seen] = {}

    def __iter__(self) -> Iterator[Path]:
        while True:
            yield from self.look()
            self._sleep(self._every)

    def look(self) -> list[Path]:
        """Return the files that are whole, or given up, since the last look.

        Raises
        ------
        UserError
            The folder is there no more.
        """
        if not self.folder.is_dir():
            raise UserError(f"{self.folder}: the watched folder is gone; make it, and watch again")
        ready = []
        there = dict(self._look())
        for path, now in there.items():
            if self._done.get(path) == now[:2]:
                continue
            before = self._waiting.get(path)
            if before is None or before[:2] != now[:2]:
                self._waiting[path] = now
            elif self._is_whole(path) or now.since - before.since >= self._patience:
                ready.append(path)
                self._done[path] = now[:2]
                del self._waiting[path]
        for gone in self._waiting.keys() - there.keys():
            del self._waiting[gone]
        for gone in self._done.keys() - there.keys():
            del self._done[gone]
        return ready

    def _look(self) -> Iterator[tuple[Path, _Seen]]:
        for path in sorted(self.folder.rglob("*")):
            try:
                if is_readable(path):
                    found = path.stat()
                    yield path, _Seen(found.st_size, found.st_mtime_ns, self._clock())
            except OSError:
                # It went while it was looked at.
                continue

    @staticmethod
    def _is_whole(path: Path) -> bool:
        try:
            with opened(path) as stream:
                return stream.states_length
        except UserError:
            return False
