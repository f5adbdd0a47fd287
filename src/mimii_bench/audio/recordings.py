"""A table of which clips are the same recording of a machine at several SNRs.

What a split needs that must not hear a recording in training which it tests at another SNR.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path

import numpy as np

from mimii_bench.audio.matching import Matching, phases, same_recordings
from mimii_bench.audio.sounds import Sound
from mimii_bench.corpus.base import Unit
from mimii_bench.util.records import write_sealed

COLUMNS = (*Unit._fields, "clip", "recording")


def write_recordings(units: Mapping[Unit, Iterable[Sound]], path: Path | str) -> list[str]:
    """Write the recording of every clip of some units.

    Clips that no other one matches go by their names.

    Parameters
    ----------
    units : mapping of Unit to iterable of Sound
        One channel of the clips of each unit, which are compared with those of others.
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
        phases_of = {unit: _read(units[unit]) for unit in group}
        for label in sorted(set().union(*phases_of.values())):
            own = {unit: found.get(label, {}) for unit, found in phases_of.items()}
            matching = same_recordings({unit.snr: _stacked(own[unit]) for unit in own})
            rows += _rows(own, matching)
            told.append(f"{'/id_'.join(machine)}, {label}: {matching}")
    write_sealed(path, COLUMNS, rows)
    return told


def _machine(unit: Unit) -> tuple[str, str]:
    return unit.machine, unit.id


def _read(sounds: Iterable[Sound]) -> dict[str, dict[str, np.ndarray]]:
    """Return the phases by which clips are compared, by label and by the names of clips."""
    found: dict[str, dict[str, np.ndarray]] = {}
    for sound in sounds:
        found.setdefault(sound.label, {})[sound.clip] = phases(sound.samples)
    return {label: dict(sorted(own.items())) for label, own in found.items()}


def _stacked(own: Mapping[str, np.ndarray]) -> np.ndarray:
    return np.array(list(own.values())) if own else np.empty((0, 0), np.int8)


def _rows(clips: Mapping[Unit, Iterable[str]], matching: Matching) -> Iterator[tuple[str, ...]]:
    """Yield the rows of one machine, id and label; a recording is called after its first clip."""
    found = Counter(n for numbers in matching.recordings.values() for n in numbers.tolist())
    names: dict[int, str] = {}
    for unit, own in clips.items():
        for clip, number in zip(own, matching.recordings[unit.snr].tolist(), strict=True):
            first = names.setdefault(number, f"{unit.machine}/{unit.id}/{unit.snr}/{clip}")
            alone = f"{unit.machine}/{unit.id}/{clip}"
            yield (*unit, clip, first if found[number] > 1 else alone)
