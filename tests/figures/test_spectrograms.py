"""Spectrograms show the numbers of the store, at the seconds and frequencies they belong to."""

import json

import h5py
import numpy as np
import pytest

from mimii_bench.audio.wav import write_float
from mimii_bench.features.store import FeatureStore, build_store
from mimii_bench.figures.from_stores import read, read_scale
from mimii_bench.figures.spectrograms import Spectrograms
from mimii_bench.util.errors import UserError

FEATURES = {
    "logmel": {"class": "logmel.LogMel", "n_mels": 64},
    "matlab": {"class": "logmel.LogMel", "n_mels": 128, "mel_scale": "htk", "scale": 1.0},
    "magnitude": {"class": "spectrum.Magnitude"},
    "complex": {"class": "spectrum.ComplexStft"},
    "ims": {"class": "ims.Ims"},
    "samples": {"class": "samples.Samples"},
}
TONE_HZ = 3000


@pytest.fixture(scope="module")
def stores(tmp_path_factory):
    """A store of every feature: clips that hold a tone from second 5 on, and the same louder."""
    folder = tmp_path_factory.mktemp("stores")
    time = np.arange(160_000) / 16_000
    tone = (0.01 * np.sin(2 * np.pi * TONE_HZ * time) * (time >= 5)).astype(np.float32)
    for name, samples in (("normal/00000000", tone), ("abnormal/00000000", 10 * tone)):
        path = folder / f"audio/{name}.wav"
        path.parent.mkdir(parents=True)
        write_float(path, samples, 16_000)
    for name, description in FEATURES.items():
        build_store(description, folder / "audio", folder / f"{name}.h5")
    return folder


def part(stores, name, **changes):
    return {"title": "fan 00", "store": str(stores / f"{name}.h5"), "features": [LOGMEL]} | changes


@pytest.mark.parametrize("name", ["logmel", "matlab", "magnitude", "complex", "ims"])
def test_a_tone_stands_at_its_second_and_its_frequency(stores, name):
    panel, *_ = Spectrograms().draw(read([part(stores, name)])).axes
    image = panel.images[0]
    pixels, (left, right, low, high) = image.get_array(), image.get_extent()
    row, column = np.unravel_index(pixels.argmax(), pixels.shape)
    assert left + (column + 0.5) * (right - left) / pixels.shape[1] >= 4.9
    quiet = pixels[row, : int(4.8 * pixels.shape[1] / right)]
    assert quiet.max() < pixels[row, column] - 2
    names = [label.get_text() for label in panel.get_yticklabels()]
    if name == "ims":
        assert names.pop() == "40 filters"
    hertz = [float(text.replace("k", "e3")) for text in names]
    ticks = panel.get_yticks()[: len(hertz)]
    bin_ = low + (row + 0.5) * (high - low) / pixels.shape[0]
    # Between the marks, mel bands are wider than straight lines say.
    assert np.interp(bin_, ticks, hertz) == pytest.approx(TONE_HZ, rel=0.1)
    assert image.origin == "lower"


def test_what_is_drawn_are_the_numbers_of_the_store(stores):
    panel, *_ = Spectrograms().draw(read([part(stores, "logmel", clips={"abnormal": 1})])).axes
    with FeatureStore(stores / "logmel.h5") as store:
        frames = store.read("abnormal/00000000")
    np.testing.assert_array_equal(panel.images[0].get_array(), frames.T)


@pytest.mark.parametrize(("name", "kind"), [("magnitude", np.abs), ("complex", np.abs)])
def test_linear_spectra_are_drawn_in_decibels(stores, name, kind):
    ((clip,),) = read([part(stores, name, clips={"abnormal": 1})])
    with FeatureStore(stores / f"{name}.h5") as store:
        frames = kind(store.read("abnormal/00000000"))
    loud = frames > 1e-3
    np.testing.assert_allclose(clip.values[loud], 20 * np.log10(frames[loud]), atol=1e-4)
    assert np.isfinite(clip.values).all()
    assert clip.scale.unit == "dB"


def test_the_clips_of_a_part_share_their_colours_and_parts_do_not(stores):
    figure = Spectrograms().draw(read([part(stores, "logmel"), part(stores, "matlab")]))
    images = [panel.images[0] for panel in figure.axes if panel.images]
    limits = [image.get_clim() for image in images]
    assert limits[0] == limits[1] != limits[2] == limits[3]
    assert [panel.get_title() for panel in figure.axes[:2]] == [
        "normal, fan 00",
        "abnormal, fan 00",
    ]


def test_clips_come_in_the_order_and_number_asked_for(stores):
    ((first, second),) = read([part(stores, "logmel", clips={"abnormal": 3, "normal": 1})])
    assert (first.label, second.label) == ("abnormal", "normal")
    assert first.values.max() > second.values.max()


def test_sinc_filters_have_colours_of_their_own(stores):
    ((clip, _),) = read([part(stores, "ims")])
    assert clip.scale.rest == "40 filters"
    panel, *_ = Spectrograms().draw([[clip]]).axes
    mel, sinc = panel.images
    assert [*mel.get_extent()[2:], *sinc.get_extent()[2:]] == [-0.5, 127.5, 127.5, 167.5]
    assert mel.get_clim() != sinc.get_clim()
    with FeatureStore(stores / "ims.h5") as store:
        magnitudes = store.read("normal/00000000")[:, 128:]
    loud = magnitudes > 1e-3
    drawn = sinc.get_array().T[loud]
    np.testing.assert_allclose(drawn, 2 * np.log10(magnitudes[loud]), atol=1e-4)


@pytest.mark.parametrize("name", ["logmel", "magnitude", "complex", "ims"])
def test_frames_computed_when_read_are_drawn_like_stored_ones(stores, name):
    stored = part(stores, name)
    computed = part(stores, "samples", computed=FEATURES[name])
    for one, other in zip(*read([stored, computed]), strict=True):
        np.testing.assert_array_equal(one.values, other.values)
        np.testing.assert_array_equal(one.scale.hertz, other.scale.hertz)
        assert one.scale._replace(hertz=None) == other.scale._replace(hertz=None)


def test_mel_bands_are_centred_where_their_filters_peak(stores):
    scale = read_scale(str(stores / "logmel.h5"))
    from mimii_bench.features.mel import mel_filters

    filters = mel_filters(16_000, 8192, 64, 0.0, 8000.0, "slaney")
    np.testing.assert_allclose(scale.hertz, filters.argmax(1) * 16_000 / 8192, atol=1.0)
    assert scale.hop == 0.032


def test_samples_and_missing_labels_are_refused_in_words(stores, tmp_path):
    with pytest.raises(UserError, match="holds samples, no frames; draw recordings instead"):
        read([part(stores, "samples")])
    path = tmp_path / "odd.h5"
    with h5py.File(path, "w") as file:
        file["x"], file["clip"] = np.zeros((1, 3, 4), np.float32), ["normal/00000000"]
        file.attrs["parameters"] = json.dumps({"hop": 512, "n_mels": 4, "scale": 10})
        file.attrs["sample_rate"] = 16_000
    with pytest.raises(UserError, match=r"odd\.h5: there is no abnormal clip to draw"):
        read([part(stores, "logmel", store=str(path))])
