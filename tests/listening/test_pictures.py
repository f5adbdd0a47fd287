"""Pictures of clips."""

import numpy as np
import pytest
from PIL import Image

from made_up_room import SECONDS, drawn
from mimii_bench.listening import pictures


@pytest.fixture
def picture(tmp_path):
    """Return a function that draws, and returns the path."""

    def draw(one, name="a.png"):
        pictures.write_picture(tmp_path / name, one, pictures.limits_of([one]))
        return tmp_path / name

    return draw


def pixels(path):
    return np.asarray(Image.open(path).convert("RGB"), int)


def test_the_same_values_are_the_same_bytes(picture):
    assert picture(drawn()).read_bytes() == picture(drawn(), "b.png").read_bytes()


def test_the_axes_stand_where_the_page_is_told(picture):
    found = pixels(picture(drawn()))
    assert found.shape == (pictures.HEIGHT, pictures.WIDTH, 3)
    # A row through the spectrogram: all that is not white.
    (columns,) = np.nonzero((found[pictures.HEIGHT // 4] < 250).any(axis=1))
    inside = columns[columns > 0.08 * pictures.WIDTH]
    assert abs(inside[0] - pictures.LEFT * pictures.WIDTH) <= 8
    assert abs(inside[-1] - pictures.RIGHT * pictures.WIDTH) <= 2


def test_both_panels_have_the_same_time_axis(picture):
    one = drawn()
    # A loud second half, and a score that rises in it.
    levels = np.where(np.arange(len(one.levels))[:, None] < len(one.levels) / 2, -90.0, -10.0)
    times = np.linspace(0, SECONDS, 400)
    trace = one.trace._replace(seconds=times, scores=np.where(times < SECONDS / 2, 1.0, 3.0))
    loud = one._replace(
        levels=np.broadcast_to(levels, one.levels.shape), trace=trace, label="normal"
    )
    found = pixels(picture(loud))
    left, right = pictures.LEFT * pictures.WIDTH, pictures.RIGHT * pictures.WIDTH
    middle = (left + right) / 2
    row = found[pictures.HEIGHT // 4, int(left) + 10 : int(right) - 5].sum(axis=1)
    assert abs(int(left) + 10 + np.argmax(np.abs(np.diff(row))) - middle) <= 12
    # The line of the score is blue, as that of a normal clip: high on the right, low on the left.
    blue = (found[..., 2] > 150) & (found[..., 0] < 60)
    rows, columns = np.nonzero(blue)
    assert rows[columns < middle - 10].min() > rows[columns > middle + 10].max()


def test_a_clip_without_a_line_is_drawn(picture):
    assert picture(drawn()._replace(trace=None, threshold=2.01, unit="")).stat().st_size > 10_000


def test_pictures_side_by_side_share_their_limits():
    quiet, loud = drawn(0), drawn(1)
    loud = loud._replace(levels=loud.levels + 20, score=9.0)
    limits = pictures.limits_of([quiet, loud])
    assert limits.levels[1] > pictures.limits_of([quiet]).levels[1] + 10
    assert limits.scores[0] < 1
    assert limits.scores[1] > 9


def test_silence_has_limits():
    one = drawn()._replace(levels=np.zeros((10, 64)), score=1.0, trace=None)
    low, high = pictures.limits_of([one]).levels
    assert low < high


@pytest.mark.parametrize("rate", [4000, 16000, 48000])
def test_recordings_of_any_rate_have_a_spectrogram(rate):
    samples = np.random.default_rng(0).normal(0, 0.1, rate).astype(np.float32)
    levels = pictures.levels_of(samples, rate)
    assert np.isfinite(levels).all()
    assert 20 < len(levels) < 80
