"""Zip archives read in place: members are inflated in memory, nothing is unpacked to disk."""

import os
import struct
import zipfile
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Self

import deflate

from mimii_bench.corpus.base import shown
from mimii_bench.util.errors import UserError
from mimii_bench.util.texts import is_special

_LOCAL_HEADER = struct.Struct("<4s5H3I2H")
_STORED, _DEFLATED = 0, 8
_ENCRYPTED = 0x1
#: What deflate makes of a byte at most, which a header cannot promise more of.
_INFLATION = 1032
#: Bytes of one member, where nothing tells how large a recording may be.
LARGEST = 2**30


class BrokenArchive(UserError):
    """A file that is no whole zip; a download may complete it."""


class Archive:
    """One zip, open for reading its members by name.

    `zipfile` reads the directory; the members go through libdeflate, which inflates twice as
    fast as zlib, and every checksum is verified.
    """

    def __init__(self, path: Path, largest: int = LARGEST):
        """Open the zip at `path`, whose members may have `largest` bytes.

        Raises
        ------
        UserError
            It is missing, cannot be read, or is one of which two readers read different things:
            with a name twice, with members that overlap, or with names that are no text.
        BrokenArchive
            It is not whole.
        """
        self.path, self._largest = Path(path), largest
        try:
            if is_special(self.path):
                raise UserError(f"{self.path}: no regular file; put the zip itself there")
            with zipfile.ZipFile(self.path) as directory:
                members = directory.infolist()
            self._members = {member.filename: member for member in members}
            self._check_directory(members)
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
        except UnicodeDecodeError:
            raise BrokenArchive(
                f"{self.path}: a name inside is not the UTF-8 that it is said to be; "
                "pack the zip again, or fetch it again"
            ) from None
        # ValueError: an offset is garbage.
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
        return [name for name in self._members if not name.endswith(("/", "\\"))]

    def read(self, name: str) -> bytes:
        """Return a member's bytes; raises UserError when it is damaged or absent."""
        member = self._members.get(name)
        if member is None:
            raise UserError(f"{self.describe(name)} is not inside; was the zip replaced?")
        self._check_member(member)
        try:
            data = os.pread(self._file, member.compress_size, self._data_offset(member))
        except OSError as error:
            raise UserError(f"{self.describe(name)} cannot be read: {error.strerror}") from error
        try:
            if member.compress_type == _DEFLATED:
                data = deflate.deflate_decompress(data, member.file_size)
        except deflate.DeflateError:
            data = b""
        if len(data) != member.file_size or deflate.crc32(data) != member.CRC:
            raise UserError(f"{self.describe(name)} is damaged; delete the zip and fetch it again")
        return data

    def _check_directory(self, members: Sequence[zipfile.ZipInfo]) -> None:
        if len(self._members) < len(members):
            seen: set[str] = set()
            twice = next(m.filename for m in members if m.filename in seen or seen.add(m.filename))
            raise UserError(
                f"{self.path}: {shown(twice)} is inside twice; pack the zip again, with one of them"
            )
        ordered = sorted(members, key=lambda member: member.header_offset)
        for one, other in pairwise(ordered):
            if _least_end(one) > other.header_offset:
                names = f"{shown(one.filename)} and {shown(other.filename)}"
                raise UserError(
                    f"{self.path}: {names} overlap, as no packer makes them; pack the zip again"
                )

    def _check_member(self, member: zipfile.ZipInfo) -> None:
        """Refuse a member before memory is taken for what its header says."""
        name = self.describe(member.filename)
        if member.flag_bits & _ENCRYPTED:
            raise UserError(f"{name} is encrypted; pack the zip again without a password")
        if member.compress_type not in (_STORED, _DEFLATED):
            raise UserError(
                f"{name} is compressed by method {member.compress_type}; "
                "pack the zip again with deflate"
            )
        if member.file_size > self._largest:
            raise UserError(
                f"{name} has {member.file_size} bytes, and a recording has {self._largest} at "
                "most; leave it out of the zip"
            )
        inflated = member.file_size > member.compress_size * _INFLATION + _INFLATION
        if inflated or member.compress_size > os.fstat(self._file).st_size:
            raise UserError(
                f"{name} is damaged: it cannot have the {member.file_size} bytes that the zip "
                f"says; pack it again"
            )

    def _data_offset(self, member: zipfile.ZipInfo) -> int:
        """The local header repeats name and extra field, with lengths of its own."""
        header = os.pread(self._file, _LOCAL_HEADER.size, member.header_offset)
        if len(header) < _LOCAL_HEADER.size:
            raise UserError(f"{self.describe(member.filename)} is cut off; fetch the zip again")
        *_, name_length, extra_length = _LOCAL_HEADER.unpack(header)
        return member.header_offset + _LOCAL_HEADER.size + name_length + extra_length


def _least_end(member: zipfile.ZipInfo) -> int:
    """Return where a member ends, if its local header has no extra field."""
    return member.header_offset + _LOCAL_HEADER.size + member.compress_size
