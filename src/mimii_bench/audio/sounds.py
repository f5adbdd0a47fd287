"""Clips of one channel, one after the other: from the corpus itself, or from folders of mixes."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from mimii_bench.audio.fitness import check_difference, check_equal, check_mix, fitted
from mimii_bench.audio.mixes import Mix, apply_mix
from mimii_bench.audio.wav import decode
from mimii_bench.corpus.base import Clip
from mimii_bench.corpus.sources import ClipSource
from mimii_bench.util.checksums import CRCS, Sums


class Sound(NamedTuple):
    """One clip of one channel.

    Attributes
    ----------
    clip, label : str
        Its name, as `normal/00000000`, and label.
    samples : ndarray, shape (sample,)
        float32.
    sample_rate : int
        In Hz.
    name : str
        What an error calls it: where it was read.
    """

    clip: str
    label: str
    samples: np.ndarray
    sample_rate: int
    name: str


def in_source(
    source: ClipSource, clips: Sequence[Clip], mixes: Sequence[Mix]
) -> Iterator[list[Sound]]:
    """Yield each clip as it sounds in each mix; however many there are, it is read once.

    Parameters
    ----------
    source : ClipSource
        Where the recordings are; its description says what they must be like.
    clips : sequence of Clip
        Of one unit.
    mixes : sequence of Mix

    Raises
    ------
    UserError
        A recording is damaged or of another length, rate or number of channels than the description
        says; where it says no length, one is not as long as the first. A mix is of channels that
        there are not, or is silent where the recording is not.
    """
    first = None
    with source.open() as reader:
        for clip in clips:
            name = reader.describe(clip.member)
            recording = fitted(decode(reader.read(clip.member), name), source.corpus, name)
            for mix in mixes:
                check_mix(mix, recording, name)
            first = first or (len(recording.samples), name)
            check_equal(len(recording.samples), name, *first)
            heard = []
            for mix in mixes:
                mixed = apply_mix(mix, recording.samples)
                check_difference(mix, recording.samples, mixed, name)
                heard.append(Sound(clip.name, clip.label, mixed, recording.sample_rate, name))
            yield heard


def in_one_mix(source: ClipSource, clips: Sequence[Clip], mix: Mix) -> Iterator[Sound]:
    """Yield each clip as it sounds in one mix; see `in_source`."""
    for (sound,) in in_source(source, clips, [mix]):
        yield sound


def in_folder(folder: Path, sealed: bool = False) -> Iterator[Sound]:
    """Yield the first channel of every WAV of a folder, in the order of their names.

    Parameters
    ----------
    folder : Path
        With the WAVs of each label in a folder of its name.
    sealed : bool
        Whether it has checksums that must hold, as those of `audio.unit` do.

    Raises
    ------
    UserError
        A WAV is damaged, or not as it was written.
    """
    sums = Sums.of_folder(folder, CRCS) if sealed else None
    if sums is not None:
        sums.check_names(f"{file.parent.name}/{file.name}" for file in files_in(folder))
    for file in files_in(folder):
        data, place = file.read_bytes(), f"{file.parent.name}/{file.name}"
        if sums is not None:
            sums.check_content(place, data)
        found = decode(data, str(file))
        clip = f"{file.parent.name}/{file.stem}"
        yield Sound(clip, file.parent.name, found.samples[:, 0], found.sample_rate, str(file))


def files_in(folder: Path) -> list[Path]:
    """Return the WAVs of a folder, in the order of their names."""
    return sorted(Path(folder).glob("*/*.wav"))
