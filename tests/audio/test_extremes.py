"""Extremes of channels."""

import numpy as np
import pytest

from mimii_bench.audio.extremes import highest, lowest, total


@pytest.mark.parametrize("dtype", [np.int16, np.float32])
@pytest.mark.parametrize("shape", [(1, 1), (127, 3), (128, 8), (129, 2), (1000, 8)])
def test_they_are_those_of_numpy(shape, dtype):
    samples = np.random.default_rng(0).normal(0, 9000, shape).astype(dtype)
    np.testing.assert_array_equal(lowest(samples), samples.min(axis=0), strict=True)
    np.testing.assert_array_equal(highest(samples), samples.max(axis=0), strict=True)
    np.testing.assert_allclose(total(samples), samples.sum(axis=0, dtype=np.float64))


@pytest.mark.parametrize("place", [0, 127, 128, 255, 299])
def test_what_is_no_number_stays_none(place):
    samples = np.zeros((300, 2), np.float32)
    samples[place, 1] = np.nan
    for found in (lowest, highest):
        assert np.isnan(found(samples)).tolist() == [False, True]


def test_a_sum_of_many_large_samples_does_not_overflow():
    assert total(np.full((10**6, 1), -32768, np.int16)).tolist() == [-32768 * 10**6]
