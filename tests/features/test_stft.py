"""The short-time Fourier transform: windows, padding, frames, buffers that are used again."""

import numpy as np
import pytest
import scipy.signal

from mimii_bench.features.stft import (
    FrameOptions,
    PowerSpectrogram,
    Stft,
    StftOptions,
    frame_count,
    pad,
    periodic_window,
)
from mimii_bench.util.errors import UserError
from mimii_bench.util.options import checked


def clip(seed=0, length=160_000):
    return np.random.default_rng(seed).normal(0, 0.1, length).astype(np.float32)


@pytest.mark.parametrize("name", ["hann", "hamming"])
@pytest.mark.parametrize("length", [2, 5, 1024])
def test_windows_are_the_periodic_ones(name, length):
    theirs = scipy.signal.get_window(name, length, fftbins=True)
    np.testing.assert_allclose(periodic_window(name, length), theirs, atol=1e-15)


def test_padding_is_what_its_name_says():
    samples = np.arange(1.0, 11)
    padded = {name: pad(samples, 4, name).tolist() for name in ("reflect", "constant", "none")}
    inside = samples.tolist()
    assert padded == {
        "reflect": [3, 2, *inside, 9, 8],
        "constant": [0, 0, *inside, 0, 0],
        "none": inside,
    }
    assert pad(samples, 4, "block").tolist() == [0, *inside, 0]
    assert pad(samples, 8, "block").tolist() == [0] * 3 + inside + [0] * 3
    assert pad(samples, 5, "block").tolist() == inside


@pytest.mark.parametrize("padding", ["reflect", "constant", "none", "block"])
@pytest.mark.parametrize(("n_fft", "hop"), [(8, 8), (8, 3), (7, 2)])
@pytest.mark.parametrize("length", [8, 9, 50, 51])
def test_frames_are_counted_as_they_are_made(padding, n_fft, hop, length):
    spectra = Stft(np.ones(n_fft), hop, padding).transform(clip(length=length))
    assert spectra.shape == (frame_count(length, n_fft, hop, padding), n_fft // 2 + 1)


def test_a_frame_is_the_transform_of_its_windowed_samples():
    samples, window = clip(length=40), periodic_window("hamming", 8)
    spectra = Stft(window, 3, "none").transform(samples)
    np.testing.assert_allclose(spectra[4], np.fft.rfft(samples[12:20] * window), rtol=1e-12)


def test_what_a_block_of_frames_leaves_is_not_seen_in_the_next():
    window = periodic_window("hann", 16)
    transform = Stft(window, 8, "none")
    first = transform.transform(clip(0, 40_000))
    kept = first.copy()
    other = transform.transform(clip(2, 240))
    np.testing.assert_array_equal(first, kept)
    np.testing.assert_array_equal(other, Stft(window, 8, "none").transform(clip(2, 240)))


@pytest.mark.parametrize("samples", [32_768, 33_000, 65_536, 100_001])
def test_blocks_make_what_one_transform_makes(samples):
    window = periodic_window("hann", 1024)
    frames = np.lib.stride_tricks.sliding_window_view(clip(length=samples).astype(float), 1024)
    spectra = np.fft.rfft(frames[::512] * window)
    found = Stft(window, 512, "none").transform(clip(length=samples))
    np.testing.assert_array_equal(found, spectra)


@pytest.mark.parametrize("padding", ["none", "reflect"])
def test_power_is_the_sum_of_two_squares_to_the_last_bit(padding):
    """Stores of log-mel frames made before there was `Stft` stay what they were."""
    samples = clip()
    window = periodic_window("hann", 1024)
    padded = samples.astype(float)
    padded = np.pad(padded, 512, mode="reflect") if padding == "reflect" else padded
    frames = np.lib.stride_tricks.sliding_window_view(padded, 1024)[::512]
    spectra = np.fft.rfft(frames * window)
    squares = (spectra.real**2).astype("f4") + (spectra.imag**2).astype("f4")
    for _ in range(2):
        ours = PowerSpectrogram(window, 512, padding).transform(samples)
        np.testing.assert_array_equal(ours, squares)
    np.testing.assert_array_equal(Stft(window, 512, padding).transform(samples), spectra)


@pytest.mark.parametrize(
    ("model", "options", "message"),
    [
        (FrameOptions, {"n_fft": 8, "hop": 9}, "hop 9 is longer than a frame of n_fft 8"),
        (FrameOptions, {"window": "hann"}, "window: A has no such option; it has n_fft, hop"),
        (StftOptions, {"padding": "edge"}, "padding: 'edge' is not allowed"),
    ],
)
def test_options_that_make_no_frames_are_refused(model, options, message):
    with pytest.raises(UserError, match=message):
        checked(model, options, "A")
