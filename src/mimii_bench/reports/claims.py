"""A report's headline statements, decided from intervals and not by eye.

A claim compares two numbers of the report, each named like a cell of a table, or one number with a
value. Both sides resample the same clips, so the interval is that of their paired difference; only
where an id has very few clips, and the sides differ in what they pool, are they drawn apart.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np

from mimii_bench.evaluation.intervals import Distribution, average, interval
from mimii_bench.reports.claim_cells import cases, cells_of, each
from mimii_bench.reports.published import Cell
from mimii_bench.reports.recipes import is_supervised, recipe_of
from mimii_bench.reports.reproduction import Reproduction

#: With fewer clips of a label, numbers that no resampling moves (a rate of 0, an AUC of 1) decide
#: nothing: a chance of 3 / n of something else leaves no trace in n clips one time in twenty.
LEAST_TO_BE_SURE = 60


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
        return self._mean(cell) if value is None else _certain(value)

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
    """One row of claims.csv, without report and corpus."""

    claim: str
    published_evidence: str
    reproduced_evidence: str
    ci_low: str
    ci_high: str
    verdict: str


def decide(claim: Mapping, reproduction: Reproduction, printed: Numbers) -> Verdict:
    """Decide one claim of report.yaml.

    `greater: [a, b]`: a exceeds b, each a cell or a value. Supported when the interval of a - b
    lies above 0, contradicted when below. `near: [a, b, tolerance]`: a is b. Supported when the
    interval of a - b lies within the tolerance, contradicted when wholly outside it. Inconclusive
    else, where the corpus does not hold what is compared, and where the interval has no width and
    the clips are few (`LEAST_TO_BE_SURE`).

    A field of a cell that holds a list means the best of its numbers, and `per` the mean over the
    machines, SNRs or ids of the best of each: a choice made on the test clips, with the optimism
    that a report which chooses so has too. With `every: {field: [values]}` the comparison is made
    once for each combination of values, on both sides as far as they do not say that field
    themselves, and decided by the least favourable one.

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
    Verdict
    """
    spec = reproduction.spec
    text = claim["claim"] + _supervision(claim, spec)
    published = published_evidence(claim, spec, printed)
    compared = _compared(claim, spec, reproduction)
    if compared is None:
        return Verdict(text, published, "", "", "", "inconclusive")
    margins = [one.margin for one in compared]
    least = np.min([margin.replicates for margin in margins], axis=0)
    low, high = interval(min(margin.value for margin in margins), least)
    verdict = _verdict(low, high, *_allowed(claim))
    if low == high and _fewest_clips(claim, reproduction) < LEAST_TO_BE_SURE:
        verdict = "inconclusive"
    return Verdict(text, published, _evidence(compared), f"{low:.6f}", f"{high:.6f}", verdict)


def published_evidence(claim: Mapping, spec: Mapping, printed: Numbers) -> str:
    """Return what a report says for its claim, and its numbers; nothing where the claim is ours."""
    numbers = _evidence(_compared(claim, spec, printed))
    return "; ".join(filter(None, (claim.get("published", ""), numbers)))


def decide_all(
    report: str,
    claims: Sequence[Mapping],
    reproduction: Reproduction,
    printed: Numbers,
    corpus: str,
) -> Iterator[tuple[str, ...]]:
    """Yield the rows of claims.csv of one report."""
    for claim in claims:
        *evidence, verdict = decide(claim, reproduction, printed)
        yield (report, *evidence, corpus, verdict)


def _allowed(claim: Mapping) -> tuple[float, float]:
    """Return the range in which the claim wants the difference."""
    return (0.0, np.inf) if "greater" in claim else (-claim["near"][2], claim["near"][2])


class _Comparison(NamedTuple):
    """The two sides of one case: the first less the second, and both in words."""

    margin: Distribution
    words: str


def _compared(claim: Mapping, spec: Mapping, numbers: Numbers) -> list[_Comparison] | None:
    """Return every case of a claim; None where a number is missing in one of them."""
    found = []
    for laid, sides in cases(claim):
        ours, theirs = (_distribution(side, spec, numbers) for side in sides)
        if ours is None or theirs is None:
            return None
        margin = Distribution(ours.value - theirs.value, ours.replicates - theirs.replicates, 0)
        place = f" ({', '.join(laid.values())})" if laid else ""
        found.append(_Comparison(margin, f"{ours.value:.4f} against {theirs.value:.4f}{place}"))
    return found


def _evidence(compared: Sequence[_Comparison] | None) -> str:
    """Return the least favourable case in words; nothing where numbers are missing."""
    if not compared:
        return ""
    hardest = compared[int(np.argmin([one.margin.value for one in compared]))]
    among = f"least favourable of {len(compared)}: " if len(compared) > 1 else ""
    return among + hardest.words


def _distribution(side: Mapping | float, spec: Mapping, numbers: Numbers) -> Distribution | None:
    if not isinstance(side, Mapping):
        return _certain(float(side))
    over = side.get("per")
    if over is None:
        return _best(side, numbers)
    found = [_best({**side, over: value}, numbers) for value in spec["units"][over]]
    mean = recipe_of(spec, side.get("table", "")).mean
    return None if None in found else average(found, mean)


def _certain(value: float) -> Distribution:
    """Return a number that is not of our clips, and so does not vary with them."""
    return Distribution(value, np.array([value]), 0)


def _best(side: Mapping, numbers: Numbers) -> Distribution | None:
    """Return a cell's number; of a cell with lists, the greatest of all their combinations."""
    found = [numbers.distribution(cell) for cell in each(side)]
    if None in found:
        return None
    replicates = np.max([one.replicates for one in found], axis=0)
    return Distribution(max(one.value for one in found), replicates, found[0].seeds)


def _fewest_clips(claim: Mapping, reproduction: Reproduction) -> int:
    """Return the least number of clips of a label behind any number of a claim."""
    return min(reproduction.fewest_clips(cell) for side in cells_of(claim) for cell in each(side))


def _supervision(claim: Mapping, spec: Mapping) -> str:
    """Return what marks a claim about systems that learn from abnormal clips."""
    taught = any(is_supervised(spec, cell["system"]) for cell in cells_of(claim))
    return " (supervised)" if taught else ""


def _verdict(low: float, high: float, least: float, most: float) -> str:
    if least < low and high < most:
        return "supported"
    return "contradicted" if high < least or most < low else "inconclusive"
