"""The feature store's contract."""

import json

import h5py
import numpy as np
import pytest

from mimii_bench.audio.wav import write_float
from mimii_bench.features.logmel import LogMel
from mimii_bench.features.store import FeatureStore, build_store, load_clips
from mimii_bench.util.errors import UserError

NAMES = ["abnormal/00000000", "normal/00000000", "normal/00000001"]
SHAPE = (3, 313, 16)


def write_clips(folder, names=NAMES, seed=0):
    rng = np.random.default_rng(seed)
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        samples = rng.normal(0, 0.1, 160_000).astype(np.float32)
        write_float(folder / f"{name}.wav", samples, 16_000)
    return folder


@pytest.fixture(scope="module")
def audio(tmp_path_factory):
    return write_clips(tmp_path_factory.mktemp("audio"))


@pytest.fixture(scope="module")
def built(audio, tmp_path_factory):
    path = tmp_path_factory.mktemp("store") / "deep/id_00.h5"
    build_store(LogMel(n_mels=16), audio, path)
    return path


@pytest.fixture
def copy(built, tmp_path):
    path = tmp_path / "copy.h5"
    path.write_bytes(built.read_bytes())
    return path


def damage(path):
    """Alter what is stored of the last clip."""
    with h5py.File(path) as file:
        stored = file["x"].id.get_chunk_info(2)
    data = bytearray(path.read_bytes())
    data[stored.byte_offset + stored.size // 2] ^= 0xFF
    path.write_bytes(data)


def test_datasets_and_chunks_are_those_of_the_contract(built):
    with h5py.File(built) as file:
        assert set(file) == {"x", "clip", "label"}
        x = file["x"]
        assert (x.shape, x.dtype, x.chunks) == (SHAPE, np.float32, (1, *SHAPE[1:]))
        assert x.fletcher32
        assert [name.decode() for name in file["clip"]] == NAMES
        assert [label.decode() for label in file["label"]] == ["abnormal", "normal", "normal"]


def test_attributes_name_feature_parameters_versions_and_source(built):
    with h5py.File(built) as file:
        facts = dict(file.attrs)
    assert facts["feature"] == "LogMel"
    parameters = json.loads(facts["parameters"])
    assert parameters.items() >= {"n_mels": 16, "n_fft": 1024, "padding": "constant"}.items()
    assert LogMel(**parameters).parameters == parameters
    assert facts["sample_rate"] == 16_000
    assert json.loads(facts["versions"])["h5py"] == h5py.__version__
    assert len(facts["source_blake2b"]) == 32


def test_the_source_s_checksum_follows_the_samples(built, tmp_path):
    build_store(LogMel(n_mels=16), write_clips(tmp_path / "other", seed=1), tmp_path / "b.h5")
    build_store(LogMel(n_mels=16), write_clips(tmp_path / "same"), tmp_path / "c.h5")
    ours, other, same = (
        h5py.File(path).attrs["source_blake2b"]
        for path in (built, tmp_path / "b.h5", tmp_path / "c.h5")
    )
    assert same == ours != other


def test_every_row_is_the_feature_of_its_clip(built, audio):
    from mimii_bench.audio.wav import decode

    feature = LogMel(n_mels=16)
    with FeatureStore(built) as store:
        assert store.shape == SHAPE[1:]
        for name in NAMES:
            samples = decode((audio / f"{name}.wav").read_bytes(), name).samples[:, 0]
            np.testing.assert_array_equal(store.read(name), feature.transform(samples))


def test_read_into_equals_read(built):
    out = np.full((2, *SHAPE[1:]), np.nan, np.float32)
    with FeatureStore(built) as store:
        store.read_into(NAMES[2], out[1])
        np.testing.assert_array_equal(out[1], store.read(NAMES[2]))
    assert np.isnan(out[0]).all()


def test_clips_of_several_stores_come_in_the_order_asked_for(built, tmp_path):
    other = tmp_path / "other.h5"
    build_store(LogMel(n_mels=16), write_clips(tmp_path / "audio", seed=1), other)
    wanted = [(1, NAMES[2]), (0, NAMES[1]), (1, NAMES[0]), (0, NAMES[2])]
    frames = load_clips([built, other], wanted)
    assert frames.dtype == np.float32
    for row, (index, name) in zip(frames, wanted, strict=True):
        with FeatureStore([built, other][index]) as store:
            np.testing.assert_array_equal(row, store.read(name))


def test_a_folder_without_clips_is_named(tmp_path):
    with pytest.raises(UserError, match=f"^{tmp_path}/audio: no WAV inside"):
        build_store(LogMel(n_mels=16), tmp_path / "audio", tmp_path / "store.h5")


def test_a_damaged_clip_is_named_and_no_store_is_left(tmp_path):
    audio = write_clips(tmp_path / "audio")
    broken = audio / f"{NAMES[2]}.wav"
    broken.write_bytes(broken.read_bytes()[:-10])
    with pytest.raises(UserError, match=f"^{broken}: truncated"):
        build_store(LogMel(n_mels=16), audio, tmp_path / "store.h5")
    assert [path.name for path in tmp_path.iterdir()] == ["audio"]


@pytest.mark.parametrize("kept", [0, 500, -100])
def test_a_store_that_is_cut_off_is_named(copy, kept):
    copy.write_bytes(copy.read_bytes()[:kept])
    with pytest.raises(UserError, match=f"^{copy}: not a whole feature store"):
        FeatureStore(copy)


def test_a_store_that_is_missing_is_named(tmp_path):
    with pytest.raises(UserError, match=r"none.h5: not a whole feature store"):
        FeatureStore(tmp_path / "none.h5")


def test_an_altered_number_is_found_and_the_clip_named(copy):
    damage(copy)
    with FeatureStore(copy) as store:
        store.read(NAMES[1])
        with pytest.raises(UserError, match=f"^{copy}: not a whole feature store, {NAMES[2]}"):
            store.read(NAMES[2])
    with pytest.raises(UserError, match=f"^{copy}: not a whole feature store"):
        load_clips([copy], [(0, NAMES[2])])


def test_a_clip_that_is_not_stored_is_named(built):
    with FeatureStore(built) as store, pytest.raises(UserError, match="normal/00000077 cannot"):
        store.read("normal/00000077")
