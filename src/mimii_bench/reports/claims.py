"""A report's headline statements, decided from intervals and not by eye.

A claim compares two numbers of the report, each named like a cell of a table, or one number with a
value. Both sides are of the same clips and seeds, so the interval is that of their paired
difference. It holds its level with one cell and with many, and where a side is a choice that was
made on the test: docs/statistics.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from math import prod
from typing import NamedTuple, Protocol

from mimii_bench.evaluation.intervals import COVERAGE, Distribution, average, certain, interval
from mimii_bench.reports.claim_cells import cases, cells_of, each
from mimii_bench.reports.published import Cell
from mimii_bench.reports.recipes import is_supervised, recipe_of
from mimii_bench.reports.reproduction import Reproduction
from mimii_bench.reports.tables import Setting

#: What a claim with a choice is called where the choice was made on the clips that it is measured
#: on, and where it was not.
ON_THE_TEST = " (chosen on the test)"
ON_ONE_HALF = " (chosen on one half of the test, measured on the other)"
#: What a verdict from a single seed is of.
ONE_TRAINING = "one training"
#: What a claim is that rests on a number which the corpus does not allow, and one that was decided
#: under another corpus or budget than the report's.
NOT_COMPUTED, NOT_COMPARABLE = "not_computed", "not_comparable"


class Numbers(Protocol):
    """What has a number for a cell: what we reproduce, or what is printed."""

    def distribution(self, cell: Cell) -> Distribution | None:
        """Return the number of a cell; None without one."""


class PublishedNumbers:
    """The numbers of `published.csv`, as claims ask for them.

    Parameters
    ----------
    cells : sequence of Cell
        Of `published.csv`.
    spec : mapping
        Of report.yaml: `units`, `pool`, `tables` and, where there is one, `evaluation`. Where a
        report uses one machine, SNR or id only, a cell may say it or not.
    """

    def __init__(self, cells: Sequence[Cell], spec: Mapping):
        units = spec["units"]
        self._only = {field: values[0] for field, values in units.items() if len(values) == 1}
        self._spec = spec
        self._numbers: dict[tuple, float] = {}
        for cell in cells:
            if cell.published:
                for table in ("", cell.table):
                    self._numbers.setdefault(self._key(cell._replace(table=table)), cell.value)

    def distribution(self, cell: Cell) -> Distribution | None:
        """Return the printed number of a cell, without a table the first one.

        Of a mean that is not printed, that of its parts, if all are; else None.
        """
        value = self._numbers.get(self._key(cell))
        return self._mean(cell) if value is None else certain(value)

    def _key(self, cell: Cell) -> tuple:
        subject = cell._replace(row="", column="", published="")._asdict()
        filled = {field: subject[field] or only for field, only in self._only.items()}
        return tuple((subject | filled).values())

    def _mean(self, cell: Cell) -> Distribution | None:
        recipe = recipe_of(self._spec, cell.table, cell.variant)
        # Clips that are measured together have no mean.
        apart = self._spec["units"] if recipe.over == "unit" else self._spec["pool"]
        for field in apart:
            if not getattr(cell, field) and field not in self._only:
                values = self._spec["units"][field]
                parts = [self.distribution(cell._replace(**{field: value})) for value in values]
                return None if None in parts else average(parts, recipe.mean)
        return None


class Verdict(NamedTuple):
    """One row of claims.csv, without report, corpus and budget.

    `verdict` is supported, contradicted or inconclusive, or `NOT_COMPUTED`, and `remark` in what
    it is restricted, where it is.
    """

    claim: str
    published_evidence: str
    reproduced_evidence: str
    ci_low: str
    ci_high: str
    verdict: str
    remark: str = ""


def decide(claim: Mapping, reproduction: Reproduction, printed: Numbers) -> list[Verdict]:
    """Decide one claim of report.yaml; one that rests on a choice is decided twice.

    `greater: [a, b]`: a exceeds b, each a cell, a value, or the difference of two (`minus: [a,
    b]`). Supported when the interval of a - b lies above 0, contradicted when below. `near: [a, b,
    tolerance]`: a is b. Supported when the interval of a - b lies within the tolerance,
    contradicted when wholly outside it. Else inconclusive: computed, and open. Where the corpus
    does not hold what is compared, not_computed. A verdict from one seed is marked as that of one
    training.

    With `every: {field: [values]}` the comparison is made once for each combination of values, on
    both sides as far as they do not say that field themselves. Supported when each of them is by
    itself; contradicted when one is, at a level divided by their number (Bonferroni).

    A field of a cell that holds a list means the best of its numbers, and `per` the mean over the
    machines, SNRs or ids of the best of each. Chosen on the test clips, as a report does which
    names the best, that is marked, and its interval is at a level divided by the number of choices.
    The same claim stands beside it with the choice made on one half of the clips and measured on
    the other.

    Parameters
    ----------
    claim : mapping
        Its `claim`, a comparison as above and, perhaps, `published`: what the report says of it
        beside the numbers.
    reproduction : Reproduction
        Our numbers, which decide.
    printed : Numbers
        The report's numbers, which are its evidence.

    Returns
    -------
    list of Verdict
    """
    spec = reproduction.spec
    text = claim["claim"] + _supervision(claim, spec)
    published = published_evidence(claim, spec, printed)
    compared = _compared(claim, spec, reproduction)
    if not _chooses(claim):
        return [_decided(text, published, claim, compared)]
    halves = _Half(reproduction, 0), _Half(reproduction, 1)
    honest = _compared(claim, spec, *halves)
    honest = honest and [case._replace(choices=1) for case in honest]
    return [
        _decided(text + ON_THE_TEST, published, claim, compared),
        _decided(text + ON_ONE_HALF, published, claim, honest),
    ]


def published_evidence(claim: Mapping, spec: Mapping, printed: Numbers) -> str:
    """Return what a report says for its claim, and its numbers; nothing where the claim is ours."""
    numbers = _evidence(_compared(claim, spec, printed))
    return "; ".join(filter(None, (claim.get("published", ""), numbers)))


def decide_all(
    report: str,
    claims: Sequence[Mapping],
    reproduction: Reproduction,
    printed: Numbers,
    setting: Setting,
) -> Iterator[tuple[str, ...]]:
    """Yield the rows of claims.csv of one report.

    Under another corpus or budget than the report's, nothing is said of the report: the row is
    not_comparable, as in all.csv, and what was found here follows in parentheses.
    """
    for claim in claims:
        for *evidence, verdict, remark in decide(claim, reproduction, printed):
            told = _told(verdict, remark, setting.is_the_report_s)
            yield (report, *evidence, setting.corpus, setting.budget, told)


def _told(verdict: str, remark: str, is_the_report_s: bool) -> str:
    """Return what a row of claims.csv says under `verdict`."""
    if verdict != NOT_COMPUTED and not is_the_report_s:
        verdict, remark = NOT_COMPARABLE, ", ".join(filter(None, (f"{verdict} here", remark)))
    return f"{verdict} ({remark})" if remark else verdict


class _Half(NamedTuple):
    """Our numbers of one half of the clips."""

    reproduction: Reproduction
    half: int

    def distribution(self, cell: Cell) -> Distribution | None:
        return self.reproduction.distribution(cell, self.half)


class _Case(NamedTuple):
    """One comparison: the first side less the second, both in words, and the choices behind it."""

    margin: Distribution
    words: str
    choices: int

    def interval(self, cases: int = 1) -> tuple[float, float]:
        """Return the interval of the margin, where so many cases may decide."""
        return interval(self.margin, 1 - (1 - COVERAGE) / (self.choices * cases))


class _Side(NamedTuple):
    """A number, and among how many it was chosen."""

    number: Distribution
    choices: int = 1


def _decided(text: str, published: str, claim: Mapping, cases: Sequence[_Case] | None) -> Verdict:
    if cases is None:
        return Verdict(text, published, "", "", "", NOT_COMPUTED)
    allowed = _allowed(claim)
    low, high = _bounds(claim, cases)
    return Verdict(
        text,
        published,
        _evidence(cases),
        f"{low:.6f}",
        f"{high:.6f}",
        _verdict(cases, *allowed),
        _trainings(cases),
    )


def _bounds(claim: Mapping, cases: Sequence[_Case]) -> tuple[float, float]:
    """Return the interval that a verdict rests on.

    That of the least favourable case where each must exceed something, which lies above 0 if and
    only if the claim is supported, and below if and only if it is contradicted; of all cases, from
    the lowest to the highest, where each must be near something.
    """
    low = min(case.interval()[0] for case in cases)
    if "near" in claim:
        return low, max(case.interval()[1] for case in cases)
    return low, min(case.interval(len(cases))[1] for case in cases)


def _verdict(cases: Sequence[_Case], least: float, most: float) -> str:
    alone = [case.interval() for case in cases]
    if all(least < low and high < most for low, high in alone):
        return "supported"
    among = [case.interval(len(cases)) for case in cases]
    outside = any(high < least or most < low for low, high in among)
    return "contradicted" if outside else "inconclusive"


def _trainings(cases: Sequence[_Case]) -> str:
    """Return what marks a verdict from one seed."""
    seeds = [case.margin.seeds for case in cases if case.margin.seeds is not None]
    return ONE_TRAINING if seeds and min(seeds) == 1 else ""


def _allowed(claim: Mapping) -> tuple[float, float]:
    """Return the range in which the claim wants the difference."""
    return (0.0, float("inf")) if "greater" in claim else (-claim["near"][2], claim["near"][2])


def _chooses(claim: Mapping) -> bool:
    """Tell whether a side is the best of several numbers."""
    return any(len(list(each(cell))) > 1 for cell in cells_of(claim))


def _compared(
    claim: Mapping, spec: Mapping, chooser: Numbers, measurer: Numbers | None = None
) -> list[_Case] | None:
    """Return every case of a claim; None where a number is missing in one of them.

    What is best is chosen by the numbers of `chooser`, and measured by those of `measurer`.
    """
    found = []
    for laid, sides in cases(claim):
        both = [_side(side, spec, chooser, measurer or chooser) for side in sides]
        if None in both:
            return None
        ours, theirs = both
        place = f" ({', '.join(laid.values())})" if laid else ""
        words = f"{ours.number.value:.4f} against {theirs.number.value:.4f}{place}"
        found.append(_Case(ours.number - theirs.number, words, ours.choices * theirs.choices))
    return found


def _evidence(compared: Sequence[_Case] | None) -> str:
    """Return the least favourable case in words; nothing where numbers are missing."""
    if not compared:
        return ""
    hardest = min(compared, key=lambda case: case.margin.value)
    among = f"least favourable of {len(compared)}: " if len(compared) > 1 else ""
    return among + hardest.words


def _side(
    side: Mapping | float, spec: Mapping, chooser: Numbers, measurer: Numbers
) -> _Side | None:
    if not isinstance(side, Mapping):
        return _Side(certain(float(side)))
    if "minus" in side:
        parts = [_side(part, spec, chooser, measurer) for part in side["minus"]]
        return None if None in parts else _less(*parts)
    over = side.get("per")
    if over is None:
        return _best(side, chooser, measurer)
    found = [_best({**side, over: value}, chooser, measurer) for value in spec["units"][over]]
    if None in found:
        return None
    mean = recipe_of(spec, side.get("table", "")).mean
    return _Side(average([one.number for one in found], mean), prod(one.choices for one in found))


def _less(ours: _Side, theirs: _Side) -> _Side:
    return _Side(ours.number - theirs.number, ours.choices * theirs.choices)


def _best(side: Mapping, chooser: Numbers, measurer: Numbers) -> _Side | None:
    """Return a cell's number; of a cell with lists, that of the greatest of all combinations."""
    cells = list(each(side))
    found = [chooser.distribution(cell) for cell in cells]
    if None in found:
        return None
    best = max(range(len(cells)), key=lambda place: found[place].value)
    number = measurer.distribution(cells[best])
    return number and _Side(number, len(cells))


def _supervision(claim: Mapping, spec: Mapping) -> str:
    """Return what marks a claim about systems that learn from abnormal clips."""
    taught = any(
        is_supervised(spec, cell.system) for side in cells_of(claim) for cell in each(side)
    )
    return " (supervised)" if taught else ""
