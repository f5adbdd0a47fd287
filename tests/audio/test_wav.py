"""The fast WAV reader against libsndfile, and what damaged files end in."""

import struct

import numpy as np
import pytest

from mimii_bench.audio import wav
from mimii_bench.audio.wav import decode, decode_with_libsndfile, write_float
from mimii_bench.util.errors import UserError
from samples import noise, wav_bytes

SAMPLES = noise(samples=100)
PCM = struct.pack("<HHIIHH", 1, 8, 16_000, 256_000, 16, 16)
FLOAT = struct.pack("<HHIIHHH", 3, 8, 16_000, 512_000, 32, 32, 0)
PCM_GUID = bytes.fromhex("0100000000001000800000aa00389b71")
EXTENSIBLE = struct.pack("<HHIIHHHHI", 0xFFFE, 8, 16_000, 256_000, 16, 16, 22, 16, 0xFF) + PCM_GUID
INT16 = SAMPLES.astype("<i2").tobytes()
FLOAT32 = (SAMPLES / 32768).astype("<f4").tobytes()


def riff(*chunks, data_size=None):
    """Return a WAV of (tag, content) chunks; `data_size` replaces what its data chunk promises."""
    body = b"WAVE"
    for tag, content in chunks:
        size = data_size if tag == b"data" and data_size is not None else len(content)
        body += tag + struct.pack("<I", size) + content + b"\0" * (len(content) % 2)
    return b"RIFF" + struct.pack("<I", len(body)) + body


FAST = {
    "16 bit": riff((b"fmt ", PCM), (b"data", INT16)),
    "32-bit float": riff((b"fmt ", FLOAT), (b"data", FLOAT32)),
    "extensible": riff((b"fmt ", EXTENSIBLE), (b"data", INT16)),
    "LIST before data": riff((b"fmt ", PCM), (b"LIST", b"INFOabcd"), (b"data", INT16)),
    "odd chunk with pad byte": riff((b"fmt ", FLOAT), (b"LIST", b"INFOabc"), (b"data", FLOAT32)),
    "chunks before fmt": riff((b"junk", b"12345"), (b"fmt ", PCM), (b"data", INT16)),
    "chunk after data": riff((b"fmt ", PCM), (b"data", INT16), (b"LIST", b"INFOabcd")),
    "last frame incomplete": riff((b"fmt ", PCM), (b"data", INT16[:-7])),
}
SLOW = {
    "24 bit": wav_bytes(SAMPLES / 40_000, subtype="PCM_24"),
    "8 bit": wav_bytes(SAMPLES / 40_000, subtype="PCM_U8"),
    "double": wav_bytes(SAMPLES / 40_000, subtype="DOUBLE"),
    "FLAC": wav_bytes(SAMPLES, format="FLAC"),
    "RF64": wav_bytes(SAMPLES, format="RF64"),
    "streamed, size unknown": riff((b"fmt ", PCM), (b"data", INT16), data_size=0xFFFFFFFF),
}


def assert_equals_libsndfile(data):
    ours, theirs = decode(data, "a.wav"), decode_with_libsndfile(data, "a.wav")
    np.testing.assert_array_equal(ours.samples, theirs.samples, strict=True)
    assert ours.sample_rate == theirs.sample_rate == 16_000
    assert ours.samples.shape[1] == 8
    assert len(ours.samples) >= 99


@pytest.mark.parametrize("kind", FAST)
def test_fast_path_equals_libsndfile_and_does_not_need_it(kind, monkeypatch):
    assert_equals_libsndfile(FAST[kind])
    monkeypatch.setattr(wav, "decode_with_libsndfile", None)
    decode(FAST[kind], "a.wav")


@pytest.mark.parametrize("kind", SLOW)
def test_other_encodings_are_left_to_libsndfile(kind):
    assert_equals_libsndfile(SLOW[kind])


def test_lossless_encodings_return_the_integers_that_were_written():
    for data in (FAST["16 bit"], SLOW["FLAC"], SLOW["streamed, size unknown"]):
        np.testing.assert_array_equal(decode(data, "a").samples, SAMPLES, strict=True)


def test_truncated_samples_are_named_with_both_sizes():
    message = "cut.wav: truncated WAV, the header promises 1600 bytes of samples and 1590 are there"
    with pytest.raises(UserError, match=message):
        decode(FAST["16 bit"][:-10], "cut.wav")


def test_truncation_is_named_where_libsndfile_would_return_what_is_left():
    cut = SLOW["24 bit"][:-50]
    assert len(decode_with_libsndfile(cut, "").samples) < 100
    with pytest.raises(UserError, match=r"cut.wav: truncated"):
        decode(cut, "cut.wav")


@pytest.mark.parametrize("length", [12, 20, 43])
def test_a_header_that_is_cut_off_is_named(length):
    with pytest.raises(UserError, match=r"cut.wav: truncated WAV, no data chunk"):
        decode(FAST["16 bit"][:length], "cut.wav")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"RIFF",
        b"<html>404 not found</html>",
        FAST["16 bit"].replace(b"WAVE", b"AVI "),
        riff((b"fmt ", PCM[:2] + b"\0\0" + PCM[4:]), (b"data", INT16)),
        SLOW["FLAC"][:-400],
    ],
    ids=["empty", "four bytes", "web page", "not WAVE", "no channels", "FLAC cut"],
)
def test_what_is_no_recording_is_named(data):
    with pytest.raises(UserError, match=r"^bad.wav: not a readable recording") as caught:
        decode(data, "bad.wav")
    assert "object at 0x" not in str(caught.value)


def test_written_float_files_read_back_exactly_and_are_the_same_every_time(tmp_path):
    samples = SAMPLES[:, 0].astype(np.float32) / 3
    for name in ("a.wav", "b.wav"):
        write_float(tmp_path / name, samples, 16_000)
    data = (tmp_path / "a.wav").read_bytes()
    assert data == (tmp_path / "b.wav").read_bytes()
    for read in (decode, decode_with_libsndfile):
        recording = read(data, "a.wav")
        assert recording.sample_rate == 16_000
        np.testing.assert_array_equal(recording.samples[:, 0], samples, strict=True)


HELD = {
    "PCM_16": wav_bytes(SAMPLES),
    "FLOAT": wav_bytes(SAMPLES / np.float32(32768), subtype="FLOAT"),
    "DOUBLE": wav_bytes(SAMPLES / 32768, subtype="DOUBLE"),
    "PCM_24": wav_bytes(SAMPLES / 32768, subtype="PCM_24"),
    "FLAC": wav_bytes(SAMPLES, format="FLAC"),
    "W64": wav_bytes(SAMPLES, format="W64"),
    "CAF": wav_bytes(SAMPLES, format="CAF"),
    "AIFF": wav_bytes(SAMPLES, format="AIFF"),
}


def outcome(data):
    """Return how many axes the samples have, or what is said."""
    try:
        return decode(data, "clip").samples.ndim
    except UserError as error:
        return str(error)


@pytest.mark.parametrize("kind", HELD)
def test_an_altered_file_ends_in_samples_or_in_one_line_and_prints_nothing(kind, capfd):
    rng = np.random.default_rng(len(kind))
    for _ in range(400):
        data = bytearray(HELD[kind])
        for place in rng.integers(0, rng.choice([60, 100]), rng.integers(1, 4)):
            data[place] = rng.choice([0, 1, 127, 128, 255])
        found = outcome(bytes(data))
        assert found == 2 or (found.startswith("clip: ") and found.isprintable())
    assert capfd.readouterr() == ("", "")


def test_a_header_that_promises_more_than_a_recording_has_is_refused_before_it_is_read():
    data = bytearray(HELD["FLAC"])
    # The 36 bits of the number of samples in STREAMINFO.
    data[21:26] = bytes([data[21] | 0x0F, 255, 255, 255, 255])
    with pytest.raises(UserError, match=r"clip: its header promises 68719476735 samples of 8"):
        decode(bytes(data), "clip")


@pytest.mark.parametrize("kind", ["PCM_16", "FLOAT", "DOUBLE", "PCM_24"])
def test_a_recording_says_how_it_was_encoded(kind):
    assert decode(HELD[kind], "clip").encoding == kind
