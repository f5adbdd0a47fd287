"""Recordings as arrays: a fast reader for plain WAV, libsndfile for everything else."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from mimii_bench.corpus.headers import is_recording
from mimii_bench.util.errors import UserError

#: Samples of all channels together that are read into memory.
LARGEST = 2**28
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
#: What streaming writers leave in a size field that they could not go back to fill in.
_UNKNOWN_SIZES = (0, 0xFFFFFFFF)
#: Bytes that they write as a size which nothing will reach.
_BEYOND_PIPES = 0x7F000000
#: Samples that are decoded at a time.
_BLOCK = 1 << 22
_FAST_TYPES = {(_PCM, 16): np.dtype("<i2"), (_FLOAT, 32): np.dtype("<f4")}
_ENCODINGS = {np.dtype("<i2"): "PCM_16", np.dtype("<f4"): "FLOAT"}


class Recording(NamedTuple):
    """A recording as it was decoded.

    Attributes
    ----------
    samples : ndarray, shape (sample, channel)
        int16 for 16-bit PCM, else float32 in [-1, 1).
    sample_rate : int
        In Hz.
    encoding : str
        How the file holds its samples, as libsndfile calls it: PCM_16, FLOAT, PCM_24.
    """

    samples: np.ndarray
    sample_rate: int
    encoding: str


class _Header(NamedTuple):
    dtype: np.dtype | None
    channels: int
    sample_rate: int
    start: int
    size: int


class _Bytes(io.BytesIO):
    """Bytes that stay where they are when a header sends their reader before the beginning.

    soundfile prints the traceback of an error in a callback, and goes on.
    """

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        try:
            return super().seek(offset, whence)
        except ValueError:
            return self.tell()


def decode(data: bytes, name: str) -> Recording:
    """Decode one recording held in memory.

    16-bit PCM and 32-bit float WAV are views of `data`, found by walking the RIFF chunks (not
    every WAV has a 44-byte header); other encodings, FLAC among them, go through libsndfile.

    Parameters
    ----------
    data : bytes
        The whole file.
    name : str
        The file that an error names.

    Raises
    ------
    UserError
        The data is cut short or is no recording.
    """
    is_wav = data[:4] == b"RIFF" and data[8:12] == b"WAVE"
    header = _parse_riff(data, name) if is_wav else None
    if header is None or header.dtype is None or not header.channels:
        return decode_with_libsndfile(data, name)
    stop = header.size - header.size % (header.dtype.itemsize * header.channels)
    samples = np.frombuffer(data, header.dtype, stop // header.dtype.itemsize, header.start)
    encoding = _ENCODINGS[header.dtype]
    return Recording(samples.reshape(-1, header.channels), header.sample_rate, encoding)


def decode_with_libsndfile(data: bytes, name: str) -> Recording:
    """Decode with libsndfile: what `decode` falls back on, and what its fast path must equal."""
    import soundfile

    if not is_recording(data):
        raise UserError(
            f"{name}: not a readable recording (neither WAV nor FLAC); convert it, or fetch the "
            "file again"
        )
    try:
        with soundfile.SoundFile(_Bytes(data)) as file:
            if file.frames * file.channels > LARGEST:
                raise UserError(
                    f"{name}: its header promises {file.frames} samples of {file.channels} "
                    "channels, more than a recording has; fetch the file again"
                )
            dtype = "int16" if file.subtype == "PCM_16" else "float32"
            return Recording(_read_blocks(file, dtype), file.samplerate, file.subtype)
    except soundfile.LibsndfileError as error:
        raise UserError(
            f"{name}: not a readable recording ({error.error_string}); fetch the file again"
        ) from error


def _read_blocks(file, dtype: str) -> np.ndarray:
    """Return all samples of an open file; memory is taken for those that are there."""
    blocks: list[np.ndarray] = []
    frames = max(_BLOCK // file.channels, 1)
    while not blocks or len(blocks[-1]) == frames:
        blocks.append(file.read(min(frames, file.frames), dtype=dtype, always_2d=True))
    return blocks[0] if len(blocks) == 1 else np.concatenate(blocks)


def check_beginning(data: bytes, name: str) -> None:
    """Check that a file begins as a recording does, and that a WAV is as long as it says.

    Parameters
    ----------
    data : bytes or mmap
        The file; only the headers of its chunks are looked at.
    name : str
        The file that an error names.

    Raises
    ------
    UserError
        The data is cut short or is no recording.
    """
    if not is_recording(data):
        raise UserError(
            f"{name}: not a readable recording (neither WAV nor FLAC); convert it, or leave it out"
        )
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        _parse_riff(data, name)


def float_bytes(samples: np.ndarray, sample_rate: int) -> bytes:
    """Return samples of shape (sample,), float32, as a one-channel 32-bit float WAV.

    By SciPy, since libsndfile stamps float files with the time of writing.
    """
    from scipy.io import wavfile

    file = io.BytesIO()
    wavfile.write(file, sample_rate, samples)
    return file.getvalue()


def write_float(path: Path, samples: np.ndarray, sample_rate: int) -> None:
    """Write what `float_bytes` makes of samples."""
    path.write_bytes(float_bytes(samples, sample_rate))


def _parse_riff(data: bytes, name: str) -> _Header | None:
    """Walk the chunks up to `data`; None where the sizes are unknown and libsndfile must judge."""
    chunk_format = None
    for tag, start, size in _chunks(data):
        if tag == b"fmt ":
            chunk_format = data[start : start + size]
        if tag == b"data":
            if chunk_format is None or size in _UNKNOWN_SIZES:
                return None
            _check_length(size, len(data) - start, name)
            return _Header(*_read_format(chunk_format), start, size)
    raise UserError(f"{name}: truncated WAV, no data chunk found; fetch the file again")


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield the name of each chunk, where its content starts, and the size that it states."""
    position = 12
    while position + 8 <= len(data):
        size = int.from_bytes(data[position + 4 : position + 8], "little")
        yield data[position : position + 4], position + 8, size
        position += 8 + size + size % 2


def size_to_mend(data: bytes) -> tuple[int, bytes] | None:
    """Return where in a WAV that came through a pipe its length must stand, and the length.

    Who writes to a pipe cannot go back: the field holds no size, or one that no pipe reaches (sox,
    arecord). None where it holds what is there, or the data is no WAV.

    Parameters
    ----------
    data : bytes or mmap
    """
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        return None
    for tag, start, size in _chunks(data):
        if tag == b"data":
            present = len(data) - start
            streamed = size in _UNKNOWN_SIZES or size >= _BEYOND_PIPES
            mend = streamed and size != present and present < _BEYOND_PIPES
            return (start - 4, present.to_bytes(4, "little")) if mend else None
    return None


def _check_length(promised: int, present: int, name: str) -> None:
    if promised > present:
        raise UserError(
            f"{name}: truncated WAV, the header promises {promised} bytes of samples "
            f"and {present} are there; fetch the file again"
        )


def _read_format(chunk: bytes) -> tuple[np.dtype | None, int, int]:
    tag, channels = int.from_bytes(chunk[:2], "little"), int.from_bytes(chunk[2:4], "little")
    bits = int.from_bytes(chunk[14:16], "little")
    if tag == _EXTENSIBLE and len(chunk) >= 26:
        tag = int.from_bytes(chunk[24:26], "little")
    return _FAST_TYPES.get((tag, bits)), channels, int.from_bytes(chunk[4:8], "little")
