"""The CNN-LSTM: its structure, and that it hears the order of time."""

import numpy as np
import pytest
import torch

from mimii_bench.systems import cnn_lstm
from mimii_bench.systems.cnn_lstm import CnnLstm
from systems.sounds import scores_of

SMALL = {"channels": [4, 6, 6], "cells": 8, "batch_size": 16}


def test_it_has_the_documented_layers():
    frames = np.random.default_rng(0).standard_normal((2, 311, 128), np.float32)
    system = CnnLstm(epochs=1, batch_size=2).fit(frames, np.array(["normal", "abnormal"]))
    assert system.layers == {
        "conv2d_1": 400,
        "batchnorm2d_1": 32,
        "conv2d_2": 4_608,
        "batchnorm2d_2": 64,
        "conv2d_3": 9_216,
        "batchnorm2d_3": 64,
        "lstm_1": 82_432,
        "linear_1": 130,
    }
    assert system.parameters == 96_946
    assert "96,946" in cnn_lstm.__doc__


def test_311_frames_of_128_bands_are_78_steps_of_256_features():
    network = CnnLstm(batch_size=2)._network(128)
    assert network.convolutions(torch.zeros(1, 1, 311, 128)).shape == (1, 32, 78, 8)
    assert network.recurrent.input_size == 256


def chirps(clips, falling, seed):
    """A tone that rises, or falls, through the bins once: the same frames in another order."""
    rng = np.random.default_rng(seed)
    time, bin = np.arange(40), np.arange(16)
    start = rng.uniform(-4, 4, (clips, 1))
    pitch = start + time * 16 / 40
    pitch = pitch[:, ::-1] if falling else pitch
    ridge = np.exp(-((bin - pitch[:, :, None]) ** 2) / 4)
    return (ridge + rng.normal(0, 0.05, ridge.shape)).astype(np.float32)


def labelled(clips, seed):
    frames = np.concatenate([chirps(clips, falling, seed) for falling in (False, True)])
    return frames, np.repeat(["normal", "abnormal"], clips)


def test_it_tells_sounds_apart_that_differ_in_the_order_of_time_only():
    system = CnnLstm(**SMALL, epochs=15, learning_rate=0.01).fit(*labelled(32, 0))
    frames, labels = labelled(20, 1)
    scores = scores_of(system, frames)
    assert scores[labels == "normal"].max() < 0.5 < scores[labels == "abnormal"].min()


def test_the_last_hidden_state_decides():
    """The logits are those of the LSTM's last output, which torch returns for every step."""
    network = CnnLstm(**SMALL)._network(16).eval()
    frames = torch.randn(3, 40, 16, generator=torch.Generator().manual_seed(0))
    steps = network.convolutions(frames[:, None]).transpose(1, 2).flatten(2)
    hidden, _ = network.recurrent(steps)
    torch.testing.assert_close(network(frames), network.logits(hidden[:, -1]))
    assert not torch.allclose(network(frames), network.logits(hidden[:, -2]))


def test_the_whole_clip_counts():
    network = CnnLstm(**SMALL)._network(16).eval()
    frames = torch.randn(1, 40, 16, generator=torch.Generator().manual_seed(0))
    for frame in (0, 20, 39):
        changed = frames.clone()
        changed[0, frame] += 3
        with pytest.raises(AssertionError):
            torch.testing.assert_close(network(changed), network(frames), rtol=1e-7, atol=1e-7)
