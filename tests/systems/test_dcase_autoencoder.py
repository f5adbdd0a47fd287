"""The DCASE baseline: its structure, its scores, and that it learns."""

import json
from itertools import pairwise

import numpy as np
import pytest
from safetensors.numpy import load_file

from mimii_bench.systems.dcase_autoencoder import DcaseAutoencoder
from mimii_bench.util.errors import UserError
from systems.sounds import STILL, as_clips, forward, hums, reference_scores, save, windows

SMALL = {"hidden": [16, 3, 16], "epochs": 3, "batch_size": 64}
NAMES = ["mse", "mahalanobis", "mahalanobis_mean_residual"]


def assert_same(scores, others):
    assert scores.keys() == others.keys()
    for name, values in scores.items():
        np.testing.assert_array_equal(values, others[name])


@pytest.fixture(scope="module")
def fitted():
    return DcaseAutoencoder(**SMALL, seed=1).fit(hums(20, 10))


def test_the_baseline_has_the_layers_of_the_challenge(tmp_path):
    """Keras counts 269,992 weights in it: ours, and 2 · 1,032 running means and variances."""
    frames = np.random.default_rng(0).standard_normal((2, 60, 128)).astype(np.float32)
    system = DcaseAutoencoder(epochs=1, batch_size=64).fit(frames)
    assert system.parameters == 267_928 == 269_992 - 2 * (8 * 128 + 8)
    weights, _ = save(system, tmp_path)
    tensors = load_file(weights)
    dense = [tensors[f"{k}.weight"].shape[::-1] for k in range(0, 30, 3)]
    widths = [640, 128, 128, 128, 128, 8, 128, 128, 128, 128, 640]
    assert dense == list(pairwise(widths))
    norms = [int(name.split(".")[0]) for name in tensors if name.endswith("running_var")]
    assert sorted(norms) == list(range(1, 27, 3))


def test_scores_are_those_of_numpy(fitted, tmp_path):
    """Forward pass, covariance, and both Mahalanobis scores, from the saved tensors alone."""
    weights, _ = save(fitted, tmp_path)
    tensors = load_file(weights)

    def residual(clips):
        x = np.concatenate([windows(clip) for clip in clips])
        return x - forward(tensors, "", x, eps=1e-3)

    training = residual(hums(20, 10))
    clips = hums(4, 7, seed=3)
    scores = fitted.score(as_clips(clips))
    assert list(scores) == NAMES
    for index, clip in enumerate(clips):
        expected = reference_scores(residual([clip]), training, bins=8)
        for name, value in expected.items():
            assert scores[name][index] == pytest.approx(value, rel=1e-4), name


def test_running_statistics_move_by_a_hundredth(tmp_path):
    """One step on all windows: the first layer's running mean is .01 of the batch's mean."""
    frames = hums(5, 10)
    system = DcaseAutoencoder(
        hidden=[16, 3, 16], epochs=1, batch_fraction=1.0, learning_rate=STILL
    ).fit(frames)
    tensors = load_file(save(system, tmp_path)[0])
    x = np.concatenate([windows(clip) for clip in frames])
    first = x @ tensors["0.weight"].T + tensors["0.bias"]
    np.testing.assert_allclose(tensors["1.running_mean"], 0.01 * first.mean(0), atol=1e-6)
    np.testing.assert_allclose(
        tensors["1.running_var"], 0.99 + 0.01 * first.var(0, ddof=1), rtol=1e-5
    )


def test_seeds_give_the_same_scores_to_the_bit_or_others(fitted):
    clips = as_clips(hums(5, 7))
    again, other = (DcaseAutoencoder(**SMALL, seed=seed).fit(hums(20, 10)) for seed in (1, 2))
    assert_same(again.score(clips), fitted.score(clips))
    assert again.history_ == fitted.history_
    for name, values in other.score(clips).items():
        assert (values != fitted.score(clips)[name]).all()


def test_a_saved_model_gives_the_same_scores(fitted, tmp_path):
    clips = as_clips(hums(5, 7))
    paths = save(fitted, tmp_path)
    loaded = DcaseAutoencoder.load(*paths)
    assert_same(loaded.score(clips), fitted.score(clips))
    assert (loaded.options, loaded.parameters) == (fitted.options, fitted.parameters)
    assert json.loads(paths[1].read_text())["options"]["ridge"] == 0.0
    assert load_file(paths[0])["inverse_covariance"].dtype == np.float64


def test_a_score_does_not_depend_on_the_other_clips(fitted):
    clips = hums(5, 7)
    together = fitted.score(as_clips(clips))
    alone = fitted.score(as_clips(clips[3:4]))
    for name in NAMES:
        assert alone[name][0] == together[name][3]


def test_it_learns_and_every_score_ranks_a_different_sound_higher():
    system = DcaseAutoencoder(hidden=[16, 3, 16], epochs=25, batch_size=64, learning_rate=0.005)
    system.fit(hums(40, 10))
    assert system.history_[-1].loss < system.history_[0].loss / 3
    normal = system.score(as_clips(hums(20, 10, seed=1)))
    abnormal = system.score(as_clips(hums(20, 7, seed=2)))
    for name in ("mse", "mahalanobis"):
        assert normal[name].max() < abnormal[name].min()


def test_a_singular_covariance_is_an_error_without_a_ridge():
    """Two windows have ten frames, too few for twelve bins."""
    frames = hums(2, 10, length=5, bins=12)
    with pytest.raises(UserError, match=r"singular: of 12 bins, 9 are .*option ridge"):
        DcaseAutoencoder(**SMALL).fit(frames)
    system = DcaseAutoencoder(**SMALL, ridge=1e-3).fit(frames)
    assert np.isfinite(system.score(as_clips(frames))["mahalanobis"]).all()


def test_watched_clips_do_not_change_the_training():
    frames, watched = hums(10, 10), hums(3, 7)
    plain = DcaseAutoencoder(**SMALL).fit(frames)
    system = DcaseAutoencoder(**SMALL).fit(frames, validation=(watched,))
    assert_same(system.score(as_clips(watched)), plain.score(as_clips(watched)))
    expected = system.score(as_clips(watched))["mse"].mean()
    assert system.history_[-1].validation_loss == pytest.approx(expected, rel=1e-6)
