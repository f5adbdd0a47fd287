r"""Which definition of partial AUC a printed (AUC, pAUC) pair allows.

All three are an area `a` under the ROC curve T(x) for false positive rates x <= q, scaled:

* `pauc_mcclish` (McClish 1989, scikit-learn's `max_fpr`): q = p, value (1 + (a - p^2/2) /
  (p - p^2/2)) / 2, so chance is .5 and a = 0 gives 1/2 (1 - p / (2 - p)), .4737 at p = .1;
* `pauc_trapz`: a / p, summed over the points of the curve with x <= p. Points stand at multiples
  of 1/N for N normal clips, so q = floor(p N) / N; chance is p/2;
* `pauc_topk` (DCASE): a / q with the same q: the AUC against the floor(p N) highest normal clips.

T rises from 0 to at most 1, and its whole area is the AUC A. So

* the rest of the area, A - a, is at most 1 - q:     a >= max(0, A - (1 - q));
* T's mean over [0, q], a / q, is at most its mean over [q, 1], (A - a) / (1 - q), because T rises:
  a (1 - q) <= q (A - a), thus                       a <= q A.

Both bounds are attained: by T that is 0 before and as late as possible, and by T = A everywhere.

Where the numbers of clips are known there is a second, sharper test: N P A counts pairs of a
normal and an abnormal clip, and so does N P a (halves for ties). Few values of pAUC with six
digits are whole under one definition, and hardly any under two.
"""

from collections.abc import Callable, Mapping
from itertools import product
from math import floor
from typing import NamedTuple

from mimii_bench.audit.candidates import Size, whole_sizes
from mimii_bench.audit.cells import PrintedCell, Published, group, subject
from mimii_bench.audit.findings import CONTRADICTION, FITS, Finding
from mimii_bench.audit.means import average_cells
from mimii_bench.audit.notes import entries
from mimii_bench.audit.printed import EPSILON, KINDS, Interval, overlap, whole_numbers

Pair = tuple[PrintedCell, PrintedCell]

DEFINITIONS = ("pauc_mcclish", "pauc_trapz", "pauc_topk")


class PartialAuc(NamedTuple):
    """The pAUC of `table` up to `max_fpr`; clips of one test set, per id, as for test sets.

    `stated` is the definition that the report's formula gives, where that is not the one under
    which its numbers stand in `published.csv`.
    """

    table: str
    max_fpr: float
    normal: Size
    abnormal: Size
    stated: str = ""


class Area(NamedTuple):
    """The area `area` (an interval) under the ROC curve up to a false positive rate `rate`."""

    area: Interval
    rate: float


def partial_area(definition: str, value: Interval, max_fpr: float, normal: int) -> Area:
    """Return the area that a pAUC stands for, with `normal` normal clips."""
    rate = max_fpr
    if definition == "pauc_mcclish":
        chance = max_fpr**2 / 2
        low, high = (chance + (max_fpr - chance) * (2 * v - 1) for v in value)
        return Area((low, high), rate)
    rate = floor(max_fpr * normal + EPSILON) / normal
    scale = max_fpr if definition == "pauc_trapz" else rate
    return Area((value[0] * scale, value[1] * scale), rate)


def feasible(auc: Interval, rate: float) -> Interval:
    """Return the bounds of the area up to `rate` for a rising ROC curve with this AUC."""
    return max(0.0, auc[0] - (1 - rate)), rate * auc[1]


def possible(
    definition: str, auc: Interval, pauc: Interval, max_fpr: float, normal: int, _abnormal: int
) -> bool:
    """Tell whether some ROC curve has this AUC and this pAUC."""
    area, rate = partial_area(definition, pauc, max_fpr, normal)
    low, high = feasible(auc, rate)
    return overlap(area, (low - EPSILON, high + EPSILON))


def countable(
    definition: str, _auc: Interval, pauc: Interval, max_fpr: float, normal: int, abnormal: int
) -> bool:
    """Tell whether the area is a whole number of half pairs.

    McClish's area ends between two points of the curve unless p N is whole: then nothing follows.
    """
    if definition == "pauc_mcclish" and ends_between_points(max_fpr, normal):
        return True
    area, _ = partial_area(definition, pauc, max_fpr, normal)
    low, high = (2 * normal * abnormal * bound for bound in area)
    return bool(whole_numbers((low, high)))


def ends_between_points(max_fpr: float, normal: int) -> bool:
    """Tell whether a false positive rate lies between two that so many normal clips can give."""
    inside = max_fpr * normal
    return abs(inside - round(inside)) > EPSILON


def check(published: Published, _all) -> list[Finding]:
    """Say which definitions every pair of a table allows."""
    averages = average_cells(published)
    findings = []
    for note in entries(published, "pauc", PartialAuc):
        cells = [cell for cell in published.table(note.table) if cell not in averages]
        pairs = [pair for some in group(cells, subject("metric")).values() if (pair := _pair(some))]
        counted = [pair for pair in pairs if all(_clips(published, note, pair[1]))]
        findings += [_definition(published, note, counted)] if counted else []
    return findings


def _pair(cells: list[PrintedCell]) -> Pair | None:
    by_metric = {cell.metric: cell for cell in cells}
    partial = next((by_metric[d] for d in DEFINITIONS if d in by_metric), None)
    return (by_metric["auc"], partial) if partial and "auc" in by_metric else None


def _definition(published: Published, note: PartialAuc, pairs: list[Pair]) -> Finding:
    excluded = {
        definition: {
            name: [p for p in pairs if not _allows(test, published, note, definition, p)]
            for name, test in TESTS.items()
        }
        for definition in DEFINITIONS
    }
    allowed = [d for d, by_test in excluded.items() if not any(by_test.values())]
    recorded = {partial.metric for _, partial in pairs}
    said = {*recorded, note.stated or allowed[0]} if allowed else recorded
    why_not = (_why_not(published, note, d, by_test) for d, by_test in excluded.items())
    return Finding(
        published.key,
        note.table,
        f"{len(pairs)} pairs of AUC and pAUC",
        "pauc_definition",
        _verdict(note, allowed, recorded),
        "; ".join(why_not),
        ", ".join(allowed),
        FITS if said <= set(allowed) else CONTRADICTION,
    )


def share(cell: PrintedCell, kind: str, max_fpr: float, normal: int) -> Interval:
    """Return the share of clips or of pairs that a cell stands for: of a partial AUC, its area."""
    interval = cell.interval(kind)
    if cell.metric not in DEFINITIONS:
        return interval
    return partial_area(cell.metric, interval, max_fpr, normal).area


def _allows(test: Callable, published, note: PartialAuc, definition: str, pair: Pair) -> bool:
    """Tell whether any way of printing and any number of clips passes a test."""
    auc, pauc = pair
    return any(
        test(definition, auc.interval(kind), pauc.interval(kind), note.max_fpr, *clips)
        for kind in KINDS
        for clips in product(*_clips(published, note, pair[1]))
    )


def _clips(published, note: PartialAuc, cell: PrintedCell) -> tuple[list[int], list[int]]:
    sizes = (note.normal, "normal"), (note.abnormal, "abnormal")
    normal, abnormal = (whole_sizes(published, *size, cell.machine, cell.id) for size in sizes)
    return normal, abnormal


def _verdict(note: PartialAuc, allowed: list[str], recorded: set[str]) -> str:
    text = f"every pair allows {' and '.join(allowed)}" if allowed else "no definition fits all"
    if note.stated and note.stated not in allowed:
        text += f", not {note.stated}, the report's own formula"
    wrong = recorded - set(allowed)
    return text + (f"; recorded as {', '.join(sorted(wrong))}" if wrong else "")


def _why_not(published, note: PartialAuc, definition: str, by_test: Mapping[str, list]) -> str:
    """Count the pairs that each test excludes, each with an example."""
    parts = []
    for test, pairs in by_test.items():
        if pairs:
            normal, abnormal = (sizes[0] for sizes in _clips(published, note, pairs[0][1]))
            example = EXAMPLES[test](definition, pairs[0], note.max_fpr, normal, abnormal)
            parts.append(f"{test} excludes {len(pairs)} ({example})")
    return f"{definition}: " + (", ".join(parts) or "all fit")


def _range_example(definition: str, pair: Pair, max_fpr: float, normal: int, _abnormal) -> str:
    auc, pauc = (cell.number for cell in pair)
    (zero, one), rate = partial_area(definition, (0, 1), max_fpr, normal)
    bounds = ((area - zero) / (one - zero) for area in feasible((auc.value, auc.value), rate))
    low, high = map(pauc.show, bounds)
    return f"AUC {pair[0].published} allows {low} to {high}, printed {pair[1].published}"


def _count_example(definition: str, pair: Pair, max_fpr: float, normal: int, abnormal: int) -> str:
    value = pair[1].number.value
    (area, _), _ = partial_area(definition, (value, value), max_fpr, normal)
    count = area * normal * abnormal
    return f"{pair[1].published} is {count:.2f} pairs of {normal} normal x {abnormal} abnormal"


TESTS = {"range": possible, "whole pairs": countable}
EXAMPLES = {"range": _range_example, "whole pairs": _count_example}
