"""A writer of zip archives that leaves nothing half-written and repeats byte for byte.

Why not `zipfile`: it offers no choice of deflate's strategy. Sound has no repeated strings, so
Huffman codes alone pack it as small as zlib's level 1 (78 % of its size, measured on the real
recordings) in two fifths of the time, and packing is the largest part of the work. Container
format: PKWARE, APPNOTE.TXT 6.3.9, sections 4.3 and 4.5.3 (Zip64).
"""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from mimii_bench.util.atomic import replacing

DEFLATED = 8
#: Versions of the format needed to read: plain deflate, and with Zip64 offsets.
VERSION, VERSION_ZIP64 = 20, 45
MADE_ON_UNIX = 3 << 8
#: 1 January 1980, 00:00 in MS-DOS form: the same for every member and every run.
DOS_TIME, DOS_DATE = 0, 0x21
PERMISSIONS = 0o100644 << 16
MAX_16, MAX_32 = 0xFFFF, 0xFFFFFFFF


class ZipWriter:
    """Adds members to an open file; `zip_writer` opens and finishes it."""

    def __init__(self, file: BinaryIO, repeats: bool = False) -> None:
        self._file = file
        # Below level 4, zlib overlooks most of what is repeated.
        self._how = (4, zlib.Z_DEFAULT_STRATEGY) if repeats else (1, zlib.Z_HUFFMAN_ONLY)
        self._directory: list[bytes] = []

    def add(self, name: str, data: bytes) -> None:
        """Deflate `data` and append it under `name`, which must be ASCII."""
        level, strategy = self._how
        packer = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS, 9, strategy)
        packed = packer.compress(data) + packer.flush()
        path = name.encode("ascii")
        offset = self._file.tell()
        # Method, time, date, CRC, sizes: the part that both headers share.
        common = struct.pack(
            "<HHHIII", DEFLATED, DOS_TIME, DOS_DATE, zlib.crc32(data), len(packed), len(data)
        )
        local = struct.pack("<4sHH", b"PK\3\4", VERSION, 0) + common
        self._file.write(local + struct.pack("<HH", len(path), 0) + path)
        self._file.write(packed)
        self._directory.append(_directory_entry(path, common, offset))

    def finish(self) -> None:
        """Write the central directory."""
        start = self._file.tell()
        directory = b"".join(self._directory)
        self._file.write(directory)
        self._file.write(_end(len(self._directory), len(directory), start))


@contextmanager
def zip_writer(path: Path, repeats: bool = False) -> Iterator[ZipWriter]:
    """Open a zip for writing; it appears at `path` when the block ends without an exception.

    `repeats` tells whether what is packed repeats itself, as sound does not.
    """
    with replacing(path) as part, part.open("wb") as file:
        writer = ZipWriter(file, repeats)
        yield writer
        writer.finish()


def _directory_entry(path: bytes, common: bytes, offset: int) -> bytes:
    """Return a member's entry in the central directory."""
    large = offset >= MAX_32
    version = VERSION_ZIP64 if large else VERSION
    extra = struct.pack("<HHQ", 1, 8, offset) if large else b""
    head = struct.pack("<4sHHH", b"PK\1\2", MADE_ON_UNIX | VERSION_ZIP64, version, 0) + common
    tail = struct.pack("<HHHHHII", len(path), len(extra), 0, 0, 0, PERMISSIONS, min(offset, MAX_32))
    return head + tail + path + extra


def _end(count: int, size: int, start: int) -> bytes:
    """Return the end of the archive, in Zip64 form as well where 32 bits do not do."""
    zip64 = b""
    if count >= MAX_16 or start >= MAX_32:
        record = struct.pack(
            "<4sQHHIIQQQQ",
            b"PK\6\6",
            44,
            MADE_ON_UNIX | VERSION_ZIP64,
            VERSION_ZIP64,
            0,
            0,
            count,
            count,
            size,
            start,
        )
        zip64 = record + struct.pack("<4sIQI", b"PK\6\7", 0, start + size, 1)
    entries = min(count, MAX_16)
    return zip64 + struct.pack(
        "<4sHHHHIIH", b"PK\5\6", 0, 0, entries, entries, size, min(start, MAX_32), 0
    )
