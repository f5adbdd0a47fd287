"""A table of which clips are the same recording of a machine at several SNRs.

What a split needs that must not hear a recording in training which it tests at another SNR.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path

import numpy as np

from mimii_bench.audio.matching import Matching, phases, same_recordings
from mimii_bench.audio.wav import decode
from mimii_bench.corpus.base import Unit
from mimii_bench.util.checksums import CRCS, Sums
from mimii_bench.util.records import write_sealed

COLUMNS = (*Unit._fields, "clip", "recording")


def write_recordings(
    folders: Mapping[Unit, Path], path: Path | str, sealed: bool = False
) -> list[str]:
    """Write the recording of every clip of some units, each with its folder of one-channel WAVs.

    Clips that no other one matches go by their names.

    Parameters
    ----------
    folders : mapping of Unit to Path
        Each with a folder of one-channel WAVs for every label.
    path : Path or str
        The CSV to write.
    sealed : bool
        Whether the folders have checksums that must hold, as those of `audio.unit` do.

    Returns
    -------
    list of str
        What was found, a line for each machine, id and label.

    Raises
    ------
    UserError
        A WAV is damaged, or not as it was written.
    """
    rows, told = [], []
    sums = {unit: Sums.of_folder(folder, CRCS) for unit, folder in folders.items() if sealed}
    by_machine = sorted(folders, key=_machine)
    for machine, units in groupby(by_machine, _machine):
        of_machine = {unit: folders[unit] for unit in units}
        for label, clips in _by_label(of_machine):
            matching = same_recordings(
                {unit.snr: _read(clips[unit], sums.get(unit)) for unit in clips}
            )
            rows += _rows(clips, matching)
            told.append(f"{'/id_'.join(machine)}, {label}: {matching}")
    write_sealed(path, COLUMNS, rows)
    return told


def _machine(unit: Unit) -> tuple[str, str]:
    return unit.machine, unit.id


def _by_label(folders: Mapping[Unit, Path]) -> Iterator[tuple[str, dict[Unit, list[Path]]]]:
    """Yield each label and the files of every unit: a recording has one label."""
    inside = [path for folder in folders.values() for path in folder.iterdir()]
    labels = sorted({path.name for path in inside if path.is_dir()})
    for label in labels:
        yield (
            label,
            {unit: sorted((folder / label).glob("*.wav")) for unit, folder in folders.items()},
        )


def _read(files: list[Path], sums: Sums | None) -> np.ndarray:
    clips = (_samples(file, sums) for file in files)
    return np.array([phases(samples) for samples in clips]) if files else np.empty((0, 0), np.int8)


def _samples(file: Path, sums: Sums | None) -> np.ndarray:
    data = file.read_bytes()
    if sums is not None:
        sums.check_content(f"{file.parent.name}/{file.name}", data)
    return decode(data, str(file)).samples[:, 0]


def _rows(clips: Mapping[Unit, list[Path]], matching: Matching) -> Iterator[tuple[str, ...]]:
    """Yield the rows of one machine, id and label; a recording is called after its first clip."""
    found = Counter(n for numbers in matching.recordings.values() for n in numbers.tolist())
    names: dict[int, str] = {}
    for unit, files in clips.items():
        for file, number in zip(files, matching.recordings[unit.snr].tolist(), strict=True):
            clip = f"{file.parent.name}/{file.stem}"
            first = names.setdefault(number, f"{unit.machine}/{unit.id}/{unit.snr}/{clip}")
            alone = f"{unit.machine}/{unit.id}/{clip}"
            yield (*unit, clip, first if found[number] > 1 else alone)
