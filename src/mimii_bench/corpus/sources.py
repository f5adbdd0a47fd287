"""The clips of one (machine, SNR): from a MIMII zip, an unpacked folder, or a DCASE 2020 folder.

Every layout answers the same two questions: which clips are there, and what are the bytes of one.
`place` is the file or folder in which a source's clips are, or would be; `channels` is how many a
recording of the layout has.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from mimii_bench.corpus.archive import Archive
from mimii_bench.corpus.layout import CHANNELS, LABELS, Clip, archive_name
from mimii_bench.util.errors import UserError

_MIMII_MEMBER = re.compile(r"(?:.*/)?(\w+)/id_(\d\d)/(normal|abnormal)/(\w+)\.(?:wav|flac)")
_DCASE_FILE = re.compile(r"(normal|anomaly)_id_(\d\d)_(\d+)\.(?:wav|flac)")
#: DCASE 2020 Task 2 holds microphone 0 at -6 dB (see the docs).
DCASE_SNR = "-6dB"


class Reader(Protocol):
    """What reads a clip's bytes."""

    def read(self, member: str) -> bytes:
        """Return the bytes of a clip's member."""

    def describe(self, member: str) -> str:
        """Return what an error calls a clip's member: where it is to be found."""


class ZipSource:
    """The published layout: `{folder}/-6_dB_fan.zip` with `fan/id_00/normal/00000000.wav`."""

    channels = CHANNELS

    def __init__(self, folder: Path, machine: str, snr: str):
        self.machine = machine
        self.root = Path(folder)
        self.path = self.place = self.root / archive_name(machine, snr)

    def exists(self) -> bool:
        """Tell whether the zip is there; whether it is whole, `clips` finds out."""
        return self.path.exists()

    def files(self, clips: Iterable[Clip]) -> list[str]:
        """Return the files below `root` that hold `clips`: the zip."""
        return [self.path.name]

    def clips(self) -> list[Clip]:
        """Return all clips, sorted; raises UserError when the zip is no whole zip."""
        with Archive(self.path) as archive:
            return _mimii_clips(archive.names(), self.machine)

    def open(self) -> Archive:
        """Return the open archive, a context manager with `read`."""
        return Archive(self.path)


class _Files:
    def __init__(self, root: Path):
        self.root = root

    def read(self, member: str) -> bytes:
        with readable(self.root / member):
            return (self.root / member).read_bytes()

    def describe(self, member: str) -> str:
        return str(self.root / member)


class _OpenFolder:
    """What the two folder layouts share: clips are plain files below `root`."""

    root: Path

    def files(self, clips: Iterable[Clip]) -> list[str]:
        """Return the files below `root` that hold `clips`: each its own."""
        return [clip.member for clip in clips]

    @contextmanager
    def open(self) -> Iterator[Reader]:
        """Return a reader of files below the root."""
        yield _Files(self.root)


class FolderSource(_OpenFolder):
    """MIMII unpacked: `{folder}/-6dB/fan/id_00/...`, or `-6_dB_fan/fan/...` as unzip leaves it."""

    channels = CHANNELS

    def __init__(self, folder: Path, machine: str, snr: str):
        self.machine = machine
        stem = archive_name(machine, snr).removesuffix(".zip")
        candidates = [Path(folder) / name for name in (snr, stem)]
        self.root = next((c for c in candidates if (c / machine).is_dir()), candidates[0])
        self.place = self.root / machine

    def exists(self) -> bool:
        """Tell whether the machine's folder is there."""
        return (self.root / self.machine).is_dir()

    def clips(self) -> list[Clip]:
        """Return all clips, sorted; raises UserError when a folder cannot be read."""
        folders = (f for f in self.place.glob("id_*/*") if f.name in LABELS)
        files = (f for folder in folders for f in _listed(folder))
        return _mimii_clips((str(f.relative_to(self.root)) for f in files), self.machine)


class DcaseSource(_OpenFolder):
    """DCASE 2020 Task 2: `{folder}/fan/{train,test}/normal_id_00_00000000.wav`, one channel."""

    channels = 1

    def __init__(self, folder: Path, machine: str, snr: str):
        self.machine = machine
        self.root = Path(folder) / machine
        self._holds = snr == DCASE_SNR
        only = f"the DCASE 2020 set, which holds {DCASE_SNR} only"
        self.place = self.root if self._holds else only

    def exists(self) -> bool:
        """Tell whether the machine's folder is there; the data set has one SNR only."""
        return self._holds and self.root.is_dir()

    def clips(self) -> list[Clip]:
        """Return all clips, sorted; raises UserError when a folder cannot be read."""
        folders = (self.root / part for part in ("train", "test"))
        return _distinct(
            clip
            for folder in folders
            if folder.is_dir()
            for file in _listed(folder)
            if (clip := _dcase_clip(folder.name, file.name))
        )


LAYOUTS = {"zip": ZipSource, "folder": FolderSource, "dcase2020": DcaseSource}
Source = ZipSource | FolderSource | DcaseSource


def open_source(layout: str, folder: Path | str, machine: str, snr: str) -> Source:
    """Return the source of one (machine, SNR) in a folder of the given layout."""
    return LAYOUTS[layout](Path(folder), machine, snr)


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Say of a file or folder that cannot be read inside what it is and what to do."""
    try:
        yield
    except OSError as error:
        raise UserError(
            f"{error.filename or path}: cannot be read: {error.strerror}; "
            "put it back or make it readable, then run again"
        ) from error


def _listed(folder: Path) -> list[Path]:
    with readable(folder):
        return list(folder.iterdir())


def _mimii_clips(members, machine: str) -> list[Clip]:
    matches = (_MIMII_MEMBER.fullmatch(member) for member in members)
    return _distinct(
        Clip(f"{m[3]}/{m[4]}", m[2], m[3], "", m[0]) for m in matches if m and m[1] == machine
    )


def _dcase_clip(part: str, file: str) -> Clip | None:
    match = _DCASE_FILE.fullmatch(file)
    if match is None:
        return None
    label = "normal" if match[1] == "normal" else "abnormal"
    return Clip(f"{label}/{part}_{match[3]}", match[2], label, part, f"{part}/{file}")


def _distinct(clips: Iterable[Clip]) -> list[Clip]:
    """Return clips sorted; one that is there twice could train and test at once."""
    ordered = sorted(clips)
    seen: dict[tuple[str, str], str] = {}
    for clip in ordered:
        first = seen.setdefault((clip.id, clip.name), clip.member)
        if first != clip.member:
            raise UserError(f"{first} and {clip.member} are the same clip: keep one of them")
    return ordered
