"""One number printed in several tables, or by several reports, is the same number in each."""

from collections.abc import Mapping
from itertools import pairwise

from mimii_bench.audit.cells import SUBJECT, PrintedCell, Published, group, name_of
from mimii_bench.audit.findings import Finding
from mimii_bench.audit.printed import KINDS, overlap

#: The results of the data set's authors, which reports quote: a system, or a table, of this name.
QUOTED = "journal"


def check(published: Published, everything: Mapping[str, Published]) -> list[Finding]:
    """Find numbers of the same system, variant, unit and metric that differ between tables.

    Those of reports that quote each other are told by a table of the same cells: the same machine,
    SNR, id and metric, of a system that both reports quote by its name.
    """
    return [*_within(published), *_between(published, everything)]


def _between(published: Published, everything: Mapping[str, Published]) -> list[Finding]:
    """Compare with the reports that come later, so that each pair is told once."""
    keys = [*everything]
    later = keys[keys.index(published.key) + 1 :] if published.key in keys else []
    quoted = {_quoted(cell): cell for cell in published.cells if _quoted(cell)}
    return [
        _finding(published, quoted[_quoted(cell)], cell, of=key)
        for key in later
        for cell in everything[key].cells
        if _quoted(cell) in quoted and not _same(quoted[_quoted(cell)], cell)
    ]


def _quoted(cell: PrintedCell) -> tuple:
    """Return what a number of the data set's authors is of, whoever prints it; else nothing."""
    if QUOTED not in (cell.system, cell.table):
        return ()
    return cell.machine, cell.snr, cell.id, cell.metric


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
    where = f"{one.table} ({name_of(one)})" if of is None else f"{published.key}'s {one.table}"
    return Finding(
        of or published.key,
        other.table,
        name_of(other),
        "repeated_number",
        f"prints {other.published} where {where} prints {one.published}",
        f"{other.published} != {one.published}",
    )
