"""Sounds that are written to be played."""

import numpy as np
import pytest
import soundfile

from mimii_bench.corpus.base import Unit
from mimii_bench.corpus.index import write_index
from mimii_bench.corpus.location import Location
from mimii_bench.corpus.mimii import MIMII
from mimii_bench.listening.choosing import standings
from mimii_bench.listening.hearing import common_gain, read_heard, write_sound
from mimii_bench.util.errors import UserError
from samples import SAMPLE_RATE, noise, wav_bytes, write_mimii_zip


def sound(samples=16000):
    return (noise(samples=samples, channels=1)[:, 0] / 65536).astype(np.float32)


def test_the_same_sound_is_the_same_bytes(tmp_path):
    for name in ("a.flac", "b.flac"):
        write_sound(tmp_path / name, sound(), SAMPLE_RATE, 1.5)
    assert (tmp_path / "a.flac").read_bytes() == (tmp_path / "b.flac").read_bytes()


def test_a_sound_is_what_was_heard_times_the_gain(tmp_path):
    write_sound(tmp_path / "a.flac", sound(), SAMPLE_RATE, 1.5)
    read, rate = soundfile.read(tmp_path / "a.flac")
    assert rate == SAMPLE_RATE
    np.testing.assert_allclose(read, 1.5 * sound(), atol=1e-4)
    assert soundfile.info(tmp_path / "a.flac").subtype == "PCM_16"


def test_what_is_too_loud_is_cut_and_does_not_turn_round(tmp_path):
    write_sound(tmp_path / "a.flac", np.array([0.9, -0.9] * 100), SAMPLE_RATE, 2.0)
    read, _ = soundfile.read(tmp_path / "a.flac")
    assert read.max() > 0.99
    assert read.min() == -1


def test_one_gain_keeps_what_is_quiet_quiet():
    gain = common_gain([sound(), 0.1 * sound()])
    assert np.abs(gain * sound()).max() == pytest.approx(0.89)
    assert common_gain([np.zeros(10)]) == common_gain([]) == 1


@pytest.fixture
def corpus(tmp_path):
    """A corpus of one zip, and the index of its clips."""
    data = wav_bytes(noise(samples=160_000))
    write_mimii_zip(tmp_path, "fan", "0dB", normal=2, abnormal=1, data=data)
    location = Location(MIMII, tmp_path, "zip")
    write_index(location.source("fan", "0dB"), tmp_path / "index.csv")
    return location, tmp_path / "index.csv"


def scored(clip):
    row = {"clip": clip, **Unit("fan", "0dB", "00")._asdict(), "label": "normal", "role": "test"}
    return standings("fan", [{**row, "score": 1.0}])


def test_clips_are_read_from_the_archive_and_mixed(corpus):
    (clip,) = scored("normal/00000001")
    heard = read_heard(*corpus, [clip], ["ch2", "ch2-ch6"])[clip.key]
    channels = noise(samples=160_000) / 32768
    np.testing.assert_array_equal(heard.mixes["ch2"], channels[:, 2].astype(np.float32))
    np.testing.assert_array_equal(heard.mixes["ch2-ch6"], channels[:, 2] - channels[:, 6])
    assert heard.seconds == 10


def test_a_clip_that_is_not_listed_is_named(corpus):
    with pytest.raises(UserError, match=r"index\.csv: no clip fan/0dB/id_00/normal/7; delete"):
        read_heard(*corpus, scored("normal/7"), ["ch0"])


def test_nothing_chosen_opens_nothing(tmp_path):
    assert read_heard(Location(MIMII, tmp_path, "zip"), tmp_path / "none.csv", [], ["ch0"]) == {}
