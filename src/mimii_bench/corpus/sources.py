"""The clips of one machine under one condition: in a zip, or in plain files.

Every layout answers the same questions: which clips are there, which other files, and what are the
bytes of one; and for a whole folder, which machines under which conditions lie in it.
"""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import ClassVar, NamedTuple, Protocol

from mimii_bench.corpus.archive import LARGEST, Archive
from mimii_bench.corpus.attributes import is_attribute_table, read_attributes
from mimii_bench.corpus.base import ANY, LABELS, Clip, Corpus, shown
from mimii_bench.corpus.dcase import (
    FOLDERS,
    FOLDERS_2020,
    Truths,
    clip_of_2020,
    clip_since_2021,
    is_evaluated,
    is_supplemental,
)
from mimii_bench.corpus.ground_truth import is_ground_truth, read_truths
from mimii_bench.corpus.mimii import archive_name
from mimii_bench.util.errors import UserError
from mimii_bench.util.texts import is_special

#: `{machine}/id_{id}/{label}/{name}.wav`, in a zip possibly inside another folder.
_MIMII_MEMBER = re.compile(
    r"(?:.*/)?([^/]+)/id_([^/]+)/(normal|abnormal)/([^/.][^/]*)\.(?i:wav|flac)"
)
#: What macOS packs beside every file.
_DOUBLES = "__MACOSX/"
#: Bytes of a clip's name, which becomes that of a file with an ending of its own.
_LONGEST_NAME = 200
#: Bytes of a sample, and of all else in a file, at most: far more than any encoding needs.
_SAMPLE_BYTES, _HEADER_BYTES = 32, 2**20
#: `-6_dB_fan`, and `quiet_fan` in a corpus that names its conditions otherwise.
_STEM_OF_SNR = re.compile(r"(-?\d+)_dB_(.+)")
_STEM = re.compile(r"([^_]+)_(.+)")


class Reader(Protocol):
    """What reads a clip's bytes."""

    def read(self, member: str) -> bytes:
        """Return the bytes of a clip's member."""

    def describe(self, member: str) -> str:
        """Return what an error calls a clip's member: where it is to be found."""


class Members(NamedTuple):
    """What a source holds: clips, sorted, and the names of files that are none."""

    clips: list[Clip]
    others: list[str]


class Survey(NamedTuple):
    """What a folder holds: (machine, condition) of each source, and names of what else is there."""

    places: list[tuple[str, str]]
    others: list[str]


class ClipSource:
    """The clips of one machine under one condition.

    Attributes
    ----------
    corpus : Corpus
        Its description: what a recording must be like.
    machine, condition : str
    root : Path
        What the members of clips are relative to.
    place : Path or str
        The file or folder in which the clips are, or would be.
    example : str
        What comes behind the place in the name of a recording, of an id.
    """

    example: ClassVar[str] = "/id_{id}/normal/00000000.wav"
    root: Path
    place: Path | str

    def __init__(self, corpus: Corpus, folder: Path, machine: str, condition: str):
        self.corpus, self.machine, self.condition = corpus, machine, condition
        self._find(Path(folder))

    @classmethod
    def survey(cls, corpus: Corpus, folder: Path) -> Survey:
        """Look which sources lie in a folder; raises UserError when it cannot be read."""
        raise NotImplementedError

    def exists(self) -> bool:
        """Tell whether the place is there; whether it can be read, `clips` finds out."""
        return Path(self.place).exists()

    def members(self) -> Members:
        """Return all that is there; raises UserError when it cannot be read."""
        names = self._names()
        clips = {name: self._clip(name) for name in names}
        others = [name for name, clip in clips.items() if clip is None]
        return Members(_distinct(filter(None, clips.values())), others)

    def clips(self) -> list[Clip]:
        """Return all clips, sorted; raises UserError when they cannot be read."""
        return self.members().clips

    def rivals(self) -> list[Path]:
        """Return other places that could be this one's, and are not read."""
        return []

    def explained(self, others: Iterable[str]) -> tuple[list[str], list[str]]:
        """Return what is to be said of files that are no clips, and those it is not said of."""
        return [], list(others)

    def files(self, clips: Iterable[Clip]) -> list[str]:
        """Return the files below `root` that hold `clips`."""
        return [clip.member for clip in clips]

    @property
    def largest(self) -> int:
        """How many bytes the file of a recording may have."""
        if self.corpus.samples is None or self.corpus.cut:
            return LARGEST
        return self.corpus.channels * self.corpus.samples * _SAMPLE_BYTES + _HEADER_BYTES

    @contextmanager
    def open(self) -> Iterator[Reader]:
        """Return what reads the members of clips."""
        yield _Files(self.root, self.largest)

    def _find(self, folder: Path) -> None:
        """Set `root` and `place`."""
        raise NotImplementedError

    def _names(self) -> list[str]:
        """Return the names of all files, relative to `root`."""
        return [f"{self.place.name}/{name}" for name in _files_below(self.place, depth=2)]

    def _clip(self, name: str) -> Clip | None:
        """Return the clip that a file is; None where it is none."""
        match = _MIMII_MEMBER.fullmatch(name)
        if match is None or match[1] != self.machine or _DOUBLES in f"/{name}":
            return None
        # What does not print is no text, and could not be written into a table.
        if not match[4].isprintable() or len(match[4].encode()) > _LONGEST_NAME:
            return None
        return Clip(f"{match[3]}/{match[4]}", match[2], match[3], "", name)


class ZipSource(ClipSource):
    """The published layout: `{folder}/-6_dB_fan.zip` with `fan/id_00/normal/00000000.wav`."""

    example: ClassVar[str] = " with {machine}/id_{id}/normal/00000000.wav inside"

    @classmethod
    def survey(cls, corpus: Corpus, folder: Path) -> Survey:
        """Look which zips lie in a folder."""
        places, others = [], []
        for entry in _entries(folder):
            stem, ending = os.path.splitext(entry.name)
            place = _parts_of(stem, corpus) if ending == ".zip" else None
            if place and archive_name(*place) == entry.name:
                places.append(place)
            else:
                others.append(entry.name)
        return Survey(places, others)

    def files(self, clips: Iterable[Clip]) -> list[str]:
        """Return the files below `root` that hold `clips`: the zip."""
        return [self.place.name]

    def open(self) -> Archive:
        """Return the open archive, a context manager with `read`."""
        return Archive(self.place, self.largest)

    def _find(self, folder: Path) -> None:
        self.root, self.place = folder, folder / archive_name(self.machine, self.condition)

    def _names(self) -> list[str]:
        with Archive(self.place) as archive:
            return archive.names()

    def _clip(self, name: str) -> Clip | None:
        """Return the clip that a member is; Windows separates folders by backslashes."""
        clip = super()._clip(name.replace("\\", "/"))
        return clip and clip._replace(member=name)


class FolderSource(ClipSource):
    """Unpacked: `{folder}/-6dB/fan/id_00/...`, or `-6_dB_fan/fan/...` as unzip leaves it.

    In a corpus without conditions, `{folder}/fan/id_00/...`.
    """

    @classmethod
    def survey(cls, corpus: Corpus, folder: Path) -> Survey:
        """Look which machines' folders lie in a folder."""
        if corpus.conditions == (ANY,):
            inside, others = _folders_and_others(folder)
            return Survey([(machine, ANY) for machine in inside], others)
        places = []
        outer, others = _folders_and_others(folder)
        for name in outer:
            unzipped = _STEM_OF_SNR.fullmatch(name)
            machines, files = _folders_and_others(folder / name)
            others += [f"{name}/{file}" for file in files]
            for machine in machines:
                is_own = unzipped is not None and unzipped[2] == machine
                places.append((machine, f"{unzipped[1]}dB" if is_own else name))
        return Survey(places, others)

    def rivals(self) -> list[Path]:
        """Return the machine's other folder, where it lies in both."""
        return [place for place in self._candidates if place != self.place and place.is_dir()]

    def exists(self) -> bool:
        """Tell whether the machine's folder is there."""
        return self.place.is_dir()

    def _find(self, folder: Path) -> None:
        stem = archive_name(self.machine, self.condition).removesuffix(".zip")
        names = ("",) if self.condition == ANY else (self.condition, stem)
        self._candidates = [folder / name / self.machine for name in names]
        there = (place for place in self._candidates if place.is_dir())
        self.place = next(there, self._candidates[0])
        self.root = self.place.parent


class DcaseSource(ClipSource):
    """DCASE since 2021: `{folder}/fan/{train,test}/section_00_source_train_normal_0000_a.wav`."""

    example: ClassVar[str] = "/train/section_00_source_train_normal_0000_a.wav"
    parts: ClassVar = FOLDERS
    clip_of: ClassVar = staticmethod(clip_since_2021)

    @classmethod
    def survey(cls, corpus: Corpus, folder: Path) -> Survey:
        """Look which machines' folders lie in a folder."""
        places, (inside, others) = [], _folders_and_others(folder)
        for name in inside:
            if any((folder / name / part).is_dir() for part in cls.parts):
                places += [(name, condition) for condition in corpus.conditions]
            else:
                others.append(name)
        return Survey(places, [name for name in others if not is_ground_truth(name)])

    def exists(self) -> bool:
        """Tell whether the machine's folder is there; the data set has one condition only."""
        return self._holds and self.root.is_dir()

    def explained(self, others: Iterable[str]) -> tuple[list[str], list[str]]:
        """Tell test clips without a label, and clips of the machine or the noise alone, apart."""
        kinds: dict[str, list[str]] = {"evaluated": [], "supplemental": [], "table": [], "": []}
        for name in others:
            kinds[self._kind(name)].append(name)
        lines = []
        if number := len(kinds["evaluated"]):
            lines.append(
                f"{self.place}: {number} test clip(s) without a label, which test where "
                f"eval_data_list.csv lies in {self.root.parent} (docs/dcase.md)"
            )
        if number := len(kinds["supplemental"]):
            lines.append(
                f"{self.place}: {number} supplemental clip(s), of the machine or the noise alone, "
                "neither train nor test"
            )
        return lines, kinds[""]

    def _kind(self, name: str) -> str:
        folder, _, file = name.rpartition("/")
        if is_evaluated(folder, file):
            return "evaluated"
        if is_supplemental(folder, file):
            return "supplemental"
        return "table" if is_attribute_table(name) else ""

    def _find(self, folder: Path) -> None:
        held = self.corpus.conditions
        self._holds = self.condition in held
        self.root = folder / self.machine
        only = f"the corpus {self.corpus.name}, which holds {', '.join(held)} only"
        self.place = self.root if self._holds else only

    def _names(self) -> list[str]:
        return _files_below(self.root, depth=1)

    def _clip(self, name: str) -> Clip | None:
        folder, _, file = name.rpartition("/")
        clip = self.clip_of(folder, file, self._truths)
        if clip is None or clip.attributes:
            return clip
        return clip._replace(attributes=self._attributes.get(name, ""))

    @cached_property
    def _truths(self) -> Truths:
        return read_truths(self.root.parent, self.machine)

    @cached_property
    def _attributes(self) -> dict[str, str]:
        return read_attributes(self.root)


class Dcase2020Source(DcaseSource):
    """DCASE 2020: `{folder}/fan/{train,test}/normal_id_00_00000000.wav`."""

    example: ClassVar[str] = "/train/normal_id_{id}_00000000.wav"
    parts: ClassVar = FOLDERS_2020
    clip_of: ClassVar = staticmethod(clip_of_2020)


class LabelSource(FolderSource):
    """Labels alone: `{folder}/pump/normal/1.wav`, or `{folder}/normal/1.wav` of one machine.

    The description names the one id, and in the second case the machine.
    """

    example: ClassVar[str] = "/normal/1.wav"

    @classmethod
    def survey(cls, corpus: Corpus, folder: Path) -> Survey:
        """Look which machines' folders lie in a folder; it may be that of one itself."""
        inside, others = _folders_and_others(folder)
        if LABELS[0] in inside and corpus.machines:
            return Survey([(corpus.machines[0], ANY)], [])
        machines = [name for name in inside if (folder / name / LABELS[0]).is_dir()]
        return Survey(
            [(machine, ANY) for machine in machines],
            [*(name for name in inside if name not in machines), *others],
        )

    def _find(self, folder: Path) -> None:
        self._candidates = [folder / self.machine]
        is_own = (folder / LABELS[0]).is_dir()
        self.place = folder if is_own else self._candidates[0]
        self.root = self.place.parent

    def _names(self) -> list[str]:
        return [f"{self.place.name}/{name}" for name in _files_below(self.place, depth=1)]

    def _clip(self, name: str) -> Clip | None:
        inside = name.partition("/")[2]
        clip = super()._clip(f"{self.machine}/id_{self.corpus.ids[0]}/{inside}")
        return clip and clip._replace(member=name)


LAYOUTS: dict[str, type[ClipSource]] = {
    "zip": ZipSource,
    "folder": FolderSource,
    "labels": LabelSource,
    "dcase2020": Dcase2020Source,
    "dcase": DcaseSource,
}


def open_source(corpus: Corpus, folder: Path | str, machine: str, condition: str) -> ClipSource:
    """Return the source of a machine under a condition, of a corpus that lies in a folder."""
    return LAYOUTS[corpus.layout](corpus, Path(folder), machine, condition)


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


class _Files:
    def __init__(self, root: Path, largest: int):
        self.root, self._largest = root, largest

    def read(self, member: str) -> bytes:
        path = self.root / member
        if is_special(path):
            raise UserError(f"{path}: is no plain file; put the recording there")
        with readable(path), path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > self._largest:
                raise UserError(
                    f"{path} has {size} bytes, and a recording has {self._largest} at most; "
                    "move it elsewhere"
                )
            return file.read()

    def describe(self, member: str) -> str:
        return str(self.root / member)


def _entries(folder: Path) -> list[os.DirEntry]:
    """Return what lies in a folder, sorted."""
    with readable(folder), os.scandir(folder) as found:
        return sorted(found, key=lambda entry: entry.name)


def _folders_and_others(folder: Path) -> tuple[list[str], list[str]]:
    entries = _entries(folder)
    folders = [entry.name for entry in entries if _is_open(entry)]
    return folders, [entry.name for entry in entries if not _is_open(entry)]


def _is_folder(entry: os.DirEntry) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _is_open(entry: os.DirEntry) -> bool:
    return _is_folder(entry) and not entry.name.startswith(".")


def _files_below(folder: Path, depth: int) -> list[str]:
    """Return the files of a folder and of those in it, `depth` levels down, by their paths there.

    What lies still deeper counts as one, and so does a hidden folder.
    """
    found = []
    for entry in _entries(folder):
        if _is_open(entry) and depth:
            inside = _files_below(folder / entry.name, depth - 1)
            found += [f"{entry.name}/{name}" for name in inside]
        elif is_special(Path(entry.path)):
            found.append(f"{entry.name} (no regular file)")
        else:
            found.append(entry.name)
    return found


def _parts_of(stem: str, corpus: Corpus) -> tuple[str, str] | None:
    """Return machine and condition that a zip's name tells, as `archive_name` makes it."""
    if corpus.conditions == (ANY,):
        return stem, ANY
    if match := _STEM_OF_SNR.fullmatch(stem):
        return match[2], f"{match[1]}dB"
    for condition in corpus.conditions or ():
        if stem.startswith(f"{condition}_"):
            return stem.removeprefix(f"{condition}_"), condition
    match = _STEM.fullmatch(stem)
    return (match[2], match[1]) if match else None


def _distinct(clips: Iterable[Clip]) -> list[Clip]:
    """Return clips sorted; one that is there twice could train and test at once."""
    ordered = sorted(clips)
    seen: dict[tuple[str, str], str] = {}
    for clip in ordered:
        first = seen.setdefault((clip.id, clip.name), clip.member)
        if first != clip.member:
            names = f"{shown(first)} and {shown(clip.member)}"
            raise UserError(f"{names} are the same clip: keep one of them")
    return ordered
