"""Recordings that arrive: each once, when it is whole."""

import os
import shutil

import pytest

from mimii_bench.detector.watching import Watch
from mimii_bench.util.errors import UserError
from samples import noise, wav_bytes

DATA = wav_bytes(noise(samples=1000, channels=1))


class Clock:
    """A time that tests set."""

    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def watch(tmp_path, clock):
    (tmp_path / "old.wav").write_bytes(DATA)
    return Watch(tmp_path, patience=10, clock=clock)


def names(watch):
    return [path.name for path in watch.look()]


def test_what_was_there_is_not_new(watch):
    assert names(watch) == names(watch) == []


def test_a_whole_file_comes_once_after_it_stood_still(watch):
    (watch.folder / "new.wav").write_bytes(DATA)
    assert names(watch) == []
    assert names(watch) == ["new.wav"]
    assert names(watch) == []


def test_one_that_is_half_written_is_waited_for(watch):
    path = watch.folder / "half.wav"
    path.write_bytes(DATA[:500])
    assert [names(watch) for _ in range(3)] == [[], [], []]
    path.write_bytes(DATA)
    assert names(watch) == []
    assert names(watch) == ["half.wav"]


def test_one_that_stays_half_is_given_up_and_comes_again_when_it_changes(watch, clock):
    path = watch.folder / "half.wav"
    path.write_bytes(DATA[:500])
    assert names(watch) == []
    clock.now = 9
    assert names(watch) == []
    clock.now = 10
    assert names(watch) == ["half.wav"]
    assert names(watch) == []
    path.write_bytes(DATA)
    os.utime(path, (1, 1))
    assert [names(watch), names(watch)] == [[], ["half.wav"]]


def test_one_that_does_not_say_how_long_it_is_is_whole_when_it_stood_still_for_long(watch, clock):
    (watch.folder / "stream.wav").write_bytes(
        DATA.replace(b"data" + DATA[40:44], b"data" + b"\xff" * 4)
    )
    assert [names(watch), names(watch)] == [[], []]
    clock.now = 10
    assert names(watch) == ["stream.wav"]


def test_a_folder_that_is_gone_is_said(watch):
    shutil.rmtree(watch.folder)
    with pytest.raises(UserError, match="the watched folder is gone; make it"):
        watch.look()


def test_folders_hidden_files_and_others_are_left_alone(watch):
    (watch.folder / ".part.wav").write_bytes(DATA)
    (watch.folder / "notes.txt").write_text("x")
    os.mkfifo(watch.folder / "fifo.wav")
    (watch.folder / "day").mkdir()
    (watch.folder / "day/1.wav").write_bytes(DATA)
    assert [names(watch), names(watch)] == [[], ["1.wav"]]


def test_one_that_goes_away_is_forgotten(watch):
    path = watch.folder / "new.wav"
    path.write_bytes(DATA)
    assert names(watch) == []
    path.unlink()
    assert [names(watch), names(watch)] == [[], []]


def test_it_goes_on_for_ever(watch):
    slept = []

    def sleep(seconds):
        slept.append(seconds)
        (watch.folder / f"{len(slept) // 3}.wav").write_bytes(DATA)

    watch._sleep = sleep
    found = iter(watch)
    assert [next(found).name, next(found).name] == ["0.wav", "1.wav"]


def test_a_folder_that_is_none_is_told(tmp_path):
    with pytest.raises(UserError, match="no folder to watch"):
        Watch(tmp_path / "nowhere")
