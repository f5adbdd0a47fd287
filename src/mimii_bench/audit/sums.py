"""Totals: the cells of a row or column add up to the cell that is called their total."""

from collections.abc import Mapping
from typing import NamedTuple

from mimii_bench.audit.cells import PrintedCell, Published, name_of
from mimii_bench.audit.findings import Finding
from mimii_bench.audit.notes import entries


class Sum(NamedTuple):
    """`total` is `{row: name}` for totals below columns, `{column: name}` for those after rows."""

    table: str
    total: Mapping[str, str]


def check(published: Published, _all) -> list[Finding]:
    """Find totals that are not the sum of their parts."""
    findings = []
    for note in entries(published, "sums", Sum):
        for total in published.table(note.table, **note.total):
            findings += _check_total(published, total, _parts(published, note, total))
    return findings


def _parts(published: Published, note: Sum, total: PrintedCell) -> list[PrintedCell]:
    """Return the cells in the total's own column (for a total row) or row, itself aside.

    Where one of them is not legible, none are returned: the rest need not add up.
    """
    across = "column" if "row" in note.total else "row"
    line = {across: getattr(total, across)}
    if published.blanks(note.table, **line):
        return []
    return [cell for cell in published.table(note.table, **line) if cell != total]


def _check_total(
    published: Published, total: PrintedCell, parts: list[PrintedCell]
) -> list[Finding]:
    numbers = [int(cell.published) for cell in parts]
    printed = int(total.published)
    if not numbers or sum(numbers) == printed:
        return []
    left_out = [cell for cell in parts if sum(numbers) - int(cell.published) == printed]
    return [
        Finding(
            published.key,
            total.table,
            name_of(total),
            "sum",
            f"prints {printed}, its {len(numbers)} parts add up to {sum(numbers)}",
            f"{' + '.join(map(str, numbers))} = {sum(numbers)}",
            f"the sum without {name_of(left_out[0])}" if left_out else "",
        )
    ]
