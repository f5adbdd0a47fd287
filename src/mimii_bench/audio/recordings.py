"""A table of which clips are the same recording of a machine at several SNRs.

What a split needs that must not hear a recording in training which it tests at another SNR.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

import numpy as np

from mimii_bench.audio.matching import Matching, phases, same_recordings
from mimii_bench.audio.mixes import Mix
from mimii_bench.audio.sounds import Sound, in_folder, in_source
from mimii_bench.corpus.base import Clip, Unit
from mimii_bench.corpus.sources import ClipSource
from mimii_bench.util.records import write_sealed

COLUMNS = (*Unit._fields, "clip", "recording")


class Heard:
    """The clips of one unit, which are compared with those of others: one channel of each."""

    def labels(self) -> set[str]:
        """Return the labels of which there are clips."""
        raise NotImplementedError

    def of(self, label: str) -> Iterator[Sound]:
        """Yield the clips of a label, in the order of their names."""
        raise NotImplementedError


class HeardInFolder(Heard):
    """The clips of a folder of WAVs; `sealed` as in `audio.sounds.in_folder`."""

    def __init__(self, folder: Path, sealed: bool = False):
        self._folder, self._sealed = folder, sealed

    def labels(self) -> set[str]:
        """Return the names of the folders inside."""
        return {path.name for path in self._folder.iterdir() if path.is_dir()}

    def of(self, label: str) -> Iterator[Sound]:
        """Yield the clips of a label, in the order of their names."""
        return in_folder(self._folder, self._sealed, label)


class HeardInSource(Heard):
    """The clips of a unit as the corpus has them; of each, one mix."""

    def __init__(self, source: ClipSource, clips: Sequence[Clip], mix: Mix):
        self._source, self._clips, self._mix = source, clips, mix

    def labels(self) -> set[str]:
        """Return the labels of which there are clips."""
        return {clip.label for clip in self._clips}

    def of(self, label: str) -> Iterator[Sound]:
        """Yield the clips of a label, in the order of their names."""
        clips = sorted(clip for clip in self._clips if clip.label == label)
        for (sound,) in in_source(self._source, clips, [self._mix]):
            yield sound


def write_recordings(units: Mapping[Unit, Heard], path: Path | str) -> list[str]:
    """Write the recording of every clip of some units.

    Clips that no other one matches go by their names.

    Parameters
    ----------
    units : mapping of Unit to Heard
    path : Path or str
        The CSV to write.

    Returns
    -------
    list of str
        What was found, a line for each machine, id and label.

    Raises
    ------
    UserError
        A recording is damaged, or not as it was written.
    """
    rows, told = [], []
    by_machine = sorted(units, key=_machine)
    for machine, group in groupby(by_machine, _machine):
        own = {unit: units[unit] for unit in group}
        for label in sorted(set().union(*(one.labels() for one in own.values()))):
            names, samples = {}, {}
            for unit, heard in own.items():
                names[unit], samples[unit.snr] = _read(heard.of(label))
            matching = same_recordings(samples)
            rows += _rows(names, matching)
            told.append(f"{'/id_'.join(machine)}, {label}: {matching}")
    write_sealed(path, COLUMNS, rows)
    return told


def _machine(unit: Unit) -> tuple[str, str]:
    return unit.machine, unit.id


def _read(sounds: Iterable[Sound]) -> tuple[list[str], np.ndarray]:
    """Return the names of clips, and the phases by which they are compared."""
    names, found = [], []
    for sound in sounds:
        names.append(sound.clip)
        found.append(phases(sound.samples))
    return names, np.array(found) if found else np.empty((0, 0), np.int8)


def _rows(clips: Mapping[Unit, list[str]], matching: Matching) -> Iterator[tuple[str, ...]]:
    """Yield the rows of one machine, id and label; a recording is called after its first clip."""
    found = Counter(n for numbers in matching.recordings.values() for n in numbers.tolist())
    names: dict[int, str] = {}
    for unit, own in clips.items():
        for clip, number in zip(own, matching.recordings[unit.snr].tolist(), strict=True):
            first = names.setdefault(number, f"{unit.machine}/{unit.id}/{unit.snr}/{clip}")
            alone = f"{unit.machine}/{unit.id}/{clip}"
            yield (*unit, clip, first if found[number] > 1 else alone)
