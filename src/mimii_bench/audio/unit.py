"""One mix of one unit: from the source's recordings to a folder of one-channel WAVs."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mimii_bench.audio.mixes import Mix, apply_mix
from mimii_bench.audio.wav import Recording, decode, write_float
from mimii_bench.corpus.base import Clip, Corpus
from mimii_bench.corpus.sources import ClipSource
from mimii_bench.util.atomic import replacing
from mimii_bench.util.checksums import seal
from mimii_bench.util.errors import UserError


def write_mix(source: ClipSource, clips: Sequence[Clip], mix: Mix, folder: Path) -> None:
    """Write `folder/{clip name}.wav` for every clip; the folder appears when it is complete.

    It holds the checksums of all files too (`util.checksums`), since a float WAV has none.

    Parameters
    ----------
    source : ClipSource
        Where the recordings are; its description says what they must be like.
    clips : sequence of Clip
        Of one unit.
    mix : Mix
    folder : Path

    Raises
    ------
    UserError
        A recording is damaged, of another length or rate than the description says, or has too few
        channels; for `mono`, others than it says. Where it says no length, one is not as long as
        the first.
    """
    first = None
    with replacing(folder) as part, source.open() as reader:
        for label in {clip.label for clip in clips}:
            (part / label).mkdir(parents=True)
        for clip in clips:
            name = reader.describe(clip.member)
            recording = decode(reader.read(clip.member), name)
            _check(recording, source.corpus, mix, name)
            first = first or (len(recording.samples), name)
            _check_equal(len(recording.samples), name, *first)
            mixed = apply_mix(mix, recording.samples)
            write_float(part / f"{clip.name}.wav", mixed, recording.sample_rate)
        seal(part)


def _check(recording: Recording, corpus: Corpus, mix: Mix, name: str) -> None:
    _check_channels(recording.samples.shape[1], corpus, mix, name)
    length = len(recording.samples)
    if recording.sample_rate != corpus.sample_rate:
        raise UserError(
            f"{name}: sampled at {recording.sample_rate} Hz, not {corpus.sample_rate} as "
            f"{corpus.name} says; resample it first"
        )
    if corpus.samples is not None and length != corpus.samples:
        seconds = corpus.samples / corpus.sample_rate
        raise UserError(
            f"{name}: {length} samples, not {corpus.samples}; every clip of {corpus.name} lasts "
            f"{seconds:g} s, fetch it again"
        )
    if recording.samples.dtype != np.int16 and not np.isfinite(recording.samples).all():
        raise UserError(f"{name}: some samples are no numbers or infinite; fetch the file again")


def _check_equal(length: int, name: str, expected: int, first: str) -> None:
    if length != expected:
        raise UserError(
            f"{name}: {length} samples, and {first} has {expected}; clips of one unit must be "
            "equally long: cut or leave out those that are not"
        )


def _check_channels(found: int, corpus: Corpus, mix: Mix, name: str) -> None:
    if found < mix.channels_needed:
        raise UserError(
            f"{name}: {found} channel(s), mix {mix.name} needs {mix.channels_needed}; "
            f"use the {corpus.channels}-channel recordings"
        )
    if mix.takes_all and found != corpus.channels:
        raise UserError(
            f"{name}: {found} channel(s), mix {mix.name} is the mean of {corpus.channels}; "
            f"use recordings as {corpus.name} has them"
        )
