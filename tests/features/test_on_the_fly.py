"""Frames computed when they are read are those of a store, to the last bit."""

import h5py
import numpy as np
import pytest

from mimii_bench.audio.wav import write_float
from mimii_bench.corpus.base import Unit
from mimii_bench.features.build import build_feature
from mimii_bench.features.store import FeatureStore, Frames, build_features, load_clips
from mimii_bench.features.writing import build_store
from mimii_bench.splits.manifests import SplitRow
from mimii_bench.training.fitting import fit
from mimii_bench.training.inputs import stores_by_input
from mimii_bench.training.scoring import score
from mimii_bench.util.errors import UserError

UNITS = [Unit("fan", "0dB", "00"), Unit("fan", "0dB", "02")]
NAMES = ["abnormal/00000000", "normal/00000000", "normal/00000001"]
FEATURES = {
    "logmel": {"class": "logmel.LogMel", "n_mels": 16, "padding": "reflect"},
    "magnitude": {"class": "spectrum.Magnitude"},
    "complex": {"class": "spectrum.ComplexStft"},
    "ims": {"class": "ims.Ims"},
    "samples": {"class": "samples.Samples"},
}


@pytest.fixture(scope="module")
def stores(tmp_path_factory):
    """Stores of every feature: {name: [of the first unit, of the second]}."""
    folder = tmp_path_factory.mktemp("stores")
    rng = np.random.default_rng(0)
    for unit in UNITS:
        for name in NAMES:
            path = folder / f"audio/{unit.path}/{name}.wav"
            path.parent.mkdir(parents=True, exist_ok=True)
            write_float(path, rng.normal(0, 0.1, 160_000).astype(np.float32), 16_000)
    paths = {name: [folder / f"{name}/{unit.path}.h5" for unit in UNITS] for name in FEATURES}
    for name, description in FEATURES.items():
        for unit, path in zip(UNITS, paths[name], strict=True):
            build_store(description, folder / f"audio/{unit.path}", path)
    return paths


@pytest.fixture(params=FEATURES)
def pair(request, stores):
    """Stored frames of one feature, and the same to be computed: two stores each."""
    feature = build_feature(FEATURES[request.param], 16_000)
    return stores[request.param], [Frames(path, feature) for path in stores["samples"]]


def test_reading_gives_the_stored_numbers(pair):
    stored, computed = (FeatureStore(sources[0]) for sources in pair)
    with stored, computed:
        assert (computed.shape, computed.dtype) == (stored.shape, stored.dtype)
        assert computed.rows == stored.rows
        out = np.zeros((2, *stored.shape), stored.dtype)
        for name in NAMES:
            ours = computed.read(name)
            assert ours.dtype == stored.dtype
            np.testing.assert_array_equal(ours, stored.read(name))
            computed.read_into(name, out[1])
            np.testing.assert_array_equal(out[1], ours)
        assert not out[0].any()


def test_loading_gives_the_stored_numbers(pair):
    wanted = [(1, NAMES[2]), (0, NAMES[1]), (1, NAMES[0])]
    stored, computed = (load_clips(sources, wanted) for sources in pair)
    assert computed.dtype == stored.dtype
    np.testing.assert_array_equal(computed, stored)


class Recorder:
    """A system that keeps what it is given and scores a clip by its numbers."""

    learns = None

    def fit(self, *inputs, validation=None):
        self.seen = [*inputs, *validation]

    def score(self, clips):
        return np.array([sum(abs(part).sum() for part in parts) for parts in clips])


def test_a_training_does_not_see_where_its_frames_come_from(stores):
    roles = ("test", "train", "validation")
    rows = [
        SplitRow(name, *unit, name.split("/")[0], role)
        for unit in UNITS
        for name, role in zip(NAMES, roles, strict=True)
    ]
    seen, scores = [], []
    features = [FEATURES["logmel"], FEATURES["complex"]]
    for complex_paths in (stores["complex"], stores["samples"]):
        by_input = stores_by_input([*stores["logmel"], *complex_paths], UNITS, features)
        system = Recorder()
        fit(system, rows, by_input)
        seen.append(system.seen)
        scores.append(score(system, rows, by_input)["score"])
    assert [part.shape for part in seen[0]] == [(2, 313, 16), (2, 313, 513)] * 2
    for stored, computed in zip(*seen, strict=True):
        np.testing.assert_array_equal(stored, computed)
    np.testing.assert_array_equal(*scores)
    assert len(set(scores[0])) == len(rows)


def test_a_feature_too_few_is_an_error(stores):
    with pytest.raises(ValueError, match="argument 2 is longer"):
        stores_by_input([*stores["logmel"], *stores["samples"]], UNITS, [FEATURES["samples"]])


def test_a_samples_store_keeps_the_contract(stores):
    with h5py.File(stores["samples"][0]) as file:
        x = file["x"]
        assert (x.shape, x.dtype, x.chunks) == ((3, 160_000, 1), np.float32, (1, 160_000, 1))
        assert file.attrs["feature"] == "Samples"


def test_damaged_samples_are_named(stores, tmp_path):
    copy = tmp_path / "copy.h5"
    copy.write_bytes(stores["samples"][0].read_bytes())
    with h5py.File(copy) as file:
        offset = file["x"].id.get_chunk_info(2).byte_offset
    data = bytearray(copy.read_bytes())
    data[offset + 1000] ^= 0xFF
    copy.write_bytes(data)
    with FeatureStore(Frames(copy, build_feature(FEATURES["logmel"], 16_000))) as store:
        store.read(NAMES[1])
        with pytest.raises(UserError, match=f"^{copy}: not a whole feature store, {NAMES[2]}"):
            store.read(NAMES[2])
        with pytest.raises(UserError, match=f"^{copy}: not a whole feature store, normal/00000077"):
            store.read("normal/00000077")


def test_a_class_that_does_not_exist_is_named():
    with pytest.raises(UserError, match=r"^mfcc\.Mfcc: there is no features/mfcc\.py"):
        build_feature({"class": "mfcc.Mfcc"}, 16_000)


def test_frames_are_computed_for_the_rate_that_the_samples_have(stores, tmp_path):
    """The same samples, said to be of another rate, have other bands."""
    (tmp_path / "audio/normal").mkdir(parents=True)
    with FeatureStore(stores["samples"][0]) as store:
        samples = store.read(NAMES[1])[:, 0]
    write_float(tmp_path / "audio/normal/00000000.wav", samples, 32_000)
    build_store(FEATURES["samples"], tmp_path / "audio", tmp_path / "samples.h5")
    build_store(FEATURES["logmel"], tmp_path / "audio", tmp_path / "logmel.h5")
    (feature,) = build_features([FEATURES["logmel"]], [tmp_path / "samples.h5"])
    assert feature.sample_rate == 32_000
    with FeatureStore(Frames(tmp_path / "samples.h5", feature)) as computed:
        ours = computed.read(NAMES[1])
    for path, same in ((tmp_path / "logmel.h5", True), (stores["logmel"][0], False)):
        with FeatureStore(path) as stored:
            assert np.array_equal(ours, stored.read(NAMES[1])) == same
    with pytest.raises(UserError, match="sampled at 16000 Hz, not at 32000; all units"):
        FeatureStore(Frames(stores["samples"][0], feature))
