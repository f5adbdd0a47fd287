"""Rows of the tables that a run ends in."""

from collections.abc import Iterable, Mapping

from mimii_bench.util.records import read_listed, read_sealed


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
    return read_listed(part["table"], part["sums"])
