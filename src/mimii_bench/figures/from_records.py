"""Rows of the tables that a run ends in."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from mimii_bench.util.checksums import Sums, file_checksum
from mimii_bench.util.records import read_rows, read_sealed


def read(parts: Iterable[Mapping]) -> list[list[dict[str, str]]]:
    """Return the rows of each part, as dictionaries by column.

    Parameters
    ----------
    parts : iterable of mapping
        The path `table` of a CSV file, and of one whose checksum stands elsewhere the file `sums`.

    Raises
    ------
    UserError
        For a table that is not as it was written.
    """
    return [_read_part(part) for part in parts]


def _read_part(part: Mapping) -> list[dict[str, str]]:
    if "sums" not in part:
        return read_sealed(part["table"])
    sums = Sums(part["sums"])
    name = Path(os.path.relpath(part["table"], sums.path.parent)).as_posix()
    sums.check(name, file_checksum(part["table"]))
    return read_rows(part["table"])
