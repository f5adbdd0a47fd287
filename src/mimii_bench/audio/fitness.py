"""Which recordings are refused: those that are not what the description says, or no sound."""

import numpy as np

from mimii_bench.audio.extremes import highest, lowest
from mimii_bench.audio.mixes import Mix
from mimii_bench.audio.wav import Recording
from mimii_bench.corpus.base import Corpus
from mimii_bench.util.errors import UserError

#: Full scale of float samples is 1. Processing may go a little beyond it: this is 6 dB.
LARGEST = 2.0
#: A difference of floats that is smaller than this share of them is rounding: float32 is exact to
#: 2^-24, and 16-bit integers that became floats differ by 2^-15 at least.
_ROUNDING = 2.0**-20


def fitted(recording: Recording, corpus: Corpus, name: str) -> Recording:
    """Check that a recording is as a description says, and that its samples are some.

    Returns
    -------
    Recording
        The same, or the beginning of it where the description has longer ones cut.

    Raises
    ------
    UserError
        It has another number of channels, rate or length; a sample is no number, infinite, or no
        sample of a recording whose full scale is 1.
    """
    if corpus.cut:
        recording = recording._replace(samples=recording.samples[: corpus.samples])
    channels, length = recording.samples.shape[1], len(recording.samples)
    if channels != corpus.channels:
        raise UserError(
            f"{name}: {channels} channel(s), not {corpus.channels} as {corpus.form_said_by}; use "
            f"recordings as {corpus.name} has them, or describe yours (docs/recordings.md)"
        )
    if recording.sample_rate != corpus.sample_rate:
        raise UserError(
            f"{name}: sampled at {recording.sample_rate} Hz, not {corpus.sample_rate} as "
            f"{corpus.form_said_by}; resample it first"
        )
    if corpus.samples is not None and length != corpus.samples:
        seconds = corpus.samples / corpus.sample_rate
        raise UserError(
            f"{name}: {length} samples, not {corpus.samples}; every clip of {corpus.name} lasts "
            f"{seconds:g} s, fetch it again"
        )
    if not length:
        raise UserError(f"{name}: no samples; fetch the file again, or delete it")
    if recording.samples.dtype != np.int16:
        check_floats(recording.samples, name)
    return recording


def check_equal(length: int, name: str, expected: int, first: str) -> None:
    """Check that a clip is as long as the first of its unit; raises UserError where it is not."""
    if length != expected:
        raise UserError(
            f"{name}: {length} samples, and {first} has {expected}; clips of one unit must be "
            "equally long: cut or leave out those that are not"
        )


def check_mix(mix: Mix, recording: Recording, name: str) -> None:
    """Check that a recording has the channels of a mix; raises UserError where it has not."""
    found = recording.samples.shape[1]
    if found < mix.channels_needed:
        raise UserError(
            f"{name}: {found} channel(s), mix {mix.name} needs {mix.channels_needed}; "
            f"use a mix of channels from 0 to {found - 1}"
        )


def check_difference(mix: Mix, samples: np.ndarray, mixed: np.ndarray, name: str) -> None:
    """Check that the difference of two channels is none of two equal ones.

    Distances in features of rounding are rounding. A clip that is silent in all channels is silent
    in every mix, and passes.

    Parameters
    ----------
    mix : Mix
    samples : ndarray, shape (sample, channel)
    mixed : ndarray, shape (sample,)
        What the mix made of them.
    name : str
        The recording, for messages.

    Raises
    ------
    UserError
        The difference is constant, but for rounding.
    """
    if mix.minus is None:
        return
    span = np.ptp(mixed)
    if span and samples.dtype == np.int16:
        return
    spans = highest(samples).astype(np.float64) - lowest(samples)
    if span <= _ROUNDING * spans[[mix.channel, mix.minus]].max() and spans.any():
        raise UserError(
            f"{name}: channels {mix.channel} and {mix.minus} are equal, so that {mix.name} is "
            "silent; leave the clip out, or take another mix"
        )


def check_floats(samples: np.ndarray, name: str) -> None:
    """Check that float samples (sample, channel) are some of a recording whose full scale is 1.

    Raises
    ------
    UserError
        A sample is no number, infinite, or too large.
    """
    ends = np.array([lowest(samples), highest(samples)])
    if not np.isfinite(ends).all():
        raise UserError(f"{name}: some samples are no numbers or infinite; fetch the file again")
    peak = float(np.abs(ends).max())
    if peak > LARGEST or (peak > 1 and np.array_equal(samples, np.rint(samples))):
        raise UserError(
            f"{name}: a sample is {peak:g}, and those of float recordings lie in [-1, 1]; divide "
            "by 32768 what is in units of 16-bit integers"
        )
