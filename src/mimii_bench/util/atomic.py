"""Outputs that are whole or absent, whatever happens while they are written.

What is being written stands in a folder beside its place, under a name of its own, on which its
process holds a lock. The lock dies with the process: what lies there unlocked was left by one that
was killed, and is removed; where it is locked, another process is at work on the same output, and
is waited for.
"""

import errno
import fcntl
import os
import re
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp


@contextmanager
def replacing(path: Path | str) -> Iterator[Path]:
    """Yield a path to write a file or folder at; on success it becomes `path`, as a whole.

    Of two processes that replace the same `path`, the second waits for the first. On an exception
    what was written is removed; what a killed process left, the next one removes. An OSError
    without a file name (a full disk, as libraries report it) gets that of `path`.
    """
    # Folders are told apart by their paths, which are all to be absolute.
    path = Path(path).absolute()
    path.parent.mkdir(parents=True, exist_ok=True)
    folder, lock = _own_folder(path)
    try:
        yield folder / path.name
        if path.is_dir():
            shutil.rmtree(path)
        os.replace(folder / path.name, path)
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def parts(path: Path | str) -> list[str]:
    """Return the folders in which `path` is being written, or was when a process was killed."""
    folder, name = os.path.split(os.path.abspath(path))
    ours = re.compile(rf"\.{re.escape(name)}\.\d+\.\w+\.part")
    return [os.path.join(folder, other) for other in os.listdir(folder) if ours.fullmatch(other)]


def _own_folder(path: Path) -> tuple[Path, int]:
    """Make and lock the folder of this process, and wait for those that were there before it."""
    while True:
        folder = mkdtemp(".part", f".{path.name}.{time.time_ns()}.", path.parent)
        lock = os.open(folder, os.O_RDONLY)
        _locked(lock, fcntl.LOCK_EX)
        if os.path.isdir(folder):
            break
        # Another process took it for a dead one's before it was locked.
        os.close(lock)
    own = os.path.basename(folder)
    for other in parts(path):
        name = os.path.basename(other)
        if name != own:
            # By an order that all share, or two would wait for each other.
            _end(other, wait=name < own)
    return Path(folder), lock


def _end(folder: str, wait: bool) -> None:
    """Remove the folder of a dead process, and, with `wait`, that of a living one after it."""
    with suppress(FileNotFoundError):
        lock = os.open(folder, os.O_RDONLY)
        try:
            free = _locked(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if wait and not free:
                print(f"{folder}: another process is writing here; waiting", file=sys.stderr)
                free = _locked(lock, fcntl.LOCK_EX)
            if free:
                shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(lock)


def _locked(descriptor: int, kind: int) -> bool:
    """Lock, and tell whether that is done: not where another holds it, or there are no locks."""
    try:
        fcntl.flock(descriptor, kind)
    except OSError as error:
        # Some network file systems have none; names still belong to one process there.
        if error.errno in (errno.EWOULDBLOCK, errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS):
            return False
        raise
    return True
