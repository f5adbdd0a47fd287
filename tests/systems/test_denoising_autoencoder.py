"""The denoising autoencoder: noise on the inputs, in training only, and clean targets."""

import numpy as np
import pytest
import torch

from mimii_bench.systems.denoising_autoencoder import DenoisingAutoencoder
from mimii_bench.systems.dense_autoencoder import DenseAutoencoder
from mimii_bench.systems.networks.noise import Noise
from mimii_bench.util.errors import UserError
from systems.sounds import hums, save, scores_of, windows

SMALL = {"hidden": [16, 4, 16], "epochs": 3, "batch_size": 64}
#: A ratio at which noise cannot be seen in 32 bits.
NO_NOISE = {"snr": [300, 300]}


@pytest.fixture(scope="module")
def fitted():
    return DenoisingAutoencoder(**SMALL, seed=1).fit(hums(20, 10))


def noise_of(snr, deviation, examples=20_000):
    deviation = np.asarray(deviation, float)
    layer = Noise(len(deviation), snr, torch.Generator().manual_seed(0))
    layer.set_to(deviation)
    clean = torch.full((examples, len(deviation)), 5.0)
    return layer.train()(clean) - clean


@pytest.mark.parametrize("snr", [0.0, 10.0, -6.0])
def test_the_noise_has_the_wanted_ratio_to_each_input_s_variance(snr):
    deviation = np.array([0.5, 2.0, 8.0])
    noise = noise_of((snr, snr), deviation)
    measured = 10 * np.log10(deviation**2 / noise.var(0).numpy())
    np.testing.assert_allclose(measured, snr, atol=0.1)
    np.testing.assert_allclose(noise.mean(0) / noise.std(0), 0, atol=0.03)


def test_the_ratio_is_drawn_per_window_and_uniformly_in_decibels():
    noise = noise_of((-10.0, 20.0), np.ones(400), examples=3_000)
    ratios = np.sort(-20 * np.log10(noise.std(1).numpy()))
    expected = np.linspace(-10, 20, len(ratios))
    np.testing.assert_allclose(ratios, expected, atol=1.2)


def test_without_noise_it_is_the_dense_autoencoder():
    clips = hums(5, 7)
    denoising = DenoisingAutoencoder(**SMALL, **NO_NOISE, seed=1)
    plain = DenseAutoencoder(**SMALL, seed=1)
    networks = [s._build(40, torch.Generator().manual_seed(1)) for s in (denoising, plain)]
    for ours, theirs in zip(*(network.parameters() for network in networks), strict=True):
        assert torch.equal(ours, theirs)
    denoising.fit(hums(20, 10))
    network = denoising._net
    x = torch.from_numpy(windows(clips[0])).float()
    with torch.inference_mode():
        torch.testing.assert_close(network.train()(x), network.eval()(x))


def test_targets_are_clean_and_scores_and_the_validation_loss_are_without_noise(fitted):
    """A network that returns its input: what is left over is the noise itself, or nothing."""
    system = DenoisingAutoencoder(**SMALL | {"epochs": 1}, snr=[6, 6])
    frames = hums(20, 10)
    system.fit(frames)
    system._net = torch.nn.Sequential(system._net[0])
    x = torch.from_numpy(np.concatenate([windows(clip) for clip in frames])).float()
    with torch.inference_mode():
        system._net.train()
        left = system._loss(x).item()
        system._net.eval()
        assert system._loss(x).item() == 0
    assert left == pytest.approx(frames.var((0, 1)).mean() * 10**-0.6, rel=0.02)
    assert (scores_of(system, frames) == 0).all()
    watching = DenoisingAutoencoder(**SMALL, seed=1).fit(frames, validation=(hums(4, 7),))
    expected = scores_of(watching, hums(4, 7)).mean()
    assert watching.history_[-1].validation_loss == pytest.approx(expected, rel=1e-6)


def test_scores_are_the_same_in_every_call(fitted):
    clips = hums(5, 7)
    np.testing.assert_array_equal(scores_of(fitted, clips), scores_of(fitted, clips))


def test_seeds_give_the_same_scores_to_the_bit_or_others(fitted):
    clips = hums(5, 7)
    torch.manual_seed(99)
    again, other = (DenoisingAutoencoder(**SMALL, seed=seed).fit(hums(20, 10)) for seed in (1, 2))
    np.testing.assert_array_equal(scores_of(again, clips), scores_of(fitted, clips))
    assert [e.loss for e in again.history_] == [e.loss for e in fitted.history_]
    assert (scores_of(other, clips) != scores_of(fitted, clips)).all()


def test_a_saved_model_gives_the_same_scores(fitted, tmp_path):
    loaded = DenoisingAutoencoder.load(*save(fitted, tmp_path))
    clips = hums(5, 7)
    np.testing.assert_array_equal(scores_of(loaded, clips), scores_of(fitted, clips))
    assert loaded.options == fitted.options
    assert loaded.options.snr == [0.0, 20.0]


def test_it_takes_off_noise_better_than_one_that_never_heard_any():
    options = {"hidden": [24, 6, 24], "epochs": 25, "batch_size": 64, "learning_rate": 5e-3}
    clean = hums(40, 10)
    noisy = clean + np.random.default_rng(5).normal(0, 1.0, clean.shape).astype(np.float32)
    errors = []
    for system in (DenoisingAutoencoder(**options, snr=[-6, 6]), DenseAutoencoder(**options)):
        system.fit(clean)
        x, y = (
            torch.from_numpy(np.concatenate([windows(clip) for clip in clips])).float()
            for clips in (noisy, clean)
        )
        with torch.inference_mode():
            errors.append(torch.nn.functional.mse_loss(system._net(x), y).item())
    assert errors[0] < 0.8 * errors[1]


def test_it_learns_and_ranks_a_different_sound_higher():
    system = DenoisingAutoencoder(
        hidden=[16, 4, 16], epochs=30, batch_size=64, learning_rate=0.005, snr=[10, 20]
    )
    system.fit(hums(40, 10))
    normal = scores_of(system, hums(20, 10, seed=1))
    abnormal = scores_of(system, hums(20, 7, seed=2))
    assert normal.max() < abnormal.min()


def test_a_range_in_the_wrong_order_is_named():
    with pytest.raises(UserError, match=r"^snr: 20 dB is above 0 dB"):
        DenoisingAutoencoder(**SMALL, snr=[20, 0])
