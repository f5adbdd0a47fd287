"""Checksums of the files between stages, in the form that `sha256sum --check` reads.

A file that a job makes alone has them beside it, in `{name}.sha256`; a folder that one job makes
holds `SHA256SUMS`, with paths relative to it. The files themselves stay as plain as they are. Who
reads a file for a stage verifies it, so that one that was altered, cut or swapped is refused.

Mixed clips are many times as large as all else, and made fast: their folders hold `CRC32SUMS`, the
checksums that members of zips have, since a SHA-256 takes a twentieth of the time of a mix.
"""

import hashlib
import os
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Self

from mimii_bench.util.atomic import replacing
from mimii_bench.util.errors import UserError
from mimii_bench.util.texts import is_special

BESIDE, SUMS, CRCS = ".sha256", "SHA256SUMS", "CRC32SUMS"
#: What Snakemake leaves in a folder that is the output of a rule.
_MADE_BY_A_RULE = ".snakemake_timestamp"


def checksum(data: bytes) -> str:
    """Return the SHA-256 of bytes, in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def crc(data: bytes) -> str:
    """Return the CRC-32 of bytes, in hexadecimal digits.

    Examples
    --------
    >>> crc(b"123456789")
    'cbf43926'
    """
    return f"{zlib.crc32(data):08x}"


def file_checksum(path: Path | str) -> str:
    """Return the SHA-256 of a plain file, which is not held in memory as a whole."""
    check_plain(path)
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_plain(path: Path | str) -> None:
    """Raise UserError for a pipe or device, of which there is no end."""
    if is_special(Path(path)):
        raise damaged(path, "it is a pipe or device")


def beside(path: Path | str) -> Path:
    """Return where the checksum of a file stands that a job makes alone.

    Examples
    --------
    >>> str(beside("splits/report/fan.csv"))
    'splits/report/fan.csv.sha256'
    """
    return Path(f"{path}{BESIDE}")


def write_checksum(path: Path | str) -> None:
    """Write the checksum of a file beside it."""
    with replacing(beside(path)) as part:
        part.write_text(f"{file_checksum(path)}  {Path(path).name}\n")


def write_sums(paths: Iterable[Path | str], sums: Path | str) -> None:
    """Write the checksums of some files into one, with paths relative to the folder of that."""
    folder = Path(sums).parent
    found = {os.path.relpath(path, folder): file_checksum(path) for path in paths}
    _write(found, Path(sums))


def write_crcs(found: Mapping[str, str], folder: Path | str) -> None:
    """Write what `crc` said of the files in a folder, by path relative to it."""
    _write(found, Path(folder) / CRCS)


def is_list(path: Path) -> bool:
    """Tell whether a file is a list of checksums, by its name."""
    return path.name in (SUMS, CRCS) or path.suffix == BESIDE


def _write(found: Mapping[str, str], sums: Path) -> None:
    with replacing(sums) as part:
        part.write_text("".join(f"{digits}  {name}\n" for name, digits in sorted(found.items())))


def add_to_sums(path: Path | str) -> None:
    """Write the checksum of a file into the `SHA256SUMS` of its folder, beside those of others.

    For folders that one process fills, file by file.
    """
    path = Path(path)
    sums = path.with_name(SUMS)
    known = dict(Sums(sums)) if sums.exists() else {}
    _write(known | {path.name: file_checksum(path)}, sums)


def seal(folder: Path | str) -> None:
    """Write the checksums of all files below a folder into its `SHA256SUMS`."""
    folder = Path(folder)
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != SUMS]
    write_sums(files, folder / SUMS)


def made_with(path: Path | str) -> Path:
    """Return what has to be deleted for a file to be made again.

    That is the file, or the folder that is made with it, which a rule knows only as a whole.
    """
    return next((up for up in Path(path).parents if (up / _MADE_BY_A_RULE).exists()), Path(path))


def damaged(path: Path | str, what: str) -> UserError:
    """Return the error that says of a file what is wrong with it, and how it is made again."""
    return UserError(f"{path}: {what}; delete {made_with(path)} and run again")


class Sums(Mapping):
    """The checksums in one file, by path relative to its folder.

    Parameters
    ----------
    path : path
        A `SHA256SUMS` or `CRC32SUMS`, or the file beside another.

    Raises
    ------
    UserError
        When it is not there, or no list of checksums.
    """

    def __init__(self, path: Path | str):
        self.path = Path(path)
        self._digits_of = crc if self.path.name == CRCS else checksum
        length = len(self._digits_of(b""))
        check_plain(self.path)
        try:
            lines = self.path.read_text().splitlines()
        except FileNotFoundError:
            raise damaged(self.path.parent, f"there is no {self.path.name} inside") from None
        except UnicodeDecodeError:
            lines = [""]
        pairs = [line.split("  ", 1) for line in lines]
        if not all(len(pair) == 2 and len(pair[0]) == length for pair in pairs):
            raise damaged(self.path, "no list of checksums")
        self._digits = {name: digits for digits, name in pairs}

    @classmethod
    def of_folder(cls, folder: Path | str, name: str = SUMS) -> Self:
        """Return those of a folder that one job made."""
        return cls(Path(folder) / name)

    def __getitem__(self, name: str) -> str:
        return self._digits[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._digits)

    def __len__(self) -> int:
        return len(self._digits)

    def check(self, name: str, found: str) -> None:
        """Raise UserError unless the file of this name has the checksum `found`."""
        path = self.path.parent / name
        if name not in self._digits:
            raise damaged(path, f"{self.path.name} does not name it")
        if self._digits[name] != found:
            raise damaged(path, "it is not as it was written (checksum)")

    def check_content(self, name: str, data: bytes) -> None:
        """Raise UserError unless the file of this name holds `data`."""
        self.check(name, self._digits_of(data))

    def check_file(self, name: str) -> None:
        """Raise UserError unless the file of this name, which is there, is as it was written."""
        path = self.path.parent / name
        if self._digits_of is crc:
            self.check_content(name, path.read_bytes())
        else:
            self.check(name, file_checksum(path))

    def check_names(self, found: Iterable[str]) -> None:
        """Raise UserError naming the first file that is missing, or that is none of these."""
        there = set(found)
        for name in sorted(self._digits.keys() - there):
            raise damaged(self.path.parent / name, "it is missing")
        for name in sorted(there - self._digits.keys()):
            self.check(name, "")


def sums_of(path: Path | str) -> Sums:
    """Return the checksums that hold for a file: those beside it, else those of its folder.

    Raises
    ------
    UserError
        Where there are none.
    """
    own = beside(path)
    if own.exists():
        return Sums(own)
    of_folder = Path(path).with_name(SUMS)
    if of_folder.exists():
        return Sums(of_folder)
    raise damaged(path, f"there is no checksum of it (no {own.name})")


def verify(path: Path | str) -> None:
    """Raise UserError unless a file is as it was written; FileNotFoundError where there is none."""
    sums_of(path).check(Path(path).name, file_checksum(path))


def read_verified(path: Path | str) -> bytes:
    """Return the content of a file; raises as `verify` does."""
    check_plain(path)
    data = Path(path).read_bytes()
    sums_of(path).check(Path(path).name, checksum(data))
    return data


def problems(sums: Path) -> Iterator[str]:
    """Yield a line for each file in a list of checksums that is missing or altered."""
    try:
        listed = Sums(sums)
    except UserError as error:
        yield str(error)
        return
    for name in listed:
        path = sums.parent / name
        try:
            listed.check_file(name)
        except FileNotFoundError:
            yield str(damaged(path, "it is missing"))
        except UserError as error:
            yield str(error)
