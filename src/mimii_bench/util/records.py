"""The small CSV files between stages: rows of text under a fixed header.

Jobs that only hand a list on use this instead of pandas, whose import takes longer than they do.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from mimii_bench.util.atomic import replacing
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
        Naming the line of a row that has more or fewer fields than there are columns.
    """
    reader = csv.DictReader(io.StringIO(read_text(path), newline=""))
    rows = []
    try:
        for row in reader:
            if None in row or None in row.values():
                count = len(reader.fieldnames)
                raise UserError(f"{path}: line {reader.line_num}: not {count} fields")
            rows.append(row)
    except csv.Error as error:
        raise UserError(f"{path}: line {reader.line_num}: {error}; is it a CSV file?") from None
    return rows
