"""The spatial autoencoder: two inputs, one network per alpha."""

import numpy as np
import psutil
import pytest
from safetensors.numpy import load_file

from mimii_bench.systems.dcase_autoencoder import DcaseAutoencoder
from mimii_bench.systems.two_microphone_autoencoder import TwoMicrophoneAutoencoder
from mimii_bench.util import records
from mimii_bench.util.errors import UserError
from systems.sounds import STILL, as_clips, forward, hums, reference_scores, save, windows

SMALL = {"hidden": [16, 3], "epochs": 3, "batch_size": 64}
ALPHAS = [0.1, 2]


def pair(clips, pitch, seed=0):
    return hums(clips, pitch, seed), hums(clips, pitch / 2, seed + 100)


def assert_same(scores, others):
    for name, values in scores.items():
        np.testing.assert_array_equal(values, others[name])


@pytest.fixture(scope="module")
def fitted():
    return TwoMicrophoneAutoencoder(**SMALL, alphas=ALPHAS, seed=1).fit(*pair(20, 10))


def test_a_network_is_two_baselines_whose_decoders_see_both_latents():
    inputs = np.random.default_rng(0).standard_normal((2, 2, 60, 128)).astype(np.float32)
    baseline = DcaseAutoencoder(epochs=1, batch_size=64).fit(inputs[0])
    one, four = (
        TwoMicrophoneAutoencoder(epochs=1, batch_size=64, alphas=alphas).fit(*inputs)
        for alphas in ([0.5], [0.1, 0.5, 2, 10])
    )
    assert one.parameters == 2 * baseline.parameters + 2 * 8 * 128 == 537_904
    assert four.parameters == 4 * one.parameters


def test_scores_are_those_of_numpy(fitted, tmp_path):
    tensors = load_file(save(fitted, tmp_path)[0])

    def residual(network, inputs):
        x = [np.concatenate([windows(clip) for clip in clips]) for clips in inputs]
        names = [f"{network}.encoders.{k}." for k in range(2)]
        latent = np.hstack(
            [forward(tensors, name, one, 1e-3) for name, one in zip(names, x, strict=True)]
        )
        assert latent.shape[1] == 2 * 3
        return [
            one - forward(tensors, f"{network}.decoders.{k}.", latent, 1e-3)
            for k, one in enumerate(x)
        ]

    clips = pair(3, 7, seed=3)
    scores = fitted.score(as_clips(*clips))
    assert len(scores) == 2 * (3 + 2)
    for network, alpha in enumerate(ALPHAS):
        training = residual(network, pair(20, 10))
        for index in range(3):
            found = residual(network, [one[index : index + 1] for one in clips])
            reference, difference = map(reference_scores, found, training, (8, 8))
            for kind, value in reference.items():
                expected = value + alpha * difference[kind]
                ours = scores[f"{kind}_alpha_{alpha:g}"][index]
                assert ours == pytest.approx(expected, rel=1e-4), (kind, alpha)
            readings = {"mse_reference": 0, "mse_sum": difference["mse"]}
            for kind, more in readings.items():
                ours = scores[f"{kind}_alpha_{alpha:g}"][index]
                assert ours == pytest.approx(reference["mse"] + more, rel=1e-4), (kind, alpha)


def test_the_loss_weighs_the_difference_by_alpha():
    """At a learning rate of 0 the losses of two alphas differ by the difference's part alone."""
    still = SMALL | {"learning_rate": STILL, "epochs": 1, "batch_fraction": 1.0, "batch_size": None}
    inputs = pair(10, 10)
    system = TwoMicrophoneAutoencoder(**still, alphas=[0, 1, 3]).fit(*inputs, validation=inputs)
    scores = system.score(as_clips(*inputs))
    for epoch in system.history_:
        expected = scores[f"mse_alpha_{epoch.alpha:g}"].mean()
        assert epoch.validation_loss == pytest.approx(expected, rel=1e-5)


def test_with_alpha_0_the_difference_s_decoder_learns_nothing(tmp_path):
    tensors = {}
    for alpha in (0, 1):
        system = TwoMicrophoneAutoencoder(**SMALL, alphas=[alpha], seed=1).fit(*pair(20, 10))
        tensors[alpha] = load_file(save(system, tmp_path)[0])
    for alpha, learned in ((0, False), (1, True)):
        # Scale and shift of batch normalisation are 1 and 0 until they learn.
        assert tensors[alpha]["0.decoders.1.1.bias"].any() == learned
        assert (tensors[alpha]["0.decoders.1.1.weight"] != 1).any() == learned
        assert tensors[alpha]["0.decoders.0.1.bias"].any()


def test_each_input_is_reconstructed_from_both():
    """Another difference input changes what is found of the reference, and the other way round."""
    system = TwoMicrophoneAutoencoder(**SMALL, alphas=[0], seed=1).fit(*pair(20, 10))
    reference, difference = pair(4, 7)
    plain = system.score(as_clips(reference, difference))["mse_alpha_0"]
    changed = system.score(as_clips(reference, -difference))["mse_alpha_0"]
    assert (plain != changed).all()


def test_a_network_does_not_depend_on_the_other_alphas(fitted):
    alone = TwoMicrophoneAutoencoder(**SMALL, alphas=[2], seed=1).fit(*pair(20, 10))
    clips = as_clips(*pair(5, 7))
    assert list(alone.score(clips)) == [
        "mse_alpha_2",
        "mahalanobis_alpha_2",
        "mahalanobis_mean_residual_alpha_2",
        "mse_reference_alpha_2",
        "mse_sum_alpha_2",
    ]
    assert_same(alone.score(clips), fitted.score(clips))
    assert alone.history_ == fitted.history_[3:]


def test_every_alpha_begins_with_weights_of_its_own(tmp_path):
    still = SMALL | {"learning_rate": STILL, "epochs": 1}
    system = TwoMicrophoneAutoencoder(**still, alphas=ALPHAS).fit(*pair(4, 10))
    tensors = load_file(save(system, tmp_path)[0])
    for part in ("encoders.0.0", "decoders.1.0"):
        assert (tensors[f"0.{part}.weight"] != tensors[f"1.{part}.weight"]).any()


def test_seeds_give_the_same_scores_to_the_bit_or_others(fitted):
    clips = as_clips(*pair(5, 7))
    again, other = (
        TwoMicrophoneAutoencoder(**SMALL, alphas=ALPHAS, seed=seed).fit(*pair(20, 10))
        for seed in (1, 2)
    )
    assert_same(again.score(clips), fitted.score(clips))
    for name, values in other.score(clips).items():
        assert (values != fitted.score(clips)[name]).all()


def test_a_saved_model_gives_the_same_scores(fitted, tmp_path):
    clips = as_clips(*pair(5, 7))
    loaded = TwoMicrophoneAutoencoder.load(*save(fitted, tmp_path))
    assert_same(loaded.score(clips), fitted.score(clips))
    assert (loaded.options, loaded.parameters) == (fitted.options, fitted.parameters)


def test_the_history_has_a_row_per_alpha_and_epoch(fitted, tmp_path):
    path = tmp_path / "history.csv"
    records.write_rows(path, fitted.history_[0]._fields, fitted.history_)
    rows = records.read_rows(path)
    assert [(row["alpha"], row["epoch"]) for row in rows] == [
        (alpha, epoch) for alpha in ("0.1", "2.0") for epoch in "123"
    ]
    assert [float(row["loss"]) for row in rows] == [epoch.loss for epoch in fitted.history_]


def test_it_learns_and_hears_what_only_the_difference_tells():
    system = TwoMicrophoneAutoencoder(
        hidden=[16, 3], epochs=25, batch_size=64, learning_rate=0.005, alphas=[1]
    ).fit(*pair(40, 10))
    assert system.history_[-1].loss < system.history_[0].loss / 3
    reference, difference = pair(20, 10, seed=1)
    normal = system.score(as_clips(reference, difference))
    abnormal = system.score(as_clips(reference, hums(20, 7, seed=2)))
    for name in ("mse_alpha_1", "mahalanobis_alpha_1"):
        assert normal[name].max() < abnormal[name].min()


def test_inputs_of_different_clips_are_refused():
    with pytest.raises(UserError, match="inputs differ in their clips"):
        TwoMicrophoneAutoencoder(**SMALL).fit(hums(3, 10), hums(4, 10))


def test_an_alpha_is_named_once():
    with pytest.raises(UserError, match=r"^alphas: .* names one alpha twice"):
        TwoMicrophoneAutoencoder(**SMALL, alphas=[2, 2.0])


def test_scoring_keeps_nothing_of_the_clips_that_are_scored():
    """Small numbers that stay between large ones that go make memory grow clip by clip."""
    rng = np.random.default_rng(0)
    clips = [tuple(rng.standard_normal((2, 313, 128)).astype(np.float32)) for _ in range(8)]
    inputs = np.array(clips).transpose(1, 0, 2, 3)
    system = TwoMicrophoneAutoencoder(epochs=1, batch_size=256, max_steps=1).fit(*inputs)
    memory = psutil.Process().memory_info
    system.score(clips)
    before = memory().rss
    system.score(tuple(map(np.copy, clip)) for _ in range(6) for clip in clips)
    assert memory().rss - before < 150e6
