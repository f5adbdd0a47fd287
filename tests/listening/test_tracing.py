"""The score over time."""

from types import SimpleNamespace

import numpy as np
import pytest

from mimii_bench.listening.tracing import scores_of, trace_of
from mimii_bench.util.errors import UserError


class Mean:
    """A system whose score is the mean of a clip, which takes clips of `least` frames or more."""

    def __init__(self, least=1, **options):
        self.least, self.options = least, SimpleNamespace(**options)
        self.told = []

    def score(self, clips):
        clips = list(clips)
        self.told = [clip[1:] for clip in clips]
        if any(len(clip[0]) < self.least for clip in clips):
            raise ValueError("too short")
        return {"score": np.array([clip[0].mean() for clip in clips])}


def frames(count=100):
    return np.arange(count, dtype=np.float32)[:, None]


def test_pieces_are_the_windows_that_the_system_learned():
    found = trace_of(Mean(context=5), "score", [frames()], (), seconds=10.0)
    np.testing.assert_array_equal(found.scores, np.arange(2, 98))
    # The middle of the first five frames of a tenth of a second.
    assert found.seconds[0] == pytest.approx(0.25)
    assert found.seconds[-1] == pytest.approx(9.75)
    assert found.length == pytest.approx(0.5)


def test_without_windows_pieces_last_half_a_second():
    assert trace_of(Mean(), "score", [frames()], (), 10.0).length == pytest.approx(0.5)


def test_a_long_clip_has_no_more_points_than_a_picture_shows():
    found = trace_of(Mean(context=5), "score", [frames(10_000)], (), 1000.0)
    assert 200 < len(found.scores) <= 401
    assert found.seconds[-1] == pytest.approx(1000 - 0.25)


def test_a_system_is_told_the_id_with_every_piece():
    system = Mean(context=5)
    trace_of(system, "score", [frames()], ("02",), 10.0)
    assert set(system.told) == {("02",)}


@pytest.mark.parametrize(
    ("system", "inputs"),
    [
        (Mean(least=100, context=5), [frames()]),
        (Mean(context=100), [frames()]),
        (Mean(context=5), [frames(), frames(50)]),
    ],
)
def test_what_hears_whole_clips_alone_has_no_line(system, inputs):
    assert trace_of(system, "score", inputs, (), 10.0) is None


def test_a_kind_of_score_that_there_is_not_is_named():
    with pytest.raises(UserError, match="no score 'other'; there are score"):
        scores_of(Mean(), "other", [(frames(),)])
