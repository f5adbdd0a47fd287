"""The transform by products is the Fourier transform, for frames of every length."""

import numpy as np
import pytest
import torch

from mimii_bench.export import fourier
from mimii_bench.export.fourier import Operator, Products, transform


@pytest.mark.parametrize("size", [1, 2, 3, 4, 6, 15, 251, 256, 400, 600, 1000, 1024, 2048])
def test_it_is_that_of_numpy(size):
    rng = np.random.default_rng(size)
    window, frames = rng.normal(size=size), rng.normal(size=(5, size))
    module = transform(window, torch.double)
    assert isinstance(module, Products)
    real, imaginary = module(torch.from_numpy(frames.T))
    found = (real + 1j * imaginary).numpy().T
    np.testing.assert_allclose(found, np.fft.rfft(frames * window), atol=1e-11)


def test_a_tone_in_another_bin_is_far_below():
    """In double precision, 250 dB."""
    frames = np.cos(2 * np.pi * 100 * np.arange(1024) / 1024)[None]
    real, imaginary = transform(np.ones(1024), torch.double)(torch.from_numpy(frames.T))
    levels = np.hypot(real.numpy()[:, 0], imaginary.numpy()[:, 0])
    assert levels[100] == pytest.approx(512)
    assert np.delete(levels, 100).max() < 512 * 10 ** (-250 / 20)


def test_frames_of_a_long_prime_take_the_operator(monkeypatch):
    monkeypatch.setattr(fourier, "_LONGEST", 100)
    window, frames = np.hanning(101), np.random.default_rng(0).normal(size=(3, 101))
    module = transform(window, torch.double)
    assert isinstance(module, Operator)
    real, imaginary = module(torch.from_numpy(frames.T))
    found = (real + 1j * imaginary).numpy().T
    np.testing.assert_allclose(found, np.fft.rfft(frames * window), atol=1e-12)
