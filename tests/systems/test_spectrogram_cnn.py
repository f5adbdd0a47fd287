"""The CNN on whole spectrograms: its structure."""

import numpy as np
import pytest
import torch
from torch import nn

from mimii_bench.systems import spectrogram_cnn
from mimii_bench.systems.networks.spectrogram import SpectrogramNetwork
from mimii_bench.systems.spectrogram_cnn import SpectrogramCnn
from mimii_bench.util.errors import UserError
from systems.sounds import hums, save, scores_of


def test_it_has_the_documented_layers():
    frames = np.random.default_rng(0).standard_normal((2, 311, 168), np.float32)
    system = SpectrogramCnn(epochs=1, batch_size=2).fit(frames, np.array(["normal", "abnormal"]))
    assert system.layers == {
        "conv2d_1": 400,
        "batchnorm2d_1": 32,
        "conv2d_2": 4_608,
        "batchnorm2d_2": 64,
        "conv2d_3": 18_432,
        "batchnorm2d_3": 128,
        "conv2d_4": 36_864,
        "batchnorm2d_4": 128,
        "linear_1": 130,
    }
    assert system.parameters == 60_786
    assert "60,786" in spectrogram_cnn.__doc__


def test_maps_shrink_by_32_frames_and_16_bins():
    maps = SpectrogramNetwork(168, [16, 32, 64, 64]).convolutions(torch.zeros(1, 1, 311, 168))
    assert maps.shape == (1, 64, 10, 11)


SMALL = {"channels": [4, 4], "epochs": 1, "batch_size": 6, "seed": 1}


def test_of_some_bins_it_learns_what_it_learns_of_these_alone():
    frames, labels = hums(6, 8), np.repeat(["normal", "abnormal"], 3)
    some = SpectrogramCnn(**SMALL, bins=[2, 7]).fit(frames, labels)
    alone = SpectrogramCnn(**SMALL).fit(np.ascontiguousarray(frames[..., 2:7]), labels)
    np.testing.assert_array_equal(
        scores_of(some, frames), scores_of(alone, np.ascontiguousarray(frames[..., 2:7]))
    )
    assert some.parameters == alone.parameters


def test_of_some_bins_a_saved_model_gives_the_same_scores(tmp_path):
    frames = hums(6, 8)
    system = SpectrogramCnn(**SMALL, bins=[2, 7]).fit(frames, np.repeat(["normal", "abnormal"], 3))
    loaded = SpectrogramCnn.load(*save(system, tmp_path))
    np.testing.assert_array_equal(scores_of(loaded, frames), scores_of(system, frames))


@pytest.mark.parametrize("bins", [[3, 3], [5, 2]])
def test_bins_that_are_none_are_named(bins):
    with pytest.raises(UserError, match=rf"^bins: from bin {bins[0]} to before bin {bins[1]} ther"):
        SpectrogramCnn(bins=bins)


def test_bins_that_no_frame_has_are_named():
    frames = hums(6, 8)
    with pytest.raises(UserError, match=rf"^bins: a frame has {frames.shape[2]}; \[0, 99\]"):
        SpectrogramCnn(**SMALL, bins=[0, 99]).fit(frames, np.repeat(["normal", "abnormal"], 3))


def test_a_score_is_the_softmax_probability_of_the_second_logit():
    """Of logits that are known: the last layer's bias, its weights being nil."""
    frames = hums(6, 8)
    system = SpectrogramCnn(channels=[4, 4], epochs=1, batch_size=6)
    system.fit(frames, np.repeat(["normal", "abnormal"], 3))
    nn.init.zeros_(system._net.logits.weight)
    with torch.no_grad():
        system._net.logits.bias.copy_(torch.tensor([0.5, 2.0]))
    np.testing.assert_allclose(scores_of(system, frames), 1 / (1 + np.exp(-1.5)), rtol=1e-6)


def test_a_sound_is_abnormal_wherever_in_the_clip_it_is():
    """The mean over frames forgets the place, up to the steps of the convolutions."""
    network = SpectrogramNetwork(16, [4, 8]).eval()
    burst = torch.zeros(1, 128, 16)
    burst[0, 40:48] = torch.randn(8, 16, generator=torch.Generator().manual_seed(0))
    moved = torch.roll(burst, 32, 1)
    torch.testing.assert_close(network(burst), network(moved))
    with pytest.raises(AssertionError):
        torch.testing.assert_close(network(burst), network(torch.zeros_like(burst)))
