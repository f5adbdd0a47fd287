"""Samples at another rate: how many, which, and what is refused."""

import numpy as np
import pytest

from mimii_bench.features.resampled import Resampled
from mimii_bench.util.errors import UserError

RATE = 16_000


def tone(rate, hertz=1000.0, seconds=1.0):
    """A tone as float32 (sample,)."""
    return np.sin(2 * np.pi * hertz * np.arange(int(rate * seconds)) / rate).astype(np.float32)


@pytest.mark.parametrize("rate", [8000, 22_050, 32_000, 48_000])
def test_a_tone_stays_the_tone_that_it_is(rate):
    found = Resampled(sample_rate=RATE, rate=rate).transform(tone(RATE))[:, 0]
    assert found.shape == (rate,)
    # Away from both ends, where a resampler hears silence around the clip.
    middle = slice(rate // 10, -rate // 10)
    np.testing.assert_allclose(found[middle], tone(rate)[middle], atol=1e-3)


@pytest.mark.parametrize(("samples", "rate", "frames"), [(16_001, 8000, 8001), (10, 44_100, 28)])
def test_every_clip_has_as_many_samples_as_is_said(samples, rate, frames):
    feature = Resampled(sample_rate=RATE, rate=rate)
    assert feature.frames(samples) == frames
    assert feature.transform(np.ones(samples, np.float32)).shape == (frames, 1)


def test_at_its_own_rate_a_clip_is_what_it_was():
    samples = np.random.default_rng(0).normal(size=999).astype(np.float32)
    found = Resampled(sample_rate=RATE, rate=RATE).transform(samples)
    np.testing.assert_array_equal(found[:, 0], samples)


@pytest.mark.parametrize("rate", [0, 999, 1e6, "16000", True, None])
def test_other_rates_are_refused(rate):
    with pytest.raises(UserError, match="rate"):
        Resampled(sample_rate=RATE, rate=rate)
