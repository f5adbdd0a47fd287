"""The recordings in a folder: by what files hold, not by what they are called."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from mimii_bench.corpus.base import LABELS, shown
from mimii_bench.corpus.headers import is_recording
from mimii_bench.util.errors import UserError

#: Of what is not used, so many are named.
_NAMED = 3
_SUFFIXES = (".wav", ".flac")


class Found(NamedTuple):
    """A recording, and how it is labelled."""

    path: Path
    name: str
    label: str


class Folder(NamedTuple):
    """What lies in a folder: recordings in the order of their names, and other things."""

    recordings: list[Found]
    unused: list[str]

    @property
    def remark(self) -> str:
        """What lies there and is not used, counted and named; nothing where that is nothing."""
        if not self.unused:
            return ""
        names = ", ".join(self.unused[:_NAMED])
        more = f" and {len(self.unused) - _NAMED} more" if len(self.unused) > _NAMED else ""
        return (
            f"{len(self.unused)} file(s) not used (hidden, neither WAV nor FLAC, or beside normal/ "
            f"and abnormal/): {names}{more}"
        )


def find(folder: Path | str, labelled: bool = True) -> Folder:
    """Return the recordings below a folder.

    Where there is a folder `normal` or `abnormal` in it, they are those in these two; else all
    that lie below it, and they are taken for normal.

    Parameters
    ----------
    folder : path
    labelled : bool
        Whether the two mean something; else all are found, as normal.

    Raises
    ------
    UserError
        There is no such folder, or no recording in it.
    """
    root = Path(folder)
    if not root.is_dir():
        raise UserError(f"{root}: no folder; name one that holds WAV or FLAC recordings")
    labels = [label for label in LABELS if labelled and (root / label).is_dir()]
    recordings, unused = [], []
    for path in _files(root):
        name = path.relative_to(root)
        label = (name.parts[0] if name.parts[0] in labels else "") if labels else "normal"
        if label and is_readable(path):
            recordings.append(Found(path, str(name), label))
        else:
            unused.append(shown(str(name)))
    if not recordings:
        raise UserError(
            f"{root}: no WAV or FLAC recording in it"
            f"{f' under {chr(32).join(labels)}' if labels else ''}; name another folder"
        )
    return Folder(recordings, unused)


def _files(root: Path) -> Iterator[Path]:
    def stop(error: OSError) -> None:
        raise UserError(f"{error.filename}: cannot be read ({error.strerror}); take it away")

    seen = set()
    for place, folders, files in os.walk(root, onerror=stop, followlinks=True):
        if (real := os.path.realpath(place)) in seen:
            # A link to where we have been.
            folders.clear()
            continue
        seen.add(real)
        folders.sort()
        yield from (Path(place, file) for file in sorted(files))


def is_readable(path: Path) -> bool:
    """Tell whether a file is one to read: not hidden, and a recording by its first bytes or name.

    One that is called a recording and is none counts: who reads it says what is wrong with it.
    """
    if path.name.startswith(".") or not path.is_file():
        return False
    if path.suffix.lower() in _SUFFIXES:
        return True
    try:
        with path.open("rb") as file:
            return is_recording(file.read(4))
    except OSError:
        return False
