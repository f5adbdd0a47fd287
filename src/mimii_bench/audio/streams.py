"""Recordings in blocks: of any length, from a file, a pipe or bytes, in bounded memory."""

import mmap
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from stat import S_ISCHR, S_ISDIR, S_ISREG
from typing import BinaryIO, NamedTuple

import numpy as np

from mimii_bench.audio.wav import check_beginning, decode, size_to_mend
from mimii_bench.util.errors import UserError

#: The name by which standard input is asked for.
STDIN = "-"
#: Samples of all channels that are read at a time.
_BLOCK = 1 << 19


class Stream(NamedTuple):
    """A recording that is read block by block.

    Attributes
    ----------
    name : str
        What messages call it.
    sample_rate : int
        In Hz.
    channels : int
    samples : int
        Of each channel, in all.
    encoding : str
        How the file holds them, as libsndfile calls it.
    blocks : iterator of ndarray (sample, channel)
        int16 for 16-bit PCM, else float32 in [-1, 1); read once.
    states_length : bool
        Whether its header says how long it is, so that one that is still written can be told from
        one that is done.
    """

    name: str
    sample_rate: int
    channels: int
    samples: int
    encoding: str
    blocks: Iterator[np.ndarray]
    states_length: bool = True

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return self.samples / self.sample_rate


def stream_of_bytes(data: bytes, name: str) -> Stream:
    """Return a recording whose file is in memory; raises as `audio.wav.decode` does."""
    found = decode(data, name)
    samples, channels = found.samples.shape
    return Stream(name, found.sample_rate, channels, samples, found.encoding, iter([found.samples]))


@contextmanager
def opened(source: Path | str, name: str = "") -> Iterator[Stream]:
    """Yield the recording in a file, or in what comes through a pipe.

    What cannot be read twice (a pipe, or `-` for standard input) is written to a temporary file
    first, until its end.

    Parameters
    ----------
    source : path
    name : str
        What messages call it; the path by default.

    Raises
    ------
    UserError
        There is no such file, it is no recording, or it is cut short.
    """
    name = name or ("standard input" if str(source) == STDIN else str(source))
    try:
        with _file(source) as file:
            yield _stream(file, name)
    except OSError as error:
        raise UserError(f"{name}: cannot be read ({error.strerror})") from error


@contextmanager
def _file(source: Path | str) -> Iterator[BinaryIO]:
    """Yield an open file on the disk that holds the source."""
    if str(source) == STDIN:
        with _spooled(sys.stdin.buffer) as file:
            yield file
        return
    with open(source, "rb") as given:
        mode = os.fstat(given.fileno()).st_mode
        if S_ISDIR(mode):
            raise IsADirectoryError(21, os.strerror(21), str(source))
        if S_ISREG(mode):
            yield given
            return
        if S_ISCHR(mode):
            raise UserError(f"{source}: is a device, which has no end; name a recording or a pipe")
        with _spooled(given) as file:
            yield file


@contextmanager
def _spooled(pipe: BinaryIO) -> Iterator[BinaryIO]:
    with tempfile.TemporaryFile() as file:
        shutil.copyfileobj(pipe, file, 1 << 20)
        file.flush()
        _mend_size(file)
        yield file


def _mend_size(file: BinaryIO) -> None:
    """Write the length of a WAV into its header, where the writer could not."""
    if not file.tell():
        return
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_WRITE) as data:
        if found := size_to_mend(data):
            place, size = found
            data[place : place + 4] = size


def _stream(file: BinaryIO, name: str) -> Stream:
    import soundfile

    if not os.fstat(file.fileno()).st_size:
        raise UserError(f"{name}: empty file; fetch it again, or leave it out")
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        check_beginning(data, name)
        states_length = not size_to_mend(data)
    os.lseek(file.fileno(), 0, os.SEEK_SET)
    try:
        sound = soundfile.SoundFile(os.dup(file.fileno()), closefd=True)
    except soundfile.LibsndfileError as error:
        raise _unreadable(name, error) from error
    if not sound.frames:
        raise UserError(f"{name}: no samples; fetch the file again, or leave it out")
    encoding, blocks = sound.subtype, _blocks(sound, name)
    return Stream(
        name, sound.samplerate, sound.channels, sound.frames, encoding, blocks, states_length
    )


def _blocks(sound, name: str) -> Iterator[np.ndarray]:
    import soundfile

    dtype = "int16" if sound.subtype == "PCM_16" else "float32"
    size = max(_BLOCK // sound.channels, 1)
    left = sound.frames
    with sound:
        while left:
            try:
                block = sound.read(min(size, left), dtype=dtype, always_2d=True)
            except soundfile.LibsndfileError as error:
                raise _unreadable(name, error) from error
            if not len(block):
                raise UserError(
                    f"{name}: cut short, {left} of {sound.frames} samples are missing; "
                    "fetch the file again"
                )
            left -= len(block)
            yield block


def _unreadable(name: str, error) -> UserError:
    return UserError(f"{name}: not a readable recording ({error.error_string}); fetch it again")
