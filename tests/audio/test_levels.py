"""Levels of a recording do not depend on the blocks in which it comes."""

import numpy as np
import pytest

from mimii_bench.audio.levels import Levels
from samples import noise


def of(samples, size=None):
    levels = Levels()
    for start in range(0, len(samples), size or len(samples)):
        levels.add(samples[start : start + (size or len(samples))])
    return levels


@pytest.mark.parametrize("size", [1, 100, 999])
def test_blocks_make_no_difference(size):
    samples = noise(samples=1000, channels=3)
    one, other = of(samples), of(samples, size)
    assert one.samples == other.samples == 1000
    assert one.peak == other.peak
    assert one.clipped == pytest.approx(other.clipped)
    np.testing.assert_array_equal(one.dead, other.dead)
    np.testing.assert_allclose(one.means, other.means)


def test_a_channel_that_moves_late_is_not_dead():
    samples = np.zeros((1000, 2), np.int16)
    samples[-1, 1] = 1000
    assert of(samples, 100).dead.tolist() == [True, False]
    assert list(of(samples, 100).remarks()) == ["dead channel 0"]


@pytest.mark.parametrize(
    ("samples", "remark"),
    [
        (np.zeros((100, 1), np.int16), "silent"),
        (np.tile([[32767], [-32768]], (50, 1)).astype(np.int16), "100% clipped"),
        (np.tile([[0.2], [0.3]], (50, 1)).astype(np.float32), "offset 0.25"),
        (np.tile([[1.5], [-1.5]], (50, 1)).astype(np.float32), "beyond full scale"),
    ],
)
def test_what_is_odd_is_told(samples, remark):
    assert remark in list(of(samples, 10).remarks())


def test_an_empty_block_changes_nothing():
    levels = of(noise(samples=10, channels=1))
    levels.add(np.empty((0, 1), np.int16))
    assert levels.samples == 10
