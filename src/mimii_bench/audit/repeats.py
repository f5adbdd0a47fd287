"""One number printed in several tables, or by several reports, is the same number in each."""

from collections.abc import Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

from mimii_bench.audit.cells import SUBJECT, PrintedCell, Published, group, name_of
from mimii_bench.audit.findings import Finding
from mimii_bench.audit.notes import entries
from mimii_bench.audit.printed import KINDS, overlap

#: What a number is of, whoever prints it; systems have another name in each report.
_UNIT = ("machine", "snr", "id", "metric")


class Quote(NamedTuple):
    """Cells of `table` with the fields `where` that are printed in another report, too.

    There they stand in `source["table"]` of the report `source["report"]`, with the same machine,
    SNR, id and metric.
    """

    table: str
    source: Mapping[str, str]
    where: Mapping[str, str] = MappingProxyType({})


def check(published: Published, everything: Mapping[str, Published]) -> list[Finding]:
    """Find numbers of the same system, variant, unit and metric that differ between tables.

    And those that differ from the number of another report that they quote.
    """
    return [*_within(published), *_quoted(published, everything)]


def _quoted(published: Published, everything: Mapping[str, Published]) -> list[Finding]:
    """Compare with the reports that are quoted; one that is absent is not used."""
    return [
        _finding(published, original, cell, of=source.key)
        for note in entries(published, "quotes", Quote)
        if (source := everything.get(note.source["report"]))
        for cell in published.table(note.table, **note.where)
        for original in source.table(
            note.source["table"], **{field: getattr(cell, field) for field in _UNIT}
        )
        if not _same(original, cell)
    ]


def _within(published: Published) -> list[Finding]:
    with_system = [cell for cell in published.cells if cell.system]
    groups = group(with_system, lambda cell: tuple(getattr(cell, field) for field in SUBJECT))
    return [
        _finding(published, one, other)
        for cells in groups.values()
        for one, other in pairwise(cells)
        if one.table != other.table and not _same(one, other)
    ]


def _same(one: PrintedCell, other: PrintedCell) -> bool:
    """Tell whether two numbers are one, printed with more or fewer digits."""
    if one.number.digits == other.number.digits:
        return one.number == other.number
    return any(overlap(one.interval(kind), other.interval(kind)) for kind in KINDS)


def _finding(
    published: Published, one: PrintedCell, other: PrintedCell, of: str | None = None
) -> Finding:
    where = f"{one.table} ({name_of(one)})" if of is None else f"{of}'s {one.table}"
    return Finding(
        published.key,
        other.table,
        name_of(other),
        "repeated_number",
        f"prints {other.published} where {where} prints {one.published}",
        f"{other.published} != {one.published}",
    )
