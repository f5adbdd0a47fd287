"""The feature store's contract."""

import json

import h5py
import numpy as np
import pytest

from mimii_bench.audio.wav import write_float
from mimii_bench.features.build import build_feature
from mimii_bench.features.logmel import LogMel
from mimii_bench.features.store import FeatureStore, Frames, build_features, load_clips
from mimii_bench.features.writing import build_store
from mimii_bench.util.errors import UserError

NAMES = ["abnormal/00000000", "normal/00000000", "normal/00000001"]
SHAPE = (3, 313, 16)
DESCRIPTION = {"class": "logmel.LogMel", "n_mels": 16}


def write_clips(folder, names=NAMES, seed=0, length=160_000, rate=16_000):
    rng = np.random.default_rng(seed)
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        samples = rng.normal(0, 0.1, length).astype(np.float32)
        write_float(folder / f"{name}.wav", samples, rate)
    return folder


@pytest.fixture(scope="module")
def audio(tmp_path_factory):
    return write_clips(tmp_path_factory.mktemp("audio"))


@pytest.fixture(scope="module")
def built(audio, tmp_path_factory):
    path = tmp_path_factory.mktemp("store") / "deep/id_00.h5"
    build_store(DESCRIPTION, audio, path)
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
    assert LogMel(sample_rate=16_000, **parameters).parameters == parameters
    assert (facts["sample_rate"], facts["samples"]) == (16_000, 160_000)
    assert "sample_rate" not in parameters
    assert json.loads(facts["versions"])["h5py"] == h5py.__version__
    assert len(facts["source_crc32"]) == 8


def test_the_source_s_checksum_follows_the_samples(built, tmp_path):
    build_store(DESCRIPTION, write_clips(tmp_path / "other", seed=1), tmp_path / "b.h5")
    build_store(DESCRIPTION, write_clips(tmp_path / "same"), tmp_path / "c.h5")
    ours, other, same = (
        h5py.File(path).attrs["source_crc32"]
        for path in (built, tmp_path / "b.h5", tmp_path / "c.h5")
    )
    assert same == ours != other


def test_every_row_is_the_feature_of_its_clip(built, audio):
    from mimii_bench.audio.wav import decode

    feature = build_feature(DESCRIPTION, 16_000)
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
    build_store(DESCRIPTION, write_clips(tmp_path / "audio", seed=1), other)
    wanted = [(1, NAMES[2]), (0, NAMES[1]), (1, NAMES[0]), (0, NAMES[2])]
    frames = load_clips([built, other], wanted)
    assert frames.dtype == np.float32
    for row, (index, name) in zip(frames, wanted, strict=True):
        with FeatureStore([built, other][index]) as store:
            np.testing.assert_array_equal(row, store.read(name))


def test_a_folder_without_clips_is_named(tmp_path):
    with pytest.raises(UserError, match=f"^{tmp_path}/audio: no WAV inside"):
        build_store(DESCRIPTION, tmp_path / "audio", tmp_path / "store.h5")


def test_a_damaged_clip_is_named_and_no_store_is_left(tmp_path):
    audio = write_clips(tmp_path / "audio")
    broken = audio / f"{NAMES[2]}.wav"
    broken.write_bytes(broken.read_bytes()[:-10])
    with pytest.raises(UserError, match=f"^{broken}: truncated"):
        build_store(DESCRIPTION, audio, tmp_path / "store.h5")
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


def test_rate_and_length_are_those_of_the_recordings(tmp_path):
    """At 48 kHz half the rate is 24 kHz: the bands reach there."""
    build_store(
        DESCRIPTION, write_clips(tmp_path / "a", length=9600, rate=48_000), tmp_path / "s.h5"
    )
    with h5py.File(tmp_path / "s.h5") as file:
        assert (file.attrs["sample_rate"], file.attrs["samples"]) == (48_000, 9600)
        assert file["x"].shape == (3, 19, 16)
    feature = build_feature(DESCRIPTION, 48_000)
    with FeatureStore(tmp_path / "s.h5") as store:
        assert store.sample_rate == 48_000
        samples = np.random.default_rng(0).normal(0, 0.1, 9600).astype(np.float32)
        np.testing.assert_array_equal(store.read(NAMES[0]), feature.transform(samples))


@pytest.mark.parametrize(
    ("odd", "message"),
    [
        ({"length": 4001}, "4001 samples at 16000 Hz, and 00000000.wav has 4000 at 16000"),
        (
            {"length": 4000, "rate": 8000},
            "4000 samples at 8000 Hz, and 00000000.wav has 4000 at 16",
        ),
    ],
)
def test_clips_that_differ_in_rate_or_length_are_named(tmp_path, odd, message):
    write_clips(tmp_path / "audio", NAMES[:2], length=4000)
    write_clips(tmp_path / "audio", NAMES[2:], **odd)
    with pytest.raises(UserError, match=f"^{tmp_path}/audio/{NAMES[2]}.wav: {message}"):
        build_store(DESCRIPTION, tmp_path / "audio", tmp_path / "store.h5")
    assert not (tmp_path / "store.h5").exists()


def test_clips_shorter_than_a_frame_are_named(tmp_path):
    write_clips(tmp_path / "audio", length=1000)
    unpadded = {**DESCRIPTION, "padding": "none"}
    with pytest.raises(
        UserError, match=r"wav: its 1000 samples are fewer than one frame of LogMel"
    ):
        build_store(unpadded, tmp_path / "audio", tmp_path / "store.h5")


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ({"class": "spectrum.Magnitude"}, "the feature of its frames is LogMel, not Magnitude"),
        (
            {**DESCRIPTION, "padding": "reflect"},
            "the padding of its frames is constant, not reflect",
        ),
        ({**DESCRIPTION, "n_mels": 17}, "the n_mels of its frames is 16, not 17"),
        ({"class": "samples.Samples"}, "the feature of its frames is LogMel, not Samples"),
    ],
)
def test_a_store_is_read_only_as_what_it_says_it_is(built, other, message):
    (own,) = build_features([DESCRIPTION], [built])
    with FeatureStore(Frames(built, own)) as asked, FeatureStore(built) as unasked:
        np.testing.assert_array_equal(asked.read(NAMES[0]), unasked.read(NAMES[0]))
        assert asked.parameters == unasked.parameters == own.parameters
    (wanted,) = build_features([other], [built])
    with pytest.raises(UserError, match=f"^{built}: {message}"):
        FeatureStore(Frames(built, wanted))


def test_frames_of_another_rate_are_refused(built):
    with pytest.raises(
        UserError, match=f"^{built}: its clips are sampled at 16000 Hz, not at 8000"
    ):
        FeatureStore(Frames(built, build_feature(DESCRIPTION, 8000)))


def test_stores_of_clips_of_other_lengths_are_not_mixed(built, tmp_path):
    build_store(DESCRIPTION, write_clips(tmp_path / "audio", length=9600), tmp_path / "short.h5")
    with pytest.raises(UserError, match=r"short\.h5: its clips are of shape \(19, 16\), others"):
        load_clips([built, tmp_path / "short.h5"], [(0, NAMES[0]), (1, NAMES[0])])


@pytest.mark.parametrize("error", [BlockingIOError(11, "unable to lock file"), PermissionError(13)])
def test_a_store_that_is_locked_is_sound_and_nobody_is_told_to_delete_it(monkeypatch, error):
    def locked(*_):
        raise error

    monkeypatch.setattr(h5py, "File", locked)
    with pytest.raises(UserError, match=r"store.h5: cannot be read: .*; another process") as caught:
        FeatureStore("store.h5")
    assert "delete" not in str(caught.value)
