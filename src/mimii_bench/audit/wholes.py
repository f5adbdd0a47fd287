"""A share of whole clips, or of pairs of them, is a whole number over their number.

An AUC is the share of pairs of a normal and an abnormal clip that are in the right order, ties
counting half: k / (2 N P); a partial AUC is one of fewer pairs (see `mimii_bench.audit.pauc`). A
false positive rate is k / N, a true positive rate k / P. Where both are known, few numbers with
many digits are such a share; where N lies in a range, the printed numbers of one system tell it.

The numbers of a table were all rounded or all cut: either alone lets fewer slips pass than both.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import compress, product
from math import prod
from types import MappingProxyType
from typing import NamedTuple

from mimii_bench.audit.candidates import Size, whole_sizes
from mimii_bench.audit.cells import PrintedCell, Published, group, name_of, subject
from mimii_bench.audit.findings import FITS, Finding
from mimii_bench.audit.notes import entries
from mimii_bench.audit.pauc import DEFINITIONS, ends_between_points, share
from mimii_bench.audit.printed import KINDS, Interval, counts_in

#: Metrics by what they are a share of.
_PAIRS, _NORMAL, _ABNORMAL = ("auc", *DEFINITIONS), ("fpr",), ("tpr", "recall")
#: As many normal clips as abnormal ones.
MATCHED = "as many"


class Whole(NamedTuple):
    """The clips behind the (partial) AUCs, false and true positive rates of a table.

    `normal` and `abnormal` are sizes as `candidates.Candidate` has them, `as many` for as many
    normal clips as abnormal ones, or a range `[least, most]`; `ties: false` where no two clips have
    one score, and pairs count whole; `digits` where trailing zeros are not printed; `max_fpr` of
    partial AUCs, which are left aside without. `where` says of which cells.
    """

    table: str
    normal: Size | Sequence[int]
    abnormal: Size | Sequence[int] = 0
    ties: bool = True
    digits: int = 0
    max_fpr: float = 0
    where: Mapping[str, str] = MappingProxyType({})

    def tells(self, cell: PrintedCell) -> bool:
        """Tell whether a cell is a share of these clips."""
        partial = cell.metric in DEFINITIONS
        return cell.metric in (*_PAIRS, *_NORMAL, *_ABNORMAL) and bool(self.max_fpr or not partial)


#: A number of normal and one of abnormal clips.
Clips = tuple[int, int]


class Row(NamedTuple):
    """The cells of one system on one test set, and the clips that this may have had."""

    cells: tuple[PrintedCell, ...]
    tried: tuple[Clips, ...]

    def fitting(self, note: Whole, kind: str) -> list[Clips]:
        """Return the clips of which every cell is a share, if all are printed in this way."""
        return [
            clips for clips in self.tried if all(counts(c, note, clips, kind) for c in self.cells)
        ]

    def fits(self, note: Whole, kind: str) -> bool:
        """Tell whether there are such clips."""
        return bool(self.fitting(note, kind))

    def slips(self) -> Iterator["Row"]:
        """Yield the row with one digit behind the point of one number replaced."""
        for place, cell in enumerate(self.cells):
            whole, _, digits = cell.published.partition(".")
            for at, digit in product(range(len(digits)), "0123456789"):
                if digit != digits[at]:
                    wrong = f"{whole}.{digits[:at]}{digit}{digits[at + 1 :]}"
                    cells = list(self.cells)
                    cells[place] = cell._replace(published=wrong)
                    yield self._replace(cells=tuple(cells))

    def by_chance(self, note: Whole, kind: str) -> float:
        """Return how often numbers with as many digits, drawn at random, would fit some clips."""
        fits = (prod(_by_chance(c, note, clips, kind) for c in self.cells) for clips in self.tried)
        return min(1.0, sum(fits))

    def sizes(self, clips: Clips) -> str:
        """Return those of the two numbers that were not known before."""
        open_ones = [len(set(numbers)) > 1 for numbers in zip(*self.tried, strict=True)]
        return " + ".join(map(str, compress(clips, open_ones)))

    @property
    def name(self) -> str:
        """The row's id, else the row itself."""
        return self.cells[0].id or self.cells[0].row


def check(published: Published, _all) -> list[Finding]:
    """Find numbers that no count gives, and say which clips those that fit are of."""
    return [
        finding
        for note in entries(published, "wholes", Whole)
        for finding in _of_table(published, note)
    ]


def _of_table(published: Published, note: Whole) -> list[Finding]:
    rows = _rows(published, note)
    kind = _kind({kind: sum(row.fits(note, kind) for row in rows) for kind in KINDS})
    bad = [_impossible(published, note, row, kind) for row in rows if not row.fits(note, kind)]
    good = [row for row in rows if row.fits(note, kind)]
    return [*bad, *([_possible(published, note, good, kind)] if good else [])]


def _kind(fitting: Mapping[str, int]) -> str:
    """Return how a table is printed: rounded, unless more rows fit if all were cut."""
    return max(KINDS, key=fitting.__getitem__)


def found_slips(rows: Sequence[Row], note: Whole) -> float:
    """Return the share of slips in one digit, anywhere in a table's rows, that would be found."""
    fit = {kind: [row.fits(note, kind) for row in rows] for kind in KINDS}
    found = []
    for place, row in enumerate(rows):
        for wrong in row.slips():
            now = {kind: wrong.fits(note, kind) for kind in KINDS}
            sums = {kind: sum(fit[kind]) - fit[kind][place] + now[kind] for kind in KINDS}
            found.append(not now[_kind(sums)])
    return sum(found) / len(found)


def _rows(published: Published, note: Whole) -> list[Row]:
    told = [cell for cell in published.table(note.table, **note.where) if note.tells(cell)]
    # What stands beside numbers of ids is their mean.
    cells = [cell for cell in told if cell.id] or told
    together = group(cells, subject("metric")).values()
    rows = [Row(tuple(some), tuple(_clips(published, note, some[0]))) for some in together]
    return [row for row in rows if row.tried]


def _clips(published: Published, note: Whole, cell: PrintedCell) -> list[Clips]:
    abnormal = _numbers(published, note.abnormal, "abnormal", cell)
    if note.normal == MATCHED:
        return [(number, number) for number in abnormal]
    return list(product(_numbers(published, note.normal, "normal", cell), abnormal))


def _numbers(
    published: Published, size: Size | Sequence[int], label: str, cell: PrintedCell
) -> list[int]:
    if isinstance(size, list):
        return list(range(size[0], size[1] + 1))
    return whole_sizes(published, size, label, cell.machine, cell.id)


def counts(cell: PrintedCell, note: Whole, clips: Clips, kind: str) -> range | None:
    """Return the counts of clips or (half) pairs that are printed as a cell is.

    None where a partial AUC ends between two clips: then it is no share of pairs.
    """
    whole = _whole(cell, note, clips)
    if cell.metric == "pauc_mcclish" and ends_between_points(note.max_fpr, clips[0]):
        return range(1)
    return counts_in(_share(cell, note, clips, kind), whole) or None


def _share(cell: PrintedCell, note: Whole, clips: Clips, kind: str) -> Interval:
    """Return what a cell says of the share of clips or of pairs."""
    return share(cell.padded(note.digits), kind, note.max_fpr, clips[0])


def _whole(cell: PrintedCell, note: Whole, clips: Clips) -> int:
    """Return how many clips, or units of pairs, there are."""
    normal, abnormal = clips
    if cell.metric in _PAIRS:
        return (2 if note.ties else 1) * normal * abnormal
    return normal if cell.metric in _NORMAL else abnormal


def _by_chance(cell: PrintedCell, note: Whole, clips: Clips, kind: str) -> float:
    if cell.metric == "pauc_mcclish" and ends_between_points(note.max_fpr, clips[0]):
        return 1.0
    low, high = _share(cell, note, clips, kind)
    return min(1.0, (high - low) * _whole(cell, note, clips))


def _fraction(cell: PrintedCell, note: Whole, clips: Clips, kind: str) -> str:
    first = counts(cell, note, clips, kind)[0]
    halves = 2 if cell.metric in _PAIRS and note.ties else 1
    return f"{first / halves:g}/{_whole(cell, note, clips) // halves}"


def _impossible(published: Published, note: Whole, row: Row, kind: str) -> Finding:
    some = " or ".join(_said(row.cells[0], clips) for clips in row.tried[:4])
    bad = [c for c in row.cells if not any(counts(c, note, clips, kind) for clips in row.tried)]
    printed = ", ".join(cell.published for cell in bad or row.cells)
    cell, clips = (bad or row.cells)[0], row.tried[0]
    halves = 2 if cell.metric in _PAIRS and note.ties else 1
    share = sum(_share(cell, note, clips, kind)) / 2 * _whole(cell, note, clips) / halves
    (other,) = set(KINDS) - {kind}
    return Finding(
        published.key,
        note.table,
        name_of(*(bad or row.cells)),
        "whole_numbers",
        f"prints {printed}, which {'is no share' if bad else 'are together no shares'} of "
        f"{some} clips, {kind}",
        f"{cell.published} is {share:.3f} of {_whole(cell, note, clips) // halves}",
        f"{other}, unlike the others" if row.fitting(note, other) else "",
    )


def _said(cell: PrintedCell, clips: Clips) -> str:
    if cell.metric in _PAIRS:
        return " x ".join(map(str, clips))
    return str(clips[cell.metric in _ABNORMAL])


def _possible(published: Published, note: Whole, rows: Sequence[Row], kind: str) -> Finding:
    fits = {row: row.fitting(note, kind) for row in rows}
    chance = sum(row.by_chance(note, kind) for row in rows) / len(rows)
    if len(rows) == 1:
        # Nothing beside it says whether it is rounded or cut: one and a half steps together.
        chance = min(1.0, 1.5 * chance)
    number = sum(len(row.cells) for row in rows)
    which = [
        f"{row.name}: {' or '.join(row.sizes(clips) for clips in found)}"
        for row, found in fits.items()
        if len(row.tried) > 1
    ]
    return Finding(
        published.key,
        note.table,
        f"{number} number{'s' * (number > 1)}",
        "whole_numbers",
        f"shares of whole clips or pairs, {kind}; numbers drawn at random would be with a chance "
        f"of {chance:.2g}; of slips in one digit {100 * found_slips(rows, note):.0f} % are found",
        "; ".join(
            " or ".join(_fraction(cell, note, clips, kind) for clips in found)
            for row, found in fits.items()
            for cell in row.cells
        ),
        "; ".join(which),
        FITS,
    )
