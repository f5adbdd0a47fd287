"""Mixes are linear, of any number of channels."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mimii_bench.audio.mixes import apply_mix, parse_mix
from mimii_bench.audio.wav import decode, write_float
from samples import wav_bytes


def recordings(dtype, values):
    shapes = st.tuples(st.integers(1, 12), st.integers(2, 9))
    return shapes.flatmap(lambda shape: arrays(dtype, shape, elements=values))


INTEGERS = recordings(np.int16, st.integers(-(2**15), 2**15 - 1))
FLOATS = recordings(np.float32, st.floats(-1, 1, width=32))


def mixed(name, samples):
    return apply_mix(parse_mix(name), samples)


@st.composite
def mixes(draw, samples):
    """The name of a mix of some of the channels of samples."""
    first, second = draw(st.permutations(range(samples.shape[1])))[:2]
    return draw(st.sampled_from(["mono", f"ch{first}", f"ch{first}-ch{second}"]))


@given(data=st.data(), samples=FLOATS, gain=st.integers(-6, 6))
def test_what_is_louder_is_mixed_louder(data, samples, gain):
    """By powers of two, which lose no digit."""
    name = data.draw(mixes(samples))
    factor = np.float32(2.0**gain)
    expected = mixed(name, samples) * factor
    np.testing.assert_allclose(mixed(name, samples * factor), expected, rtol=1e-6, atol=1e-35)


@given(data=st.data(), samples=FLOATS)
def test_the_mix_of_a_sum_is_the_sum_of_the_mixes(data, samples):
    name = data.draw(mixes(samples))
    others = data.draw(arrays(np.float32, samples.shape, elements=st.floats(-1, 1, width=32)))
    expected = mixed(name, samples).astype(float) + mixed(name, others)
    np.testing.assert_allclose(mixed(name, samples + others), expected, atol=2e-6)


@given(data=st.data(), samples=INTEGERS)
def test_integers_are_mixed_as_the_floats_that_they_stand_for(data, samples):
    name = data.draw(mixes(samples))
    as_floats = samples.astype(np.float32) / np.float32(32768)
    np.testing.assert_allclose(mixed(name, samples), mixed(name, as_floats), atol=1e-6)


@given(samples=INTEGERS)
def test_differences_are_of_channels_and_change_sign_when_these_change_places(samples):
    difference = mixed("ch0-ch1", samples)
    np.testing.assert_array_equal(difference, mixed("ch0", samples) - mixed("ch1", samples))
    np.testing.assert_array_equal(difference, -mixed("ch1-ch0", samples))


@given(data=st.data(), samples=INTEGERS)
def test_the_mean_does_not_depend_on_the_order_of_the_channels(data, samples):
    order = data.draw(st.permutations(range(samples.shape[1])))
    np.testing.assert_array_equal(mixed("mono", samples[:, order]), mixed("mono", samples))


@given(samples=INTEGERS, rate=st.integers(1, 192_000))
def test_recordings_are_decoded_as_they_were_written(samples, rate):
    found = decode(wav_bytes(samples, rate), "x.wav")
    assert found.sample_rate == rate
    np.testing.assert_array_equal(found.samples, samples)


@given(samples=FLOATS, rate=st.integers(1, 192_000))
def test_a_mix_is_read_back_to_the_last_bit(samples, rate, tmp_path):
    write_float(tmp_path / "mix.wav", samples[:, 0], rate)
    found = decode((tmp_path / "mix.wav").read_bytes(), "mix.wav")
    assert found.sample_rate == rate
    assert found.samples[:, 0].tobytes() == samples[:, 0].tobytes()
