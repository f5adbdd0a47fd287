"""Mixes against exact rational arithmetic."""

from fractions import Fraction

import numpy as np
import pytest

from mimii_bench.audio.mixes import apply_mix, parse_mix
from mimii_bench.util.errors import UserError
from samples import noise


def mixed(name, samples):
    return apply_mix(parse_mix(name), samples)


def recording():
    """Noise with both extremes of 16 bits in every channel."""
    samples = noise(samples=500)
    samples[0], samples[1] = -(2**15), 2**15 - 1
    samples[2, ::2], samples[2, 1::2] = -(2**15), 2**15 - 1
    return samples


def assert_exact(mix, expected):
    assert mix.dtype == np.float32
    assert [Fraction(float(value)) for value in mix] == expected


def test_mono_is_the_exact_mean_of_the_channels():
    samples = recording()
    expected = [Fraction(int(row.astype(int).sum()), 8 * 32768) for row in samples]
    assert_exact(mixed("mono", samples), expected)


def test_a_channel_is_exact():
    samples = recording()
    assert_exact(mixed("ch6", samples), [Fraction(int(value), 32768) for value in samples[:, 6]])


def test_a_difference_is_exact_where_16_bits_would_overflow():
    samples = recording()
    expected = [Fraction(int(row[0]) - int(row[7]), 32768) for row in samples]
    assert abs(expected[2]) > 1
    assert_exact(mixed("ch0-ch7", samples), expected)


def test_float_recordings_keep_their_scale():
    samples = (recording() / 32768).astype(np.float32)
    np.testing.assert_array_equal(mixed("ch3", samples), samples[:, 3])
    np.testing.assert_allclose(mixed("mono", samples), samples.mean(axis=1), atol=1e-7)


def test_mono_of_a_one_channel_recording_is_the_recording():
    samples = recording()[:, :1]
    np.testing.assert_array_equal(mixed("mono", samples), mixed("ch0", samples))


def test_the_recording_is_left_alone():
    samples = recording()
    before = samples.copy()
    for name in ("mono", "ch0", "ch0-ch4"):
        mixed(name, samples)
    np.testing.assert_array_equal(samples, before)


@pytest.mark.parametrize(
    ("name", "channels"),
    [("mono", 1), ("ch0", 1), ("ch5", 6), ("ch0-ch4", 5), ("ch6-ch2", 7), ("ch10-ch8", 11)],
)
def test_a_mix_says_how_many_channels_it_needs(name, channels):
    assert parse_mix(name).channels_needed == channels


@pytest.mark.parametrize(
    "name", ["", "stereo", "ch", "ch08", "ch-1", "ch0-", "ch0-ch", "ch3-ch3", "ch0 ch1"]
)
def test_other_names_are_refused_with_what_is_allowed(name):
    with pytest.raises(UserError, match=f"^mix '{name}': write mono, chA or chA-chB"):
        parse_mix(name)
