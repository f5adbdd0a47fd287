"""What lies between microphones: delays, coherence and levels that are known, and the system."""

import numpy as np
import pytest
from scipy.signal import coherence, csd

from mimii_bench.features.spectrum import ComplexStft
from mimii_bench.systems.spatial_features import SpatialFeatures, pair_cues
from mimii_bench.util.errors import UserError
from systems.sounds import as_clips, save, scores_of

RATE, FFT = 16_000, 64
STFT = ComplexStft(sample_rate=RATE, n_fft=FFT, hop=FFT // 2, padding="none")


def recording(seed, delay=0, gain=1.0, noise=0.3):
    """Two channels that hear the same, the second later by some samples, each with noise."""
    rng = np.random.default_rng(seed)
    source = rng.normal(0, 1, 3000)
    channels = source[100:], gain * source[100 - delay : len(source) - delay]
    noisy = [one + noise * rng.normal(0, 1, len(one)) for one in channels]
    return [STFT.transform(one.astype(np.float32)) for one in noisy], noisy


def cue(name, spectra):
    return list(pair_cues(spectra, [name]))


def test_coherence_and_phase_are_scipy_s():
    spectra, samples = recording(0, delay=2)
    settings = {"fs": RATE, "window": "hann", "nperseg": FFT, "detrend": False}
    spectra = [one.astype(complex) for one in spectra]
    (found,) = cue("coherence", spectra)
    _, squared = coherence(*samples, **settings)
    np.testing.assert_allclose(found, np.sqrt(squared), rtol=1e-4)
    real, imaginary = cue("phase", spectra)
    _, cross = csd(*samples, **settings)
    # SciPy's cross-spectrum has the conjugate of the first channel.
    expected = cross.conj() / np.abs(cross)
    np.testing.assert_allclose(real + 1j * imaginary, expected, rtol=1e-3, atol=1e-3)


def test_a_delay_turns_the_phase_by_so_much_a_bin():
    spectra, _ = recording(1, delay=3, noise=0.0)
    real, imaginary = cue("phase", spectra)
    angle = 2 * np.pi * 3 * np.arange(FFT // 2 + 1) / FFT
    np.testing.assert_allclose(real, np.cos(angle), atol=0.15)
    np.testing.assert_allclose(imaginary, np.sin(angle), atol=0.15)


def test_noise_of_each_microphone_takes_coherence_away():
    quiet, loud = (cue("coherence", recording(2, noise=n)[0])[0].mean() for n in (0.1, 3.0))
    assert quiet > 0.95
    assert loud < 0.5


def test_the_level_is_the_ratio_of_powers_in_decibels():
    spectra, _ = recording(3, gain=0.5, noise=0.0)
    np.testing.assert_allclose(cue("level", spectra)[0], 20 * np.log10(2), rtol=1e-5)


def test_each_pair_of_channels_has_its_cues():
    spectra = [recording(seed)[0][0] for seed in range(3)]
    assert len(list(pair_cues(spectra, ["phase", "coherence", "level"]))) == 3 * 4


def test_silence_is_finite():
    (heard, _), _ = recording(4)
    cues = list(pair_cues([heard, np.zeros_like(heard)], ["phase", "coherence", "level"]))
    expected = [1, 0, 0, 0]
    for found, value in zip(cues, expected, strict=True):
        np.testing.assert_array_equal(found, value)


def test_a_source_that_moves_is_found():
    options = {"cues": ["phase", "coherence", "level"], "back_ends": ["knn"]}

    def clips(seeds, delay):
        return [np.array(one) for one in zip(*(recording(s, delay)[0] for s in seeds), strict=True)]

    system = SpatialFeatures(**options).fit(*clips(range(12), 2))
    normal, moved = (scores_of(system, *clips(range(20, 26), delay)) for delay in (2, 3))
    assert normal.max() < moved.min()


def test_a_saved_model_gives_the_same_scores(tmp_path):
    clips = [np.array(one) for one in zip(*(recording(s)[0] for s in range(5)), strict=True)]
    system = SpatialFeatures(back_ends=["knn", "mahalanobis"]).fit(*clips)
    loaded = SpatialFeatures.load(*save(system, tmp_path))
    for kind, scores in system.score(as_clips(*clips)).items():
        np.testing.assert_array_equal(loaded.score(as_clips(*clips))[kind], scores)


@pytest.mark.parametrize("inputs", [1, 2])
def test_it_takes_complex_spectra_of_two_microphones(inputs):
    clips = np.ones((3, 4, 5), [np.complex64, np.float32][inputs - 1])
    with pytest.raises(UserError, match="complex spectra of two or more microphones"):
        SpatialFeatures().fit(*[clips] * inputs)


def test_cues_are_named_once():
    with pytest.raises(UserError, match=r"^cues: .* once"):
        SpatialFeatures(cues=["phase", "phase"])
