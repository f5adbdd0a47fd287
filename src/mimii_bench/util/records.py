"""The small CSV files between stages: rows of text under a fixed header.

Jobs that only hand a list on use this instead of pandas, whose import takes longer than they do.
"""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from mimii_bench.util.atomic import replacing
from mimii_bench.util.checksums import checksum, damaged, sums_of, write_checksum
from mimii_bench.util.errors import UserError
from mimii_bench.util.texts import read_text


def write_rows(path: Path | str, columns: Sequence[str], rows: Iterable[Sequence]) -> None:
    """Write `rows` under the header `columns`, with bare newlines so that bytes are the same."""
    with replacing(path) as part, part.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def read_rows(path: Path | str) -> list[dict[str, str]]:
    """Return the rows of a CSV file as dictionaries by column.

    Raises
    ------
    UserError
        It is no text, no plain file, or a quote in it stays open.
    FileNotFoundError
        There is no such file.
    """
    reader = csv.DictReader(io.StringIO(read_text(path), newline=""), strict=True)
    try:
        return list(reader)
    except csv.Error as error:
        raise UserError(f"{path}: line {reader.line_num}: no valid CSV: {error}") from None


def write_sealed(path: Path | str, columns: Sequence[str], rows: Iterable[Sequence]) -> None:
    """Write rows as `write_rows` does, and the file's checksum beside it."""
    write_rows(path, columns, rows)
    write_checksum(path)


def read_sealed(
    path: Path | str,
    columns: Sequence[str] = (),
    check: Callable[[list[dict[str, str]]], None] = list,
) -> list[dict[str, str]]:
    """Return the rows of a file that a stage wrote, as dictionaries by column.

    Parameters
    ----------
    path : path
    columns : sequence of str
        The header that the file must have; any, if none is given.
    check : callable
        Given the rows, raises a UserError for what they may not be; its word is more use than that
        of a checksum.

    Raises
    ------
    UserError
        Naming the line where the file is no such table, and for a file that is not as it was
        written (see `util.checksums`).
    """
    data = Path(path).read_bytes()
    rows = _parsed(path, data, columns)
    check(rows)
    sums_of(path).check(Path(path).name, checksum(data))
    return rows


def _parsed(path: Path | str, data: bytes, columns: Sequence[str]) -> list[dict[str, str]]:
    try:
        header, *lines = csv.reader(io.StringIO(data.decode(), newline=""), strict=True)
    except (UnicodeDecodeError, csv.Error, ValueError) as error:
        reason = "it is empty" if not data else f"no CSV file ({error})"
        raise damaged(path, reason) from error
    if columns and tuple(header) != tuple(columns):
        raise damaged(path, f"line 1: columns must be {','.join(columns)}")
    for number, line in enumerate(lines, 2):
        if len(line) != len(header):
            raise damaged(path, f"line {number}: {len(line)} fields, not {len(header)}")
    return [dict(zip(header, line, strict=True)) for line in lines]
