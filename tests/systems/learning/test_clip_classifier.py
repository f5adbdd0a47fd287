"""What the supervised systems share: labels, probabilities, scaling of the inputs."""

import numpy as np
import pytest

from mimii_bench.systems.cnn_lstm import CnnLstm
from mimii_bench.systems.learning.moments import bin_moments
from mimii_bench.systems.spectrogram_cnn import SpectrogramCnn
from mimii_bench.util.errors import UserError
from systems.sounds import hums, save, scores_of

KINDS = {
    "cnn": lambda **options: SpectrogramCnn(channels=[6, 8], **options),
    "cnn_lstm": lambda **options: CnnLstm(channels=[4, 6, 6], cells=8, **options),
}
SHORT = {"epochs": 2, "batch_size": 8}


def labelled(clips, seed=0):
    """As many hums of a slow pitch, called normal, as of a fast one."""
    frames = np.concatenate([hums(clips, 20, seed), hums(clips, 6, seed + 100)])
    return frames, np.repeat(["normal", "abnormal"], clips)


@pytest.fixture(scope="module", params=KINDS)
def kind(request):
    return KINDS[request.param]


@pytest.fixture(scope="module")
def fitted(kind):
    return kind(**SHORT, seed=1).fit(*labelled(10))


def test_it_learns_which_clips_are_abnormal_and_calls_unseen_ones_rightly_at_a_half(kind):
    system = kind(epochs=15, batch_size=8, learning_rate=0.01).fit(*labelled(24))
    frames, labels = labelled(15, seed=50)
    scores = scores_of(system, frames)
    assert scores[labels == "normal"].max() < 0.5 < scores[labels == "abnormal"].min()
    assert system.history_[-1].loss < system.history_[0].loss / 3


def test_exchanged_labels_exchange_the_scores(kind):
    frames, labels = labelled(24)
    system = kind(epochs=15, batch_size=8, learning_rate=0.01).fit(frames, labels[::-1])
    scores = scores_of(system, frames)
    assert scores[labels == "abnormal"].max() < 0.5 < scores[labels == "normal"].min()


def test_the_validation_loss_is_the_cross_entropy_of_the_scores(kind):
    watched, labels = labelled(5, seed=3)
    labels[0] = "abnormal"
    system = kind(**SHORT).fit(*labelled(10), validation=(watched, labels))
    right = np.where(
        labels == "abnormal", scores_of(system, watched), 1 - scores_of(system, watched)
    )
    assert system.history_[-1].validation_loss == pytest.approx(-np.log(right).mean(), rel=1e-5)


def test_clips_that_are_watched_do_not_train(kind, fitted):
    watching = kind(**SHORT, seed=1).fit(*labelled(10), validation=labelled(5, seed=3))
    clips = hums(4, 6)
    np.testing.assert_array_equal(scores_of(watching, clips), scores_of(fitted, clips))
    assert np.isnan(fitted.history_[-1].validation_loss)


def test_seeds_give_the_same_scores_to_the_bit_or_others(kind, fitted):
    clips = hums(4, 6)
    again, other = (kind(**SHORT, seed=seed).fit(*labelled(10)) for seed in (1, 2))
    np.testing.assert_array_equal(scores_of(again, clips), scores_of(fitted, clips))
    assert (scores_of(other, clips) != scores_of(fitted, clips)).all()


def test_a_saved_model_gives_the_same_scores(fitted, tmp_path):
    loaded = type(fitted).load(*save(fitted, tmp_path))
    clips = hums(4, 6)
    np.testing.assert_array_equal(scores_of(loaded, clips), scores_of(fitted, clips))
    assert (loaded.options, loaded.parameters) == (fitted.options, fitted.parameters)


def test_neither_level_nor_scale_of_a_bin_matters(kind, fitted):
    """As between the halves of the IMS spectrogram: decades, and magnitudes."""
    frames, labels = labelled(10)
    scale, shift = np.geomspace(0.01, 100, 8), np.linspace(-50, 50, 8)
    other = kind(**SHORT, seed=1).fit((frames * scale + shift).astype(np.float32), labels)
    clips = hums(4, 6)
    moved = (clips * scale + shift).astype(np.float32)
    np.testing.assert_allclose(scores_of(other, moved), scores_of(fitted, clips), atol=0.01)
    assert np.abs(scores_of(other, clips) - scores_of(fitted, clips)).max() > 0.05


@pytest.mark.parametrize("label", ["normal", "abnormal"])
def test_one_label_alone_names_a_split_that_has_both(kind, label):
    with pytest.raises(UserError, match=f"all 4 training clips are {label}; .*stratified_random"):
        kind(**SHORT).fit(hums(4, 6), np.full(4, label))


def test_a_label_that_is_neither_is_named(kind):
    with pytest.raises(UserError, match="label 'anomaly' is neither normal nor abnormal"):
        kind(**SHORT).fit(hums(2, 6), np.array(["normal", "anomaly"]))


def test_all_clips_watched_at_once_would_need_gigabytes(kind):
    assert kind(batch_size=8).options.micro_batch == 128
    assert kind(batch_size=8, micro_batch=4).options.micro_batch == 4


def test_moments_are_those_of_every_bin_over_all_frames():
    rng = np.random.default_rng(0)
    frames = rng.normal([1000.0, -3.0, 0.0], [0.1, 2.0, 1e-4], (7, 30, 3)).astype(np.float32)
    mean, deviation = bin_moments(frames)
    np.testing.assert_allclose(mean, frames.mean((0, 1), dtype=float), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(deviation, frames.astype(float).std((0, 1)), rtol=1e-9)


@pytest.mark.parametrize("value", [0.0, -6.0, 0.1])
def test_a_constant_bin_is_not_blown_up(value):
    frames = np.full((5, 50, 1), value, np.float32)
    assert bin_moments(frames)[1] == 1
