"""The small CSV files between stages: rows of text under a fixed header.

Jobs that only hand a list on use this instead of pandas, whose import takes longer than they do.
"""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from mimii_bench.util.atomic import replacing


def write_rows(path: Path | str, columns: Sequence[str], rows: Iterable[Sequence]) -> None:
    """Write `rows` under the header `columns`, with bare newlines so that bytes are the same."""
    with replacing(path) as part, part.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def read_rows(path: Path | str) -> list[dict[str, str]]:
    """Return the rows of a CSV file as dictionaries by column."""
    with Path(path).open(newline="") as file:
        return list(csv.DictReader(file))
