"""Spectrograms are read with what their axes mean."""

import numpy as np
import pytest

from figures.conftest import write_clips
from figures.parts import FEATURES, TONE_HZ, store_part, stored
from mimii_bench.audio.wav import write_float
from mimii_bench.features.mel import mel_filters
from mimii_bench.features.writing import build_store
from mimii_bench.figures.from_stores import read, read_scale, source_of
from mimii_bench.util.errors import UserError


def test_clips_come_in_the_order_and_number_asked_for(stores):
    ((first, second),) = read([store_part(stores, "logmel", clips={"abnormal": 3, "normal": 1})])
    assert (first.label, second.label) == ("abnormal", "normal")
    assert first.values.max() > second.values.max()


@pytest.mark.parametrize(("name", "kind"), [("magnitude", np.abs), ("complex", np.abs)])
def test_linear_spectra_are_drawn_in_decibels(stores, name, kind):
    ((clip,),) = read([store_part(stores, name, clips={"abnormal": 1})])
    frames = kind(stored(stores / f"{name}.h5", "abnormal/00000000"))
    loud = frames > 1e-3
    np.testing.assert_allclose(clip.values[loud], 20 * np.log10(frames[loud]), atol=1e-4)
    assert np.isfinite(clip.values).all()
    assert clip.scale.unit == "dB"


@pytest.mark.parametrize("name", ["logmel", "magnitude", "complex", "ims"])
def test_frames_computed_when_read_are_drawn_like_stored_ones(stores, name):
    own, computed = store_part(stores, name), store_part(stores, name, read_from="samples")
    for one, other in zip(*read([own, computed]), strict=True):
        np.testing.assert_array_equal(one.values, other.values)
        np.testing.assert_array_equal(one.scale.hertz, other.scale.hertz)
        assert one.scale._replace(hertz=None) == other.scale._replace(hertz=None)


def test_mel_bands_are_centred_where_their_filters_peak(stores):
    scale = read_scale(source_of(stores / "logmel.h5", FEATURES["logmel"]))
    filters = mel_filters(16_000, 8192, 64, 0.0, 8000.0, "slaney")
    np.testing.assert_allclose(scale.hertz, filters.argmax(1) * 16_000 / 8192, atol=1.0)
    assert scale.hop == 0.032


@pytest.mark.parametrize(
    ("name", "bins", "unit", "rest", "linear_from"),
    [
        ("logmel", 64, "dB", "", 64),
        ("matlab", 128, "log10 power", "", 128),
        ("magnitude", 513, "dB", "", 0),
        ("complex", 513, "dB", "", 0),
        ("ims", 128, "log10 power", "40 filters", 128),
    ],
)
def test_axes_say_what_bins_and_levels_are(stores, name, bins, unit, rest, linear_from):
    ((clip, _),) = read([store_part(stores, name)])
    scale = clip.scale
    assert (len(scale.hertz), scale.unit, scale.rest) == (bins, unit, rest)
    assert (scale.hop, scale.linear_from) == (0.032, linear_from)
    assert (np.diff(scale.hertz) > 0).all()
    loudest = np.unravel_index(clip.values[:, :bins].argmax(), clip.values[:, :bins].shape)
    assert scale.hertz[loudest[1]] == pytest.approx(TONE_HZ, rel=0.03)
    assert loudest[0] * scale.hop >= 4.9


def test_the_axes_follow_the_sample_rate_of_the_recordings(tmp_path):
    (tmp_path / "audio/normal").mkdir(parents=True)
    samples = np.random.default_rng(0).normal(0, 0.1, 48_000).astype(np.float32)
    write_float(tmp_path / "audio/normal/00000000.wav", samples, 48_000)
    for name in ("logmel", "magnitude"):
        build_store(FEATURES[name], tmp_path / "audio", tmp_path / f"{name}.h5")
        scale = read_scale(source_of(tmp_path / f"{name}.h5", FEATURES[name]))
        assert scale.hop == 512 / 48_000
        assert scale.hertz[-1] == pytest.approx(24_000, rel=0.07)


def test_samples_alone_are_refused(stores):
    with pytest.raises(
        UserError, match=r"samples\.h5: it holds samples, no frames; draw recordings"
    ):
        read([store_part(stores, "samples")])


def test_a_label_without_clips_is_named(stores, tmp_path):
    path = tmp_path / "odd.h5"
    tone = np.sin(np.arange(160_000))
    write_clips(tmp_path, {"normal/00000000": tone, "normal/00000001": tone})
    build_store(FEATURES["logmel"], tmp_path / "audio", path)
    with pytest.raises(UserError, match=r"odd\.h5: there is no abnormal clip to draw"):
        read([store_part(stores, "logmel", store=str(path))])


def test_a_store_of_another_feature_is_refused(stores):
    with pytest.raises(UserError, match=r"matlab\.h5: the n_mels of its frames is 128, not 64"):
        read([store_part(stores, "logmel", read_from="matlab")])
