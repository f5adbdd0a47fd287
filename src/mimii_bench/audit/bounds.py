"""A mean of k numbers in [0, 1] of which some are known leaves little room for the others."""

from collections.abc import Mapping
from typing import NamedTuple

from mimii_bench.audit.cells import PrintedCell, Published, name_of
from mimii_bench.audit.findings import Finding
from mimii_bench.audit.notes import entries
from mimii_bench.audit.printed import KINDS, Interval


class Bound(NamedTuple):
    """Cells of `table` with the fields `where` as means of numbers in another report.

    The parts are the cells of `parts["report"]`, table `parts["table"]`, with the same machine,
    SNR and metric. `counts` maps a name to the number of parts that it stands for; the first is
    what is checked, the others are tried as explanations.
    """

    table: str
    where: Mapping[str, str]
    parts: Mapping[str, str]
    counts: Mapping[str, int]


def check(published: Published, everything: Mapping[str, Published]) -> list[Finding]:
    """Find means that the known parts make impossible."""
    findings = []
    for note in entries(published, "bounds", Bound):
        for cell in published.table(note.table, **note.where):
            known = _known(everything, note, cell)
            claimed, *others = note.counts
            if known and not possible(cell, known, note.counts[claimed]):
                explained = [o for o in others if possible(cell, known, note.counts[o])]
                findings.append(_finding(published, note, cell, known, "; ".join(explained)))
    return findings


def _known(
    everything: Mapping[str, Published], note: Bound, cell: PrintedCell
) -> list[PrintedCell]:
    source = everything.get(note.parts["report"])
    if source is None:
        return []
    same = {field: getattr(cell, field) for field in ("machine", "snr", "metric")}
    return source.table(note.parts["table"], **same)


def needed(cell: PrintedCell, known: list[PrintedCell], count: int, kind: str) -> Interval:
    """Return what the unknown parts must add up to: count * mean - sum of the known."""
    low, high = cell.interval(kind)
    parts = [part.interval("rounded") for part in known]
    return count * low - sum(p[1] for p in parts), count * high - sum(p[0] for p in parts)


def possible(cell: PrintedCell, known: list[PrintedCell], count: int) -> bool:
    """Tell whether numbers in [0, 1] can be the unknown parts."""
    unknown = count - len(known)
    intervals = (needed(cell, known, count, kind) for kind in KINDS)
    return any(low <= unknown and high >= 0 for low, high in intervals)


def _finding(
    published: Published, note: Bound, cell: PrintedCell, known: list[PrintedCell], explained: str
):
    name, count = next(iter(note.counts.items()))
    total = sum(part.number.value for part in known)
    rest = count * cell.number.value - total
    unknown = count - len(known)
    reason = f"the {unknown} unknown of {count} would have to add up to {rest:.3f}"
    return Finding(
        published.key,
        cell.table,
        name_of(cell),
        "bounds_of_mean",
        f"{cell.published} cannot be the mean over {name}: "
        + (reason if unknown else f"that is {total / count:.3f}"),
        f"{count} * {cell.published} - {' - '.join(part.published for part in known)} = {rest:.3f}",
        explained,
    )
