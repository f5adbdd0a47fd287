"""Pooling over time: its limits, its weights, its shapes."""

import numpy as np
import pytest

from mimii_bench.systems.pooling import pool_frames, rank_pool, rank_weights

FRAMES = np.random.default_rng(0).normal(size=(7, 3)).astype(np.float32)


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
    pooled = pool_frames(FRAMES, ["max", "mean", "rank"], 0.3)
    assert pooled.dtype == np.float64
    expected = [FRAMES.max(axis=0), FRAMES.mean(axis=0, dtype=float), rank_pool(FRAMES, 0.3)]
    np.testing.assert_array_equal(pooled, np.concatenate(expected))


def test_means_are_taken_in_64_bits():
    frames = (FRAMES - 60).astype(np.float32)
    expected = frames.astype(float).mean(axis=0)
    assert (frames.mean(axis=0) != expected).any()
    np.testing.assert_allclose(pool_frames(frames, ["mean"], 1.0), expected, rtol=1e-14)
