"""Clips as a system hears them: read from the corpus in place, mixed, and written to be played."""

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from mimii_bench.audio.fitness import fitted
from mimii_bench.audio.mixes import apply_mix, parse_mix
from mimii_bench.audio.wav import decode
from mimii_bench.corpus.base import Clip
from mimii_bench.corpus.index import read_index
from mimii_bench.corpus.location import Location
from mimii_bench.listening.choosing import ScoredClip
from mimii_bench.util.errors import UserError

#: Of full scale: the loudest sample of all sounds of a machine.
_PEAK = 0.89


class Heard(NamedTuple):
    """One clip: its mixes, float32 (sample,) in [-1, 1], by name."""

    mixes: dict[str, np.ndarray]
    sample_rate: int

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(next(iter(self.mixes.values()))) / self.sample_rate


def read_heard(
    location: Location, index: Path | str, clips: Sequence[ScoredClip], mixes: Collection[str]
) -> dict[tuple, Heard]:
    """Return the samples of clips of one machine under one condition.

    They are read from the archives or files of the corpus, not from the folders of mixes, which a
    run deletes once its features are made.

    Parameters
    ----------
    location : Location
        Of the corpus.
    index : path
        The clip index of the machine and condition.
    clips : sequence of ScoredClip
    mixes : collection of str
        Names, as in report.yaml.

    Returns
    -------
    {key of a clip: Heard}

    Raises
    ------
    UserError
        For a clip that the index does not name, or that is damaged.
    """
    if not clips:
        return {}
    unit = clips[0].unit
    source = location.source(unit.machine, unit.snr)
    found = {}
    with source.open() as reader:
        for one in clips:
            clip = _indexed(index, one)
            name = reader.describe(clip.member)
            recording = fitted(decode(reader.read(clip.member), name), source.corpus, name)
            mixed = {mix: apply_mix(parse_mix(mix), recording.samples) for mix in mixes}
            found[one.key] = Heard(mixed, recording.sample_rate)
    return found


def _indexed(index: Path | str, one: ScoredClip) -> Clip:
    for clip in read_index(index, one.unit.id):
        if clip.name == one.clip:
            return clip
    raise UserError(f"{index}: no clip {one.unit.path}/{one.clip}; delete it and run again")


def common_gain(sounds: Iterable[np.ndarray]) -> float:
    """Return the factor by which the loudest of some sounds is as loud as a file can hold well.

    One for all, so that quiet and loud clips stay so.

    Examples
    --------
    >>> common_gain([np.array([0.1, -0.445]), np.array([0.2])])
    2.0
    """
    peak = max((float(np.abs(sound).max(initial=0)) for sound in sounds), default=0.0)
    return _PEAK / peak if peak else 1.0


def write_sound(path: Path, samples: np.ndarray, sample_rate: int, gain: float) -> None:
    """Write a sound (sample,) as 16-bit FLAC, which every browser plays; same samples, same bytes.

    Not as Opus, which is a fifth as large: a stream of Ogg has a random number in it.
    """
    import soundfile

    whole = np.clip(np.rint(samples.astype(float) * gain * 32767), -32768, 32767)
    soundfile.write(path, whole.astype(np.int16), sample_rate, format="FLAC", subtype="PCM_16")
