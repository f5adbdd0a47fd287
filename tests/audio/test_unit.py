"""One mix of one unit, from a zip to a folder."""

from dataclasses import replace

import numpy as np
import pytest

from mimii_bench.audio.mixes import apply_mix, parse_mix
from mimii_bench.audio.unit import write_mix
from mimii_bench.audio.wav import decode_with_libsndfile
from mimii_bench.corpus.base import Corpus
from mimii_bench.corpus.location import described
from mimii_bench.corpus.sources import open_source
from mimii_bench.util.checksums import CRCS, Sums
from mimii_bench.util.errors import UserError
from samples import noise, wav_bytes, write_zip

GOOD = "fan/id_00/normal/00000003.wav"
OTHER = "fan/id_00/abnormal/00000001.wav"


def source_with(folder, **members):
    """A zip of one good clip and the given bytes as another."""
    write_zip(folder / "-6_dB_fan.zip", {GOOD: wav_bytes(noise(0)), OTHER: members["other"]})
    return open_source(described("zip"), folder, "fan", "-6dB")


def with_nan(samples):
    """The samples as float, one of them no number."""
    spoilt = samples / np.float32(32768)
    spoilt[100_000, 6] = np.nan
    return spoilt


def files_in(folder):
    """The files below a folder beside their checksums, which name them all."""
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert set(Sums.of_folder(folder, CRCS)) == found - {CRCS}
    return found - {CRCS}


def test_every_clip_becomes_a_one_channel_float_wav_of_its_name(tmp_path):
    source = source_with(tmp_path, other=wav_bytes(noise(1)))
    write_mix(source, source.clips(), parse_mix("ch2"), tmp_path / "mix")
    assert files_in(tmp_path / "mix") == {"normal/00000003.wav", "abnormal/00000001.wav"}
    for name, seed in (("normal/00000003", 0), ("abnormal/00000001", 1)):
        recording = decode_with_libsndfile((tmp_path / f"mix/{name}.wav").read_bytes(), "")
        np.testing.assert_array_equal(
            recording.samples[:, 0], noise(seed)[:, 2].astype(np.float32) / 32768, strict=True
        )
        assert recording.sample_rate == 16_000


def test_only_the_clips_asked_for_are_written_and_an_old_folder_goes(tmp_path):
    (tmp_path / "mix/normal").mkdir(parents=True)
    (tmp_path / "mix/normal/99999999.wav").touch()
    source = source_with(tmp_path, other=b"never read")
    clips = [clip for clip in source.clips() if clip.label == "normal"]
    write_mix(source, clips, parse_mix("mono"), tmp_path / "mix")
    assert files_in(tmp_path / "mix") == {"normal/00000003.wav"}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (wav_bytes(noise(channels=1)), r"1 channel\(s\), not 8 as mimii says; use"),
        (wav_bytes(noise(), rate=44_100), "sampled at 44100 Hz, not 16000"),
        (wav_bytes(noise(samples=159_999)), "159999 samples, not 160000"),
        (wav_bytes(noise())[:-2], "truncated WAV"),
        (b"", "not a readable recording"),
        (wav_bytes(with_nan(noise()), subtype="FLOAT"), "some samples are no numbers"),
    ],
    ids=["one channel", "other rate", "short", "truncated", "empty", "not a number"],
)
def test_an_unfit_clip_is_named_and_nothing_half_written_stays(tmp_path, data, reason):
    source = source_with(tmp_path, other=data)
    good_first = sorted(source.clips(), reverse=True)
    with pytest.raises(UserError, match=f"^{tmp_path}/-6_dB_fan.zip: {OTHER}: {reason}"):
        write_mix(source, good_first, parse_mix("ch0-ch4"), tmp_path / "mix")
    assert [path.name for path in tmp_path.iterdir()] == ["-6_dB_fan.zip"]


@pytest.mark.parametrize("channels", [1, 7, 16])
@pytest.mark.parametrize("mix", ["mono", "ch0"])
def test_another_number_of_channels_is_refused_whatever_the_mix(tmp_path, channels, mix):
    source = source_with(tmp_path, other=wav_bytes(noise(channels=channels)))
    with pytest.raises(UserError, match=rf"{OTHER}: {channels} channel\(s\), not 8 as mimii says"):
        write_mix(source, source.clips(), parse_mix(mix), tmp_path / "mix")


FLOATS = noise(1) / np.float32(32768)


@pytest.mark.parametrize(
    ("samples", "subtype", "reason"),
    [
        (FLOATS * 1700, "FLOAT", "a sample is 1700, and those of float recordings"),
        (np.rint(FLOATS * 3), "FLOAT", "a sample is 3, and"),
        (FLOATS * 1e30, "FLOAT", r"a sample is 1e\+30, and"),
        (FLOATS.astype(float) * 1e300, "DOUBLE", "no numbers or infinite"),
        (noise(1).astype(np.float32), "FLOAT", "divide by 32768 what is in units of 16-bit"),
    ],
)
def test_floats_that_are_no_samples_are_refused(tmp_path, samples, subtype, reason):
    source = source_with(tmp_path, other=wav_bytes(samples, subtype=subtype))
    with pytest.raises(UserError, match=f"{OTHER}: .*{reason}"):
        write_mix(source, source.clips(), parse_mix("ch0"), tmp_path / "mix")


@pytest.mark.parametrize("gain", [1e-3, 1.0, 1.5])
def test_floats_that_go_a_little_beyond_full_scale_are_samples(tmp_path, gain):
    source = source_with(tmp_path, other=wav_bytes(FLOATS * np.float32(gain), subtype="FLOAT"))
    write_mix(source, source.clips(), parse_mix("ch0"), tmp_path / "mix")
    assert len(files_in(tmp_path / "mix")) == 2


def equal(samples, one, other, by=0):
    """The samples with one channel in place of another, moved by a constant."""
    changed = samples.copy()
    changed[:, other] = changed[:, one] + by
    return changed


QUIET = noise(3) // 100
ROUNDED = equal(QUIET, 0, 4) / np.float32(32768)
ROUNDED[:, 4] *= np.float32(1 + 2**-22)


@pytest.mark.parametrize(
    ("samples", "subtype"),
    [
        (equal(QUIET, 0, 4), "PCM_16"),
        (equal(QUIET, 0, 4, by=7), "PCM_16"),
        (ROUNDED, "FLOAT"),
        (QUIET * np.array([0, 1, 1, 1, 0, 1, 1, 1], np.int16), "PCM_16"),
    ],
    ids=["equal", "equal but for an offset", "equal but for rounding", "both dead"],
)
def test_a_difference_that_is_silent_is_refused_by_name(tmp_path, samples, subtype):
    source = source_with(tmp_path, other=wav_bytes(samples, subtype=subtype))
    write_mix(source, source.clips(), parse_mix("ch0-ch1"), tmp_path / "fine")
    with pytest.raises(UserError, match=f"{OTHER}: channels 0 and 4 are equal, so that ch0-ch4 is"):
        write_mix(source, source.clips(), parse_mix("ch0-ch4"), tmp_path / "mix")


@pytest.mark.parametrize(
    "samples",
    [QUIET * 0, equal(QUIET, 0, 4) + np.eye(160_000, 8, -4, dtype=np.int16), QUIET],
    ids=["silent in all channels", "other by one step in a few samples", "noise"],
)
def test_other_differences_are_mixed(tmp_path, samples):
    source = source_with(tmp_path, other=wav_bytes(samples))
    write_mix(source, source.clips(), parse_mix("ch0-ch4"), tmp_path / "mix")
    assert len(files_in(tmp_path / "mix")) == 2


def test_a_clip_of_an_unpacked_corpus_is_named_by_its_file(tmp_path):
    path = tmp_path / "-6dB" / OTHER
    path.parent.mkdir(parents=True)
    path.write_bytes(b"")
    source = open_source(described("folder"), tmp_path, "fan", "-6dB")
    with pytest.raises(UserError, match=f"^{path}: not a readable recording"):
        write_mix(source, source.clips(), parse_mix("mono"), tmp_path / "mix")


def test_finite_float_recordings_and_mono_of_one_channel_pass(tmp_path):
    folder = tmp_path / "fan/test"
    folder.mkdir(parents=True)
    data = wav_bytes(noise(channels=1) / np.float32(32768), subtype="FLOAT")
    (folder / "normal_id_00_00000000.wav").write_bytes(data)
    source = open_source(described("dcase2020"), tmp_path, "fan", "-6dB")
    write_mix(source, source.clips(), parse_mix("mono"), tmp_path / "mix")
    assert files_in(tmp_path / "mix") == {"normal/test_00000000.wav"}


def test_flac_and_folders_are_read_as_well(tmp_path):
    folder = tmp_path / "fan/test"
    folder.mkdir(parents=True)
    data = wav_bytes(noise(channels=1), format="FLAC")
    (folder / "anomaly_id_02_00000007.flac").write_bytes(data)
    source = open_source(described("dcase2020"), tmp_path, "fan", "-6dB")
    write_mix(source, source.clips(), parse_mix("ch0"), tmp_path / "mix")
    written = (tmp_path / "mix/abnormal/test_00000007.wav").read_bytes()
    np.testing.assert_array_equal(
        decode_with_libsndfile(written, "").samples, noise(channels=1).astype(np.float32) / 32768
    )


GEARS = Corpus("gears", "folder", channels=4, sample_rate=48_000, samples=24_000)


def gears(folder, corpus=GEARS, **clips):
    """A source of one gearbox, clips by their names."""
    for name, data in clips.items():
        path = folder / f"gearbox/id_a/normal/{name}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return open_source(corpus, folder, "gearbox", "any")


@pytest.mark.parametrize("mix", ["mono", "ch3", "ch3-ch1"])
def test_recordings_are_as_their_description_says(tmp_path, mix):
    samples = noise(samples=24_000, channels=4)
    source = gears(tmp_path, one=wav_bytes(samples, rate=48_000))
    write_mix(source, source.clips(), parse_mix(mix), tmp_path / "mix")
    written = decode_with_libsndfile((tmp_path / "mix/normal/one.wav").read_bytes(), "")
    assert written.sample_rate == 48_000
    np.testing.assert_array_equal(written.samples[:, 0], apply_mix(parse_mix(mix), samples))


@pytest.mark.parametrize(
    ("shape", "rate", "reason"),
    [
        ((24_000, 4), 16_000, "sampled at 16000 Hz, not 48000 as gears says"),
        ((23_999, 4), 48_000, r"23999 samples, not 24000; every clip of gears lasts 0\.5 s"),
        ((24_000, 8), 48_000, r"8 channel\(s\), not 4 as gears says; use"),
    ],
)
def test_what_a_description_does_not_say_is_refused(tmp_path, shape, rate, reason):
    source = gears(tmp_path, one=wav_bytes(noise(0, *shape), rate=rate))
    with pytest.raises(UserError, match=f"one.wav: {reason}"):
        write_mix(source, source.clips(), parse_mix("mono"), tmp_path / "mix")


def test_a_channel_beyond_those_of_the_recordings_is_refused(tmp_path):
    source = gears(tmp_path, one=wav_bytes(noise(0, 24_000, 4), rate=48_000))
    with pytest.raises(
        UserError, match=r"4 channel\(s\), mix ch9 needs 10; use a mix of channels from 0 to 3"
    ):
        write_mix(source, source.clips(), parse_mix("ch9"), tmp_path / "mix")


def test_clips_of_any_length_must_agree_within_a_unit(tmp_path):
    data = {
        name: wav_bytes(noise(n, samples, 4), rate=48_000)
        for n, (name, samples) in enumerate({"a": 7000, "b": 7000, "c": 7001, "d": 6000}.items())
    }
    source = gears(tmp_path, replace(GEARS, samples=None), **data)
    clips = source.clips()
    write_mix(source, clips[:2], parse_mix("ch0"), tmp_path / "mix")
    assert files_in(tmp_path / "mix") == {"normal/a.wav", "normal/b.wav"}
    with pytest.raises(UserError, match=r"c\.wav: 7001 samples, and .*a\.wav has 7000; clips"):
        write_mix(source, clips, parse_mix("ch0"), tmp_path / "other")
    assert not (tmp_path / "other").exists()
