"""Reconstructions are those that are scored, side by side with what was heard."""

import numpy as np
import pytest

from figures.parts import SYSTEMS, fitted, stored
from mimii_bench.figures.from_models import read
from mimii_bench.figures.reconstructions import GeneratedPieces, Reconstructions, overlap_mean
from mimii_bench.util.errors import UserError
from systems.sounds import hums, scores_of, windows


def test_overlapping_windows_of_a_clip_give_back_the_clip():
    clip = np.random.default_rng(0).normal(size=(12, 3))
    np.testing.assert_allclose(overlap_mean(windows(clip).reshape(8, 5, 3)), clip)


def test_a_frame_is_the_mean_of_the_windows_it_stands_in():
    pieces = np.array([[[0.0], [10.0]], [[20.0], [30.0]]])
    np.testing.assert_allclose(overlap_mean(pieces)[:, 0], [0, 15, 30])


@pytest.mark.parametrize("name", SYSTEMS)
def test_the_reconstruction_is_the_one_that_is_scored(name):
    system = fitted(name, hums(4, pitch=8))
    clip = hums(1, pitch=5, seed=9)[0]
    found = system.reconstruct(clip)
    error = (found.reshape(len(found), -1) - windows(clip)) ** 2
    assert error.mean() == pytest.approx(scores_of(system, clip[None])[0], rel=1e-5)


def test_original_and_reconstruction_stand_side_by_side_in_the_same_colours(model_part):
    (trained,) = read([model_part])
    figure = Reconstructions().draw([trained])
    left, right = (panel.images[0] for panel in figure.axes[:2])
    clip = stored(model_part["stores"][0], "normal/00000001")
    np.testing.assert_array_equal(left.get_array(), clip.T)
    np.testing.assert_allclose(right.get_array(), overlap_mean(trained.system.reconstruct(clip)).T)
    assert left.get_clim() == right.get_clim()
    assert figure.axes[0].get_title() == "normal clip, slider 00"
    assert figure.axes[2].get_title() == "abnormal clip, slider 00"


def test_pieces_of_the_prior_stand_below_real_ones_or_the_system_is_named(model_part):
    (trained,) = read([model_part])
    if "Variational" not in model_part["class"]:
        with pytest.raises(UserError, match="slider 00 generates nothing"):
            GeneratedPieces().draw([trained])
        return
    real, made = (
        panel.images[0].get_array() for panel in GeneratedPieces(pieces=4).draw([trained]).axes[:2]
    )
    # Four pieces of five frames, a blank one between two.
    assert real.shape == made.shape == (8, 23)
    blank = [5, 11, 17]
    for strip in (real, made):
        assert np.ma.getmaskarray(np.ma.masked_invalid(strip)).all(0).nonzero()[0].tolist() == blank
    frames = stored(model_part["stores"][0], "normal/00000001")
    np.testing.assert_array_equal(real[:, 6:11], frames[5:10].T)
    again = GeneratedPieces(pieces=4).draw([trained]).axes[1].images[0].get_array()
    np.testing.assert_array_equal(made, again)
    assert not np.array_equal(made[:, :5], made[:, 6:11])


def test_a_system_that_reconstructs_nothing_is_named(model_part):
    (trained,) = read([model_part])
    with pytest.raises(UserError, match="slider 00 reconstructs nothing"):
        Reconstructions().draw([trained._replace(system=object())])
