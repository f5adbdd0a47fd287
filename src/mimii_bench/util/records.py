"""The small CSV files between stages: rows of text under a fixed header.

Jobs that only hand a list on use this instead of pandas, whose import takes longer than they do.
"""

import csv
import io
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from mimii_bench.util.atomic import replacing
from mimii_bench.util.checksums import Sums, check_plain, checksum, damaged, sums_of, write_checksum
from mimii_bench.util.errors import UserError
from mimii_bench.util.texts import read_text


def write_rows(path: Path | str, columns: Sequence[str], rows: Iterable[Sequence]) -> None:
    """Write `rows` under the header `columns`, with bare newlines so that bytes are the same."""
    with replacing(path) as part, part.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def read_rows(path: Path | str, columns: Sequence[str] = ()) -> list[dict[str, str]]:
    """Return the rows of a CSV file as dictionaries by column; none of an empty file.

    Where `columns` are given, the file must have them.

    Raises
    ------
    UserError
        It is no text, no plain file, or no table: a quote stays open, or a line has more or fewer
        fields than the first.
    FileNotFoundError
        There is no such file.
    """
    try:
        return _table(read_text(path), columns)
    except _NoTable as error:
        raise UserError(f"{path}: {error}") from None


def read_listed(path: Path | str, sums: Path | str) -> list[dict[str, str]]:
    """Return the rows of a file that a stage wrote, whose checksum stands in a list elsewhere.

    Raises
    ------
    UserError
        For a file that is not as it was written, or no table.
    """
    listed = Sums(sums)
    listed.check_file(Path(os.path.relpath(path, listed.path.parent)).as_posix())
    return read_rows(path)


def write_sealed(path: Path | str, columns: Sequence[str], rows: Iterable[Sequence]) -> None:
    """Write rows as `write_rows` does, and the file's checksum beside it."""
    write_rows(path, columns, rows)
    write_checksum(path)


def read_sealed(
    path: Path | str,
    columns: Sequence[str] = (),
    check: Callable[[list[dict[str, str]]], None] = list,
    further: Sequence[str] = (),
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
    further : sequence of str
        Columns that may stand behind these, all or none.

    Raises
    ------
    UserError
        Naming the line where the file is no such table, and for a file that is not as it was
        written (see `util.checksums`).
    """
    check_plain(path)
    data = Path(path).read_bytes()
    try:
        rows = _table(data.decode(), columns, further)
    except UnicodeDecodeError as error:
        raise damaged(path, f"no CSV file ({error})") from error
    except _NoTable as error:
        raise damaged(path, str(error)) from error
    check(rows)
    sums_of(path).check(Path(path).name, checksum(data))
    return rows


class _NoTable(ValueError):
    """What a text has that a table has not."""


def _table(
    text: str, columns: Sequence[str] = (), further: Sequence[str] = ()
) -> list[dict[str, str]]:
    """Return the rows of a table; its header must be `columns` where some are given."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        if columns and not header:
            raise _NoTable("it is empty")
        if columns and tuple(header) not in {(*columns,), (*columns, *further)}:
            raise _NoTable(f"line 1: columns must be {','.join(columns)}")
        rows = []
        # People leave lines empty.
        for fields in filter(None, reader):
            if len(fields) != len(header):
                raise _NoTable(f"line {reader.line_num}: {len(fields)} fields, not {len(header)}")
            rows.append(dict(zip(header, fields, strict=True)))
        return rows
    except csv.Error as error:
        raise _NoTable(f"line {reader.line_num}: no valid CSV: {error}") from None
