"""The variational autoencoder: its structure, its loss, and that it learns."""

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file
from torch.distributions import Normal
from torch.distributions import kl_divergence as torch_kl

from mimii_bench.systems.variational_autoencoder import VariationalAutoencoder, kl_divergence
from systems.sounds import forward, hums, save, scores_of, windows

SMALL = {"hidden": [16, 16], "latent": 3, "epochs": 3, "batch_size": 64}


@pytest.fixture(scope="module")
def fitted():
    return VariationalAutoencoder(**SMALL, seed=1).fit(hums(20, 10))


def encoded(tensors, x):
    hidden = forward(tensors, "encoder.", x, 1e-5)
    return (
        hidden @ tensors[f"{head}.weight"].T.astype(float) + tensors[f"{head}.bias"]
        for head in ("mean", "log_variance")
    )


def test_its_layers_are_those_of_table_1(tmp_path):
    frames = np.zeros((2, 10, 128), np.float32)
    system = VariationalAutoencoder(epochs=1, batch_size=8).fit(frames)
    tensors = load_file(save(system, tmp_path)[0])

    def count(name):
        return tensors[f"{name}.weight"].size + tensors[f"{name}.bias"].size

    table = {
        "encoder.0": 256_400,
        "encoder.1": 800,
        "encoder.3": 160_400,
        "encoder.4": 800,
        "mean": 8_020,
        "log_variance": 8_020,
        "decoder.0": 8_400,
        "decoder.1": 800,
        "decoder.3": 160_400,
        "decoder.4": 800,
        "decoder.6": 256_640,
    }
    assert {name: count(name) for name in table} == table
    assert system.parameters == sum(table.values()) == 861_480


def test_scores_are_those_of_a_numpy_forward_pass_with_the_mean(fitted, tmp_path):
    tensors = load_file(save(fitted, tmp_path)[0])
    clips = hums(3, 7)
    for clip, score in zip(clips, scores_of(fitted, clips), strict=True):
        x = windows(clip)
        mean, _ = encoded(tensors, x)
        found = forward(tensors, "decoder.", mean, 1e-5)
        assert score == pytest.approx(((found - x) ** 2).mean(), rel=1e-4)


@pytest.mark.parametrize("kl_weight", [1.0, 0.25])
def test_the_loss_sums_over_inputs_and_latents_and_averages_over_windows(kl_weight, tmp_path):
    frames, watched = hums(20, 10), hums(4, 7)
    system = VariationalAutoencoder(**SMALL, kl_weight=kl_weight, seed=1)
    system.fit(frames, validation=(watched,))
    tensors = load_file(save(system, tmp_path)[0])
    x = np.concatenate([windows(clip) for clip in watched])
    mean, log_variance = encoded(tensors, x)
    error = ((forward(tensors, "decoder.", mean, 1e-5) - x) ** 2).sum(1)
    divergence = -0.5 * (1 + log_variance - mean**2 - np.exp(log_variance)).sum(1)
    expected = (error + kl_weight * divergence).mean()
    assert system.history_[-1].validation_loss == pytest.approx(expected, rel=1e-4)


def test_a_weight_of_as_many_as_there_are_inputs_is_the_mean_squared_error_and_the_divergence(
    tmp_path,
):
    """That reading of a report's words, up to a factor, which Adam does not see."""
    watched = hums(4, 7)
    inputs = windows(watched[0]).shape[1]
    system = VariationalAutoencoder(**SMALL, kl_weight=float(inputs), seed=1)
    system.fit(hums(20, 10), validation=(watched,))
    x = np.concatenate([windows(clip) for clip in watched])
    divergence = torch_divergence(system, tmp_path, x)
    literal = scores_of(system, watched).mean() + divergence
    assert system.history_[-1].validation_loss == pytest.approx(inputs * literal, rel=1e-4)


def torch_divergence(system, folder, x):
    """The divergence of windows from the prior by torch's own function, their mean."""
    mean, log_variance = encoded(load_file(save(system, folder)[0]), x)
    found = Normal(torch.from_numpy(mean), torch.from_numpy(np.exp(log_variance / 2)))
    return float(torch_kl(found, Normal(torch.zeros(()), torch.ones(()))).sum(1).mean())


def test_the_divergence_is_torch_s():
    mean, log_variance = torch.randn(2, 6, 3, generator=torch.Generator().manual_seed(0))
    prior = Normal(torch.zeros(()), torch.ones(()))
    expected = torch_kl(Normal(mean, (log_variance / 2).exp()), prior).sum(1)
    torch.testing.assert_close(kl_divergence(mean, log_variance), expected)


def test_latent_vectors_are_drawn_in_training_with_the_variance_of_the_head():
    """With the head for the variance made constant, what the decoder gets is known."""
    system = VariationalAutoencoder(**SMALL, seed=1).fit(hums(20, 10))
    network = system._net
    x = torch.from_numpy(windows(hums(1, 10)[0])).float()
    torch.nn.init.zeros_(network.log_variance.weight)
    torch.nn.init.constant_(network.log_variance.bias, 3.0)
    seen = []
    network.decoder.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    noise = torch.randn(len(x), 3, generator=torch.Generator().manual_seed(7))
    for training, deviation in ((True, np.exp(1.5)), (False, 0.0)):
        network.train(training)
        system._generator.manual_seed(7)
        system._loss(x)
        mean, _ = network.encode(x)
        torch.testing.assert_close(seen.pop(), mean + deviation * noise)


def test_seeds_give_the_same_scores_to_the_bit_or_others(fitted):
    clips = hums(5, 7)
    torch.manual_seed(99)
    again, other = (VariationalAutoencoder(**SMALL, seed=seed).fit(hums(20, 10)) for seed in (1, 2))
    np.testing.assert_array_equal(scores_of(again, clips), scores_of(fitted, clips))
    assert again.history_[0].loss == fitted.history_[0].loss
    assert (scores_of(other, clips) != scores_of(fitted, clips)).all()


def test_a_fit_leaves_torch_s_global_generator_alone():
    before = torch.get_rng_state()
    VariationalAutoencoder(**SMALL).fit(hums(3, 10)).generate(2, seed=0)
    assert torch.equal(torch.get_rng_state(), before)


def test_a_saved_model_scores_and_generates_the_same(fitted, tmp_path):
    loaded = VariationalAutoencoder.load(*save(fitted, tmp_path))
    clips = hums(5, 7)
    np.testing.assert_array_equal(scores_of(loaded, clips), scores_of(fitted, clips))
    np.testing.assert_array_equal(loaded.generate(3, seed=1), fitted.generate(3, seed=1))


def test_it_learns_ranks_and_generates_what_it_heard():
    system = VariationalAutoencoder(**SMALL | {"epochs": 30}, learning_rate=0.005)
    normal = hums(40, 10)
    system.fit(normal)
    losses = [epoch.loss for epoch in system.history_]
    assert losses[-1] < losses[0] / 3
    unheard, abnormal = hums(20, 10, seed=1), hums(20, 7, seed=2)
    assert scores_of(system, unheard).max() < scores_of(system, abnormal).min()
    pieces = system.generate(50, seed=0)
    assert pieces.shape == (50, 5, 8)
    assert not np.array_equal(pieces, system.generate(50, seed=1))
    # Most pieces resemble some window that it heard; noise of the same size does not.
    heard = np.concatenate([windows(clip) for clip in normal])

    def distance(vectors):
        return np.median([((heard - vector) ** 2).mean(1).min() for vector in vectors])

    noise = np.random.default_rng(0).permuted(pieces.reshape(50, -1), axis=1)
    assert distance(pieces.reshape(50, -1)) < distance(noise) / 3
