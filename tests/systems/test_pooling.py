"""Pooling over time: its limits, its weights, its shapes."""

import numpy as np
import pytest

from mimii_bench.systems.pooling import (
    PoolingOptions,
    exponential_mean,
    generalised_mean,
    pool_frames,
    rank_pool,
    rank_weights,
    vector_moments,
)
from mimii_bench.util.errors import UserError

FRAMES = np.random.default_rng(0).normal(size=(7, 3)).astype(np.float32)


def pooled(frames, *kinds, **options):
    return pool_frames(frames, PoolingOptions(pooling=list(kinds), **options))


def test_rank_pooling_is_the_mean_for_1_and_the_maximum_for_0():
    np.testing.assert_allclose(rank_pool(FRAMES, 1.0), FRAMES.mean(axis=0, dtype=float))
    np.testing.assert_array_equal(rank_pool(FRAMES, 0.0), FRAMES.max(axis=0))


def test_weights_fall_by_r_from_rank_to_rank_and_sum_to_1():
    weights = rank_weights(5, 0.5)
    np.testing.assert_allclose(weights[1:] / weights[:-1], 0.5)
    assert weights.sum() == pytest.approx(1)


def test_each_bin_is_sorted_on_its_own_from_the_largest():
    frames = np.array([[1, 10], [3, 20], [2, 0]])
    expected = [(3 + 0.5 * 2 + 0.25 * 1) / 1.75, (20 + 0.5 * 10 + 0.25 * 0) / 1.75]
    np.testing.assert_allclose(rank_pool(frames, 0.5), expected)


def test_the_order_of_the_frames_does_not_matter():
    np.testing.assert_allclose(rank_pool(FRAMES[::-1], 0.7), rank_pool(FRAMES, 0.7), rtol=1e-12)


def test_kinds_are_put_one_after_the_other():
    found = pooled(FRAMES, "max", "mean", "deviation", "rank", r=0.3)
    assert found.dtype == np.float64
    wide = FRAMES.astype(float)
    expected = [FRAMES.max(axis=0), wide.mean(axis=0), wide.std(axis=0), rank_pool(FRAMES, 0.3)]
    np.testing.assert_array_equal(found, np.concatenate(expected))


def test_means_are_taken_in_64_bits():
    frames = (FRAMES - 60).astype(np.float32)
    expected = frames.astype(float).mean(axis=0)
    assert (frames.mean(axis=0) != expected).any()
    np.testing.assert_allclose(pooled(frames, "mean"), expected, rtol=1e-14)


def test_the_generalised_mean_is_that_of_powers():
    frames = np.abs(FRAMES)
    for exponent in (0.5, 1.0, 3.0):
        expected = (frames.astype(float) ** exponent).mean(axis=0) ** (1 / exponent)
        np.testing.assert_allclose(generalised_mean(frames, exponent), expected, rtol=1e-6)
    nearly = pooled(frames * 1e30, "generalised", exponent=500.0)
    np.testing.assert_allclose(nearly, frames.max(axis=0) * 1e30, rtol=0.01)


def test_silence_has_the_generalised_mean_0():
    np.testing.assert_array_equal(generalised_mean(np.zeros((4, 2)), 3.0), [0, 0])


def test_negative_numbers_have_no_generalised_mean():
    with pytest.raises(UserError, match="negative numbers; give it magnitudes"):
        pooled(FRAMES, "generalised")


def test_the_exponential_mean_is_the_generalised_one_of_what_it_is_the_logarithm_of():
    expected = np.log(generalised_mean(np.exp(FRAMES.astype(float)), 2.5))
    np.testing.assert_allclose(exponential_mean(FRAMES, 2.5), expected, rtol=1e-9)


def test_decibels_are_averaged_as_powers():
    decibels = 10 * np.log10(np.array([[1.0], [3.0]]))
    found = pooled(decibels, "exponential", exponent=np.log(10) / 10)
    assert found.item() == pytest.approx(10 * np.log10(2))


def test_what_never_changes_is_not_divided():
    vectors = np.column_stack([FRAMES[:, 0], np.full(7, -156.5)])
    mean, deviation = vector_moments(vectors)
    np.testing.assert_allclose(mean, vectors.mean(axis=0))
    np.testing.assert_allclose(deviation, [vectors[:, 0].std(), 1])
