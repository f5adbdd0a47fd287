"""Log-mel against librosa, for every parameter set that a report uses."""

import librosa
import numpy as np
import pytest

from mimii_bench.features.logmel import LogMel
from mimii_bench.features.mel import hz_to_mel, mel_filters, mel_to_hz
from mimii_bench.util.errors import UserError
from mimii_bench.util.options import checked

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
    feature = LogMel(sample_rate=16_000, **parameters)
    decibels = 10 / parameters.get("scale", 10.0)
    for samples in recordings():
        ours = feature.transform(samples)
        assert ours.shape == (FRAMES[name], parameters["n_mels"])
        assert ours.shape == (feature.frames(samples.size), feature.n_bins)
        assert np.abs(ours - librosa_logmel(samples, parameters)).max() * decibels < 1e-4


def test_equals_librosa_where_a_tone_towers_over_the_rest():
    """Single precision would bury the quiet bands under its own rounding noise."""
    tone = (0.2 * np.sin(2 * np.pi * 50 * np.arange(160_000) / 16_000)).astype("f4")
    ours = LogMel(sample_rate=16_000, **SETS["centred"]).transform(tone)
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
    assert (
        LogMel(sample_rate=16_000, n_mels=64).transform(np.zeros(160_000, np.float32)).max() < -156
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"n_mels": 64, "n_mel": 64},
            r"^n_mel: LogMel has no such option; it has n_fft, hop, window, padding, n_",
        ),
        ({}, r"^LogMel: LogMel needs the option n_mels$"),
        ({"n_mels": 0}, r"^n_mels: 0 is not allowed"),
        ({"n_mels": 64.0}, r"^n_mels: 64\.0 is not allowed"),
        (
            {"n_mels": 64, "mel_scale": "foo"},
            r"^mel_scale: 'foo' is not allowed: .*'slaney' or 'htk'",
        ),
        ({"n_mels": 64, "padding": "mean"}, r"^padding: 'mean' is not allowed: .*'block'"),
        ({"n_mels": 64, "window": "boxcar"}, r"^window: 'boxcar' is not allowed"),
        ({"n_mels": 64, "n_fft": 1}, r"^n_fft: 1 is not allowed"),
        ({"n_mels": 64, "hop": 0}, r"^hop: 0 is not allowed"),
        ({"n_mels": 64, "hop": 1025}, r"^LogMel: hop 1025 is longer than a frame of n_fft 1024"),
        ({"n_mels": 64, "eps": 0.0}, r"^eps: 0\.0 is not allowed"),
        ({"n_mels": 64, "eps": "1e-6"}, r"^eps: '1e-6' is not allowed: .*; write 1\.0e-06$"),
        ({"n_mels": 64, "scale": -1}, r"^scale: -1 is not allowed"),
        ({"n_mels": 64, "f_min": -1}, r"^f_min: -1 is not allowed"),
        ({"n_mels": 64, "f_min": 500, "f_max": 500}, r"^LogMel: f_min 500 is not below f_max 500"),
        ({"n_mels": 64, "sample_rate": 8000}, r"^sample_rate: LogMel has no such option"),
    ],
)
def test_an_option_that_is_not_allowed_is_named(options, message):
    """Before a feature is built for any rate: as the workflow is read."""
    with pytest.raises(UserError, match=message):
        checked(LogMel.Options, options, "LogMel")


@pytest.mark.parametrize(
    ("rate", "options", "message"),
    [
        (8000, {"f_max": 8000}, r"^f_max: 8000 Hz is beyond half the sample rate .*, 4000 Hz"),
        (8000, {"f_min": 4000}, r"^f_min: 4000 Hz is beyond"),
    ],
)
def test_bands_beyond_half_the_sample_rate_are_refused(rate, options, message):
    with pytest.raises(UserError, match=message):
        LogMel(n_mels=8, sample_rate=rate, **options)


@pytest.mark.parametrize("rate", [8000, 48_000])
def test_bands_end_at_half_the_rate_of_the_recordings_unless_said(rate):
    """A tone below it is in the last band, whatever the rate."""
    tone = np.sin(2 * np.pi * 0.47 * np.arange(20_000)).astype(np.float32)
    named, unnamed = (
        LogMel(n_mels=32, sample_rate=rate, f_max=f_max).transform(tone)
        for f_max in (rate / 2, None)
    )
    np.testing.assert_array_equal(named, unnamed)
    assert (unnamed[5:-5].argmax(axis=1) == 31).all()


def test_bands_without_a_bin_hold_the_floor():
    feature = LogMel(n_mels=512, n_fft=256, hop=128, sample_rate=16_000)
    frames = feature.transform(np.ones(1024, np.float32))
    assert frames.shape == (9, 512)
    assert frames[:, 0].max() < -150
    assert np.isfinite(frames).all()


def test_bands_made_for_another_rate_lie_lower_by_the_ratio_of_the_rates():
    """As in the first release of the MIMII baseline: band 20 at 784 instead of 975 Hz."""
    time = np.arange(160_000) / 16_000
    told = LogMel(n_mels=64, sample_rate=16_000)
    untold = LogMel(n_mels=64, sample_rate=16_000, filter_rate=22_050)
    for feature, hertz in ((told, 974.5), (untold, 784.0)):
        tone = np.sin(2 * np.pi * hertz * time).astype(np.float32)
        assert feature.transform(tone).mean(axis=0).argmax() == 20
    ours = LogMel(n_mels=64, sample_rate=16_000, filter_rate=16_000)
    noise = recordings()[0]
    np.testing.assert_array_equal(ours.transform(noise), told.transform(noise))


def test_bands_for_another_rate_are_librosa_s_when_it_is_not_told():
    """The filter bank of `librosa.feature.melspectrogram(S=...)` with its default rate."""
    filters = librosa.filters.mel(sr=22_050, n_fft=1024, n_mels=64)
    np.testing.assert_allclose(
        mel_filters(22_050, 1024, 64, 0.0, 11_025.0, "slaney"), filters, atol=1e-8
    )
