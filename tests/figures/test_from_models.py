"""Trained systems are read back with clips that they were tested on."""

import numpy as np
import pytest

from figures.parts import UNIT, stored
from mimii_bench.figures.from_models import read
from mimii_bench.figures.from_stores import read_scale
from mimii_bench.util.errors import UserError


def test_the_model_is_read_back_with_test_clips_of_its_unit_only(model_part):
    (trained,) = read([{**model_part, "clips": {"normal": 5, "abnormal": 2}}])
    clips = ["normal/00000001", "normal/00000002", "abnormal/00000000", "abnormal/00000001"]
    assert [row.clip for row in trained.rows] == clips
    assert trained.labels.tolist() == ["normal"] * 2 + ["abnormal"] * 2
    for (frames,), clip in zip(trained.clips(), clips, strict=True):
        np.testing.assert_array_equal(frames, stored(model_part["stores"][0], clip))


def test_a_system_that_learns_ids_is_told_them(model_part):
    (trained,) = read([model_part])
    trained.system.learns = "id"
    assert [id for _, id in trained.clips()] == ["00", "00"]


def test_the_system_is_the_one_that_was_saved(model_part):
    (trained,) = read([model_part])
    assert type(trained.system).__name__ == model_part["class"].split(".")[1]
    assert trained.title == "slider 00"
    score = next(iter(trained.system.score(trained.clips()).values()))
    assert len(score) == len(trained.rows) == 2
    assert np.isfinite(score).all()


def test_axes_are_those_of_the_first_input(model_part):
    (trained,) = read([model_part])
    ours, expected = trained.scale(), read_scale(trained.stores[0])
    np.testing.assert_array_equal(ours.hertz, expected.hertz)
    assert len(ours.hertz) == 8


def test_a_unit_without_tested_clips_is_named(model_part):
    with pytest.raises(UserError, match=r"split\.csv: there is no normal clip to draw"):
        read([{**model_part, **UNIT._replace(id="04")._asdict()}])
