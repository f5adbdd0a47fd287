"""One number printed in several tables is the same number in each, up to its digits."""

from itertools import pairwise

from mimii_bench.audit.cells import SUBJECT, PrintedCell, Published, group, name_of
from mimii_bench.audit.findings import Finding
from mimii_bench.audit.printed import KINDS, overlap


def check(published: Published, _all) -> list[Finding]:
    """Find numbers of the same system, variant, unit and metric that differ between tables."""
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


def _finding(published: Published, one: PrintedCell, other: PrintedCell) -> Finding:
    return Finding(
        published.key,
        other.table,
        name_of(other),
        "repeated_number",
        f"prints {other.published} where {one.table} ({name_of(one)}) prints {one.published}",
        f"{other.published} != {one.published}",
    )
