"""Windows, pieces, and the score of a recording of several windows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimii_bench.detector.windows import allowed_above, cut, of_windows, piece_starts, pieces


@given(st.lists(st.integers(0, 30), min_size=1, max_size=8), st.integers(1, 20))
def test_windows_cover_a_recording_whatever_its_blocks(sizes, size):
    total = sum(sizes)
    samples = np.arange(2 * total).reshape(2, total)
    blocks = np.split(samples, np.cumsum(sizes)[:-1], axis=1)
    found = list(cut(blocks, size))
    starts = [window.start for window in found]
    expected = list(range(0, total - size + 1, size))
    if total and (not expected or expected[-1] + size < total):
        expected.append(max(total - size, 0))
    assert starts == expected
    for window in found:
        np.testing.assert_array_equal(
            window.samples, samples[:, window.start : window.start + size]
        )


def test_of_no_block_there_is_no_window():
    assert list(cut([], 3)) == []


def test_pieces_end_with_the_clip():
    assert piece_starts(10, 3, 2) == [0, 2, 4, 6, 7]
    frames = np.arange(10)[:, None]
    found = list(pieces((frames, -frames), 3, 2))
    assert [piece[0][0, 0] for piece in found] == [0, 2, 4, 6, 7]
    assert all(len(part) == 3 for piece in found for part in piece)


@given(st.integers(1, 400), st.floats(0.001, 0.5))
def test_a_normal_recording_is_anomalous_no_more_often_than_a_window(windows, rate):
    from scipy.stats import binom

    allowed = allowed_above(windows, rate)
    assert binom.sf(allowed, windows, rate) <= rate + 1e-9 or allowed == windows - 1
    assert allowed == 0 or binom.sf(allowed - 1, windows, rate) > rate - 1e-9


@pytest.mark.parametrize("count", [1, 2, 7, 180])
def test_the_score_is_above_a_threshold_where_enough_windows_are(count):
    scores = np.random.default_rng(count).permutation(count).astype(float)
    found = of_windows(scores, 0.05)
    for threshold in np.arange(count) - 0.5:
        above = np.count_nonzero(scores > threshold)
        assert (found > threshold) == (above > allowed_above(count, 0.05))


def test_of_one_window_it_is_that_one_s_and_any_takes_the_highest():
    assert of_windows([3.0], 0.05) == 3.0
    assert of_windows([1.0, 5.0, 2.0], 0.05) == 2.0
    assert of_windows([1.0, 5.0, 2.0], 0.05, any_window=True) == 5.0
