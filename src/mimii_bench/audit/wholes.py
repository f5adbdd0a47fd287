"""A share of whole clips, or of pairs of them, is a whole number over their number.

An AUC is the share of pairs of a normal and an abnormal clip that are in the right order, ties
counting half: k / (2 N P). A false positive rate is k / N, a true positive rate k / P. Where both
are known, few numbers with many digits are such a share; where N lies in a range, the printed
numbers tell it.
"""

from collections.abc import Mapping, Sequence
from itertools import product
from math import ceil, floor, prod
from types import MappingProxyType
from typing import NamedTuple

from mimii_bench.audit.candidates import Size, whole_sizes
from mimii_bench.audit.cells import PrintedCell, Published, name_of
from mimii_bench.audit.findings import Finding
from mimii_bench.audit.notes import entries
from mimii_bench.audit.printed import KINDS, Interval

#: Metrics by what they are a share of.
_PAIRS, _NORMAL, _ABNORMAL = ("auc",), ("fpr",), ("tpr", "recall")
#: As many normal clips as abnormal ones.
MATCHED = "as many"


class Whole(NamedTuple):
    """The clips behind the AUCs, false and true positive rates of a table.

    `normal` and `abnormal` are sizes as `candidates.Candidate` has them, `as many` for as many
    normal clips as abnormal ones, or a range `[least, most]`; `ties: false` where no two clips have
    one score, and pairs count whole. `where` says of which cells.
    """

    table: str
    normal: Size | Sequence[int]
    abnormal: Size | Sequence[int] = 0
    ties: bool = True
    where: Mapping[str, str] = MappingProxyType({})


class Fit(NamedTuple):
    """A number of clips, and the counts over it that are printed as a cell is."""

    clips: tuple[int, ...]
    halves: int
    counts: range

    @property
    def whole(self) -> int:
        """What the count is a share of."""
        return self.halves * prod(self.clips)

    def __str__(self) -> str:
        """Return the share as a fraction of clips or pairs."""
        first = self.counts[0] / self.halves
        return f"{first:g}/{self.whole // self.halves}"


def check(published: Published, _all) -> list[Finding]:
    """Find numbers that no count gives, and say which clips those that fit are of."""
    return [
        finding
        for note in entries(published, "wholes", Whole)
        for finding in _of_table(published, note)
    ]


def _of_table(published: Published, note: Whole) -> list[Finding]:
    told = [
        cell
        for cell in published.table(note.table, **note.where)
        if cell.metric in (*_PAIRS, *_NORMAL, *_ABNORMAL)
    ]
    # What stands beside numbers of ids is their mean.
    cells = [cell for cell in told if cell.id] or told
    tried = {cell: sizes for cell in cells if (sizes := _sizes(published, note, cell))}
    fits = {cell: fitting(cell, sizes, note.ties) for cell, sizes in tried.items()}
    findings = [
        _impossible(published, cell, tried[cell], note)
        for cell in cells
        if not fits.get(cell, True)
    ]
    good = {cell: found for cell, found in fits.items() if found}
    return [*findings, _possible(published, note, good, tried)] if good else findings


def _sizes(published: Published, note: Whole, cell: PrintedCell) -> list[tuple[int, ...]]:
    """Return the clips that a cell may be a share of: one number, or two for pairs."""
    abnormal = _numbers(published, note.abnormal, "abnormal", cell)
    if note.normal == MATCHED:
        both = [(number, number) for number in abnormal]
    else:
        both = list(product(_numbers(published, note.normal, "normal", cell), abnormal or [0]))
    if cell.metric in _PAIRS:
        return both
    return [(pair[cell.metric not in _NORMAL],) for pair in both]


def _numbers(
    published: Published, size: Size | Sequence[int], label: str, cell: PrintedCell
) -> list[int]:
    if isinstance(size, list):
        return list(range(size[0], size[1] + 1))
    if size == MATCHED:
        return []
    return whole_sizes(published, size, label, cell.machine, cell.id)


def fitting(cell: PrintedCell, sizes: Sequence[tuple[int, ...]], ties: bool) -> list[Fit]:
    """Return the sizes with a count that is printed as a cell is, rounded or cut."""
    found = []
    for clips in sizes:
        halves = 2 if len(clips) == 2 and ties else 1
        for kind in KINDS:
            counts = counts_in(cell.interval(kind), halves * prod(clips))
            if counts:
                found.append(Fit(clips, halves, counts))
                break
    return found


def counts_in(interval: Interval, whole: int) -> range:
    """Return the whole numbers whose share of `whole` lies in an interval."""
    return range(max(ceil(interval[0] * whole), 0), min(floor(interval[1] * whole), whole) + 1)


def chance(cell: PrintedCell, sizes: Sequence[tuple[int, ...]], ties: bool) -> float:
    """Return how often a number with as many digits, drawn at random, would fit."""
    halves = 2 if len(sizes[0]) == 2 and ties else 1
    # Rounded or cut: one and a half steps together.
    return min(1.0, sum(1.5 * cell.number.step * halves * prod(clips) for clips in sizes))


def _impossible(
    published: Published, cell: PrintedCell, sizes: Sequence[tuple[int, ...]], note: Whole
) -> Finding:
    clips = " or ".join(" x ".join(map(str, size)) for size in sizes[:4])
    return Finding(
        published.key,
        cell.table,
        name_of(cell),
        "whole_numbers",
        f"prints {cell.published}, which is no share of {clips} clips",
        f"{cell.published} x {prod(sizes[0])} = {cell.number.value * prod(sizes[0]):.3f}",
    )


def _possible(
    published: Published,
    note: Whole,
    fits: Mapping[PrintedCell, Sequence[Fit]],
    tried: Mapping[PrintedCell, Sequence[tuple[int, ...]]],
) -> Finding:
    chances = [chance(cell, tried[cell], note.ties) for cell in fits]
    which = [
        f"{cell.id or cell.row}: {' or '.join(str(fit.clips[0]) for fit in found)}"
        for cell, found in fits.items()
        if len(tried[cell]) > 1
    ]
    return Finding(
        published.key,
        note.table,
        f"{len(fits)} numbers",
        "whole_numbers",
        f"{len(fits)} numbers are shares of whole clips or pairs; at random one would be with a "
        f"chance of {sum(chances) / len(chances):.2f}",
        "; ".join(str(found[0]) for found in fits.values()),
        "; ".join(which),
    )
