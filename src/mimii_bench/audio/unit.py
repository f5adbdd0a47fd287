"""One mix of one unit: from the source's recordings to a folder of one-channel WAVs."""

from pathlib import Path

import numpy as np

from mimii_bench.audio.mixes import Mix, apply_mix
from mimii_bench.audio.wav import Recording, decode, write_float
from mimii_bench.corpus.layout import SAMPLE_RATE, SAMPLES, Clip
from mimii_bench.corpus.sources import Source
from mimii_bench.util.atomic import replacing
from mimii_bench.util.errors import UserError


def write_mix(source: Source, clips: list[Clip], mix: Mix, folder: Path) -> None:
    """Write `folder/{clip name}.wav` for every clip; the folder appears when it is complete.

    Raises UserError when a recording is damaged, of another length or rate, or has too few
    channels; for `mono`, others than the source's layout has.
    """
    with replacing(folder) as part, source.open() as reader:
        for label in {clip.label for clip in clips}:
            (part / label).mkdir(parents=True)
        for clip in clips:
            name = reader.describe(clip.member)
            recording = decode(reader.read(clip.member), name)
            _check(recording, mix, source.channels, name)
            write_float(part / f"{clip.name}.wav", apply_mix(mix, recording.samples), SAMPLE_RATE)


def _check(recording: Recording, mix: Mix, channels: int, name: str) -> None:
    _check_channels(recording.samples.shape[1], mix, channels, name)
    length = len(recording.samples)
    if recording.sample_rate != SAMPLE_RATE:
        raise UserError(
            f"{name}: sampled at {recording.sample_rate} Hz, not {SAMPLE_RATE}; resample it first"
        )
    if length != SAMPLES:
        raise UserError(
            f"{name}: {length} samples, not {SAMPLES}; every clip lasts 10 s, fetch it again"
        )
    if recording.samples.dtype != np.int16 and not np.isfinite(recording.samples).all():
        raise UserError(f"{name}: some samples are no numbers or infinite; fetch the file again")


def _check_channels(found: int, mix: Mix, all_channels: int, name: str) -> None:
    if found < mix.channels_needed:
        raise UserError(
            f"{name}: {found} channel(s), mix {mix.name} needs {mix.channels_needed}; "
            "use the 8-channel recordings"
        )
    if mix.takes_all and found != all_channels:
        raise UserError(
            f"{name}: {found} channel(s), mix {mix.name} is the mean of {all_channels}; "
            "use recordings as mimii.layout has them"
        )
