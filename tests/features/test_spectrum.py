"""Magnitudes and complex spectra: against librosa, against the formula, and through a store."""

import h5py
import librosa
import numpy as np
import pytest

from mimii_bench.audio.wav import write_float
from mimii_bench.features.spectrum import ClipSpectrum, ComplexStft, Magnitude
from mimii_bench.features.store import FeatureStore, load_clips
from mimii_bench.features.writing import build_store
from mimii_bench.util.errors import UserError

FRAMES = {"constant": 313, "reflect": 313, "none": 311, "block": 313}
NAMES = ["abnormal/00000000", "normal/00000000"]


def clip(seed=0, length=160_000):
    return np.random.default_rng(seed).normal(0, 0.1, length).astype(np.float32)


def librosa_stft(samples, padding):
    """The same spectra by librosa, in double precision, of shape (frame, bin)."""
    y = samples.astype(float)
    return librosa.stft(
        np.pad(y, 384) if padding == "block" else y,
        n_fft=1024,
        hop_length=512,
        center=padding in ("constant", "reflect"),
        pad_mode="reflect" if padding == "reflect" else "constant",
        dtype=np.complex128,
    ).T


@pytest.mark.parametrize("padding", FRAMES)
def test_equal_librosa(padding):
    samples = clip()
    theirs = librosa_stft(samples, padding)
    complex_stft, magnitude = (
        ComplexStft(sample_rate=16_000, padding=padding),
        Magnitude(sample_rate=16_000, padding=padding),
    )
    for feature, expected in ((complex_stft, theirs), (magnitude, np.abs(theirs))):
        ours = feature.transform(samples)
        assert (ours.shape, ours.dtype) == ((FRAMES[padding], 513), feature.dtype)
        assert ours.shape == (feature.frames(samples.size), feature.n_bins)
        np.testing.assert_allclose(ours, expected, rtol=3e-6, atol=1e-9)


def test_frames_are_centred_in_zeros_unless_said_otherwise():
    samples = clip()
    for feature in (Magnitude, ComplexStft):
        default = feature(sample_rate=16_000).transform(samples)
        centred = feature(sample_rate=16_000, padding="constant")
        np.testing.assert_array_equal(default, centred.transform(samples))


def test_one_frame_by_the_definition():
    samples = clip()
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(1024) / 1024)
    frame = samples[5 * 512 : 5 * 512 + 1024] * window
    for k in (0, 1, 100, 512):
        term = (frame * np.exp(-2j * np.pi * k * np.arange(1024) / 1024)).sum()
        assert ComplexStft(sample_rate=16_000, padding="none").transform(samples)[
            5, k
        ] == pytest.approx(term, rel=1e-5)


def test_frame_length_step_and_window_are_obeyed():
    samples = clip(length=4000)
    spectra = ComplexStft(
        sample_rate=16_000, n_fft=256, hop=100, window="hamming", padding="none"
    ).transform(samples)
    window = librosa.filters.get_window("hamming", 256)
    theirs = librosa.stft(
        samples.astype(float), n_fft=256, hop_length=100, window=window, center=False
    ).T
    np.testing.assert_allclose(spectra, theirs, rtol=1e-5, atol=1e-6)


def test_a_clip_s_spectra_outlive_the_next_clip():
    """The transform works in buffers that are used again; what it hands out must not be these."""
    for feature in (Magnitude(sample_rate=16_000), ComplexStft(sample_rate=16_000)):
        first = feature.transform(clip(0))
        kept = first.copy()
        feature.transform(clip(1))
        np.testing.assert_array_equal(first, kept)


@pytest.mark.parametrize(("length", "taken"), [(160_000, 160_000), (500, 500), (170_000, 160_000)])
def test_the_spectrum_of_a_clip_is_its_transform_cut_or_filled_with_zeros(length, taken):
    samples, feature = clip(length=length), ClipSpectrum(sample_rate=16_000)
    ours = feature.transform(samples)
    assert (feature.frames(length), feature.n_bins) == (1, 80_001)
    assert (ours.shape, ours.dtype) == ((1, 80_001), np.float32)
    # By the definition, at some of its bins.
    time = np.arange(taken)
    for bin in (0, 1, 4321, 80_000):
        expected = abs((samples[:taken] * np.exp(-2j * np.pi * bin * time / 160_000)).sum())
        assert ours[0, bin] == pytest.approx(expected, rel=1e-4, abs=1e-4)


def test_parameters_rebuild_the_feature():
    feature = ComplexStft(sample_rate=16_000, hop=256, padding="none")
    assert feature.parameters == {"n_fft": 1024, "hop": 256, "window": "hann", "padding": "none"}
    assert (
        ComplexStft(sample_rate=16_000, **feature.parameters).frames(160_000)
        == feature.frames(160_000)
        == 622
    )


def test_unknown_parameter_is_refused():
    with pytest.raises(UserError, match=r"^n_mels: Magnitude has no such option"):
        Magnitude(sample_rate=16_000, n_mels=64)


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    folder = tmp_path_factory.mktemp("complex")
    for seed, name in enumerate(NAMES):
        (folder / "audio" / name).parent.mkdir(parents=True)
        write_float(folder / f"audio/{name}.wav", clip(seed), 16_000)
    build_store({"class": "spectrum.ComplexStft"}, folder / "audio", folder / "store.h5")
    return folder / "store.h5"


def test_a_store_holds_complex_numbers_in_hdf5_s_own_type(stored):
    with h5py.File(stored) as file:
        x = file["x"]
        assert (x.shape, x.dtype, x.chunks) == ((2, 313, 513), np.complex64, (1, 313, 513))
        assert x.fletcher32
        kind = x.id.get_type()
        assert isinstance(kind, h5py.h5t.TypeComplexID)
        assert kind == h5py.h5t.COMPLEX_IEEE_F32LE
        # What a user without this project reads.
        spectra = x[1]
    assert (type(spectra), spectra.dtype) == (np.ndarray, np.complex64)
    np.testing.assert_array_equal(spectra, ComplexStft(sample_rate=16_000).transform(clip(1)))


def test_where_hdf5_has_no_such_type_the_store_reads_the_same(stored, tmp_path, monkeypatch):
    class Older:
        has_native_complex = False

    monkeypatch.setattr(h5py, "get_config", Older)
    build_store({"class": "spectrum.ComplexStft"}, stored.parent / "audio", tmp_path / "store.h5")
    with h5py.File(tmp_path / "store.h5") as file:
        assert isinstance(file["x"].id.get_type(), h5py.h5t.TypeCompoundID)
    with FeatureStore(tmp_path / "store.h5") as pairs, FeatureStore(stored) as ours:
        assert pairs.dtype == ours.dtype == np.complex64
        for name in NAMES:
            np.testing.assert_array_equal(pairs.read(name), ours.read(name))


def test_a_store_gives_complex_numbers_back(stored):
    expected = {
        name: ComplexStft(sample_rate=16_000).transform(clip(seed))
        for seed, name in enumerate(NAMES)
    }
    with FeatureStore(stored) as store:
        assert (store.shape, store.dtype) == ((313, 513), np.complex64)
        for name in NAMES:
            np.testing.assert_array_equal(store.read(name), expected[name])
    frames = load_clips([stored], [(0, NAMES[1]), (0, NAMES[0])])
    assert frames.dtype == np.complex64
    np.testing.assert_array_equal(frames, [expected[NAMES[1]], expected[NAMES[0]]])
