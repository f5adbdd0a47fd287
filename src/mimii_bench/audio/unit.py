"""One mix of one unit: from the source's recordings to a folder of one-channel WAVs."""

from pathlib import Path

from mimii_bench.atomic import replacing
from mimii_bench.audio.mixes import Mix, apply_mix
from mimii_bench.audio.wav import Recording, decode, write_float
from mimii_bench.corpus.layout import SAMPLE_RATE, SAMPLES, Clip
from mimii_bench.corpus.sources import Source
from mimii_bench.errors import UserError


def write_mix(source: Source, clips: list[Clip], mix: Mix, folder: Path) -> None:
    """Write `folder/{clip name}.wav` for every clip; the folder appears when it is complete.

    Raises UserError when a recording is damaged, too short, or has too few channels.
    """
    with replacing(folder) as part, source.open() as reader:
        for label in {clip.label for clip in clips}:
            (part / label).mkdir(parents=True)
        for clip in clips:
            recording = decode(reader.read(clip.member), clip.member)
            _check(recording, mix, clip.member)
            write_float(part / f"{clip.name}.wav", apply_mix(mix, recording.samples), SAMPLE_RATE)


def _check(recording: Recording, mix: Mix, name: str) -> None:
    length, channels = recording.samples.shape
    if recording.sample_rate != SAMPLE_RATE:
        raise UserError(
            f"{name}: sampled at {recording.sample_rate} Hz, not {SAMPLE_RATE}; resample it first"
        )
    if length != SAMPLES:
        raise UserError(
            f"{name}: {length} samples, not {SAMPLES}; every clip lasts 10 s, fetch it again"
        )
    if channels < mix.channels_needed:
        raise UserError(
            f"{name}: {channels} channel(s), mix {mix.name} needs {mix.channels_needed}; "
            "use the 8-channel recordings"
        )
