"""Zip archives read in place: members are inflated in memory, nothing is unpacked to disk."""

import os
import struct
import zipfile
from pathlib import Path
from typing import Self

import deflate

from mimii_bench.util.errors import UserError

_LOCAL_HEADER = struct.Struct("<4s5H3I2H")
_STORED, _DEFLATED = 0, 8


class BrokenArchive(UserError):
    """A file that is no whole zip; a download may complete it."""


class Archive:
    """One zip, open for reading its members by name.

    `zipfile` reads the directory; the members go through libdeflate, which inflates twice as
    fast as zlib, and every checksum is verified.
    """

    def __init__(self, path: Path):
        """Open the zip at `path`.

        Raises
        ------
        UserError
            It is missing or cannot be read.
        BrokenArchive
            It is not whole.
        """
        self.path = Path(path)
        try:
            with zipfile.ZipFile(self.path) as directory:
                self._members = {member.filename: member for member in directory.infolist()}
            self._file = os.open(self.path, os.O_RDONLY)
        except FileNotFoundError:
            raise UserError(
                f"{self.path}: no such archive; set mimii.folder to where the zips are, "
                "or mimii.download: true"
            ) from None
        except OSError as error:
            raise UserError(
                f"{self.path}: cannot be read: {error.strerror}; put the zip itself there, readable"
            ) from error
        # ValueError: a name or an offset is garbage.
        except (zipfile.BadZipFile, NotImplementedError, ValueError):
            raise BrokenArchive(
                f"{self.path}: truncated or not a zip; delete it and fetch it again, "
                "or set mimii.download: true to complete it"
            ) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._file)

    def describe(self, name: str) -> str:
        """Return what an error calls a member."""
        return f"{self.path}: {name}"

    def names(self) -> list[str]:
        """Return the names of all members that are files."""
        return [name for name in self._members if not name.endswith("/")]

    def read(self, name: str) -> bytes:
        """Return a member's bytes; raises UserError when it is damaged or absent."""
        member = self._members.get(name)
        if member is None:
            raise UserError(f"{self.describe(name)} is not inside; was the zip replaced?")
        try:
            data = os.pread(self._file, member.compress_size, self._data_offset(member))
        except OSError as error:
            raise UserError(f"{self.describe(name)} cannot be read: {error.strerror}") from error
        try:
            if member.compress_type == _DEFLATED:
                data = deflate.deflate_decompress(data, member.file_size)
            elif member.compress_type != _STORED:
                raise UserError(
                    f"{self.describe(name)} is compressed by method {member.compress_type}; "
                    "pack the zip again with deflate"
                )
        except deflate.DeflateError:
            data = b""
        if len(data) != member.file_size or deflate.crc32(data) != member.CRC:
            raise UserError(f"{self.describe(name)} is damaged; delete the zip and fetch it again")
        return data

    def _data_offset(self, member: zipfile.ZipInfo) -> int:
        """The local header repeats name and extra field, with lengths of its own."""
        header = os.pread(self._file, _LOCAL_HEADER.size, member.header_offset)
        if len(header) < _LOCAL_HEADER.size:
            raise UserError(f"{self.describe(member.filename)} is cut off; fetch the zip again")
        *_, name_length, extra_length = _LOCAL_HEADER.unpack(header)
        return member.header_offset + _LOCAL_HEADER.size + name_length + extra_length
