"""Recordings in blocks are those that are decoded at once, from files, pipes and bytes."""

import os
import threading

import numpy as np
import pytest
import soundfile

from mimii_bench.audio import streams
from mimii_bench.audio.streams import opened, stream_of_bytes
from mimii_bench.audio.wav import decode
from mimii_bench.util.errors import UserError
from samples import noise, wav_bytes

SAMPLES = noise(samples=3000, channels=2)


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch):
    monkeypatch.setattr(streams, "_BLOCK", 512)


def read(source):
    with opened(source) as stream:
        blocks = list(stream.blocks)
    return stream, blocks


@pytest.mark.parametrize(
    ("form", "subtype"),
    [
        *(("WAV", "PCM_16"), ("WAV", "PCM_24"), ("WAV", "FLOAT"), ("WAVEX", "PCM_16")),
        *(("RF64", "FLOAT"), ("FLAC", "PCM_16"), ("FLAC", "PCM_24")),
    ],
)
def test_blocks_are_what_is_decoded_at_once(tmp_path, form, subtype):
    data = wav_bytes(SAMPLES, 44_100, subtype, form)
    (tmp_path / "any.name").write_bytes(data)
    stream, blocks = read(tmp_path / "any.name")
    expected = decode(data, "it")
    assert len(blocks) == 12
    assert (stream.sample_rate, stream.channels, stream.samples) == (44_100, 2, 3000)
    assert (stream.encoding, blocks[0].dtype) == (expected.encoding, expected.samples.dtype)
    np.testing.assert_array_equal(np.concatenate(blocks), expected.samples)
    of_bytes = stream_of_bytes(data, "it")
    np.testing.assert_array_equal(np.concatenate(list(of_bytes.blocks)), expected.samples)
    assert of_bytes[1:5] == stream[1:5]


def through_fifo(tmp_path, data):
    path = tmp_path / "fifo"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(data,))
    writer.start()
    try:
        return read(path)
    finally:
        writer.join()


@pytest.mark.parametrize("form", ["WAV", "FLAC"])
def test_a_fifo_is_read_to_its_end(tmp_path, form):
    _, blocks = through_fifo(tmp_path, wav_bytes(SAMPLES, format=form))
    np.testing.assert_array_equal(np.concatenate(blocks), SAMPLES)


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF, 0x7FFFF000, 0x80000000])
def test_a_stream_whose_writer_could_not_know_its_length_is_read(tmp_path, size):
    data = bytearray(wav_bytes(SAMPLES))
    place = data.index(b"data") + 4
    data[place : place + 4] = size.to_bytes(4, "little")
    data[4:8] = size.to_bytes(4, "little")
    _, blocks = through_fifo(tmp_path, bytes(data))
    np.testing.assert_array_equal(np.concatenate(blocks), SAMPLES)


def test_standard_input_is_called_so(monkeypatch, tmp_path):
    path = tmp_path / "1.wav"
    path.write_bytes(wav_bytes(SAMPLES))
    with path.open() as file:
        monkeypatch.setattr("sys.stdin", file)
        stream, blocks = read("-")
    assert stream.name == "standard input"
    np.testing.assert_array_equal(np.concatenate(blocks), SAMPLES)


CUT = wav_bytes(SAMPLES)[:-100]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty file"),
        (b"hello\n", "neither WAV nor FLAC"),
        (b"RIFF", "not a readable recording|truncated"),
        (CUT, "truncated WAV, the header promises 12000"),
        (wav_bytes(SAMPLES[:0]), "no samples"),
        (b"fLaC" + bytes(100), "not a readable recording"),
        (wav_bytes(SAMPLES, format="FLAC")[:-2000], "cut short|not a readable recording"),
    ],
)
def test_what_is_no_whole_recording_is_told_in_one_line(tmp_path, data, reason):
    path = tmp_path / "it.wav"
    path.write_bytes(data)
    with pytest.raises(UserError, match=reason) as caught:
        read(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_a_folder_are_told(tmp_path):
    for path, reason in ((tmp_path / "no.wav", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(UserError, match=reason):
            read(path)


def test_long_files_leave_no_descriptor_open(tmp_path):
    path = tmp_path / "1.wav"
    soundfile.write(path, SAMPLES, 16_000)
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        with opened(path) as stream:
            next(stream.blocks)
    del stream
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_device_is_not_read_until_the_disk_is_full(tmp_path):
    (tmp_path / "zeros").symlink_to("/dev/zero")
    with (
        pytest.raises(UserError, match="zeros: is a device, which has no end"),
        opened(tmp_path / "zeros"),
    ):
        pass
