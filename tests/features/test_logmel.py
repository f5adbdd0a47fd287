"""Log-mel against librosa, for every parameter set that a report uses."""

import librosa
import numpy as np
import pytest

from mimii_bench.features.logmel import LogMel
from mimii_bench.features.mel import hz_to_mel, mel_filters, mel_to_hz

SETS = {
    "centred": dict(n_mels=64, padding="reflect"),
    "centred_128": dict(n_mels=128, padding="constant"),
    "uncentred": dict(n_mels=128, padding="none", scale=1.0, eps=1e-6),
    "padded_hamming": dict(
        n_mels=128,
        padding="block",
        window="hamming",
        window_norm=True,
        mel_scale="htk",
        scale=1.0,
        eps=1e-12,
    ),
}
FRAMES = {"centred": 313, "centred_128": 313, "uncentred": 311, "padded_hamming": 313}


def recordings():
    rng = np.random.default_rng(0)
    time = np.arange(160_000) / 16_000
    noise = rng.normal(0, 0.01, time.size)
    hum = 0.05 * np.sin(2 * np.pi * 50 * time) + 0.1 * noise
    clicks = noise * (np.sin(2 * np.pi * 3 * time) > 0.99)
    # As a 16-bit recorder would deliver them, the quiet passages included.
    return [np.round(x * 32768).astype(np.float32) / 32768 for x in (noise, hum, clicks)]


def librosa_logmel(samples, p):
    """The same spectrogram by librosa, in double precision."""
    y = samples.astype(float)
    if p["padding"] == "block":
        y = np.pad(y, 384)
    window = librosa.filters.get_window(p.get("window", "hann"), 1024)
    if p.get("window_norm"):
        window = window / window.sum()
    mel = librosa.feature.melspectrogram(
        y=y,
        sr=16_000,
        n_fft=1024,
        hop_length=512,
        n_mels=p["n_mels"],
        window=window,
        htk=p.get("mel_scale") == "htk",
        center=p["padding"] in ("reflect", "constant"),
        pad_mode="reflect" if p["padding"] == "reflect" else "constant",
        dtype=np.float64,
    )
    return p.get("scale", 10.0) * np.log10(mel + p.get("eps", np.finfo(float).eps)).T


@pytest.mark.parametrize("name", SETS)
def test_equals_librosa(name):
    parameters = SETS[name]
    feature = LogMel(**parameters)
    decibels = 10 / parameters.get("scale", 10.0)
    for samples in recordings():
        ours = feature.transform(samples)
        assert ours.shape == (FRAMES[name], parameters["n_mels"])
        assert ours.shape == (feature.frames(samples.size), feature.n_bins)
        assert np.abs(ours - librosa_logmel(samples, parameters)).max() * decibels < 1e-4


def test_equals_librosa_where_a_tone_towers_over_the_rest():
    """Single precision would bury the quiet bands under its own rounding noise."""
    tone = (0.2 * np.sin(2 * np.pi * 50 * np.arange(160_000) / 16_000)).astype("f4")
    ours = LogMel(**SETS["centred"]).transform(tone)
    assert np.abs(ours - librosa_logmel(tone, SETS["centred"])).max() < 1e-4


@pytest.mark.parametrize("scale", ["slaney", "htk"])
def test_filters_equal_librosa(scale):
    ours = mel_filters(16_000, 1024, 128, 50, 7000, scale)
    theirs = librosa.filters.mel(
        sr=16_000, n_fft=1024, n_mels=128, fmin=50, fmax=7000, htk=scale == "htk", dtype=float
    )
    np.testing.assert_allclose(ours, theirs, atol=1e-12)


@pytest.mark.parametrize("scale", ["slaney", "htk"])
def test_mel_scale_inverts(scale):
    hz = np.linspace(0, 8000, 50)
    np.testing.assert_allclose(mel_to_hz(hz_to_mel(hz, scale), scale), hz, atol=1e-9)


def test_silence_is_the_floor():
    assert LogMel(n_mels=64).transform(np.zeros(160_000, np.float32)).max() < -156


def test_unknown_parameter_is_refused():
    with pytest.raises(TypeError, match="n_mel"):
        LogMel(n_mel=64)
