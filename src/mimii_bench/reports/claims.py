"""A report's headline statements, decided from intervals and not by eye.

A claim compares two numbers of the report, each named like a cell of a table, or one number with a
value. Both sides resample the same clips, so the interval is that of their paired difference; only
where an id has very few clips, and the sides differ in what they pool, are they drawn apart.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np

from mimii_bench.evaluation import metrics
from mimii_bench.evaluation.estimates import Distribution, average
from mimii_bench.reports import cells
from mimii_bench.reports.reproduction import Reproduction

COLUMNS = (
    *("report", "claim", "published_evidence", "reproduced_evidence"),
    *("ci_low", "ci_high", "corpus", "verdict"),
)
#: With fewer clips of a label, numbers that no resampling moves (a rate of 0, an AUC of 1) decide
#: nothing: a chance of 3 / n of something else leaves no trace in n clips one time in twenty.
LEAST_CLIPS = 60
_BLANK = dict.fromkeys(("machine", "snr", "id", "variant", "table"), "")


class Verdict(NamedTuple):
    """One row of claims.csv, without report and corpus."""

    claim: str
    published_evidence: str
    reproduced_evidence: str
    ci_low: str
    ci_high: str
    verdict: str


def decide(claim: Mapping, reproduction: Reproduction) -> Verdict:
    """Decide one claim of report.yaml: its `claim`, `published`, and a comparison.

    `greater: [a, b]`: a exceeds b, each a cell or a value. Supported when the interval of a - b
    lies above 0, contradicted when below. `near: [a, b, tolerance]`: a is b. Supported when the
    interval of a - b lies within the tolerance, contradicted when wholly outside it. Inconclusive
    else, where the corpus does not hold what is compared, and where the interval has no width and
    the clips are few (`LEAST_CLIPS`).

    A field of a cell that holds a list means the best of its numbers, and `per` the mean over the
    machines, SNRs or ids of the best of each: a choice made on the test clips, with the optimism
    that a report which chooses so has too. With `every: {field: [values]}` the comparison is made
    once for each combination of values, on both sides as far as they do not say that field
    themselves, and decided by the least favourable one.
    """
    compared = [_compare(case, reproduction) for case in cases(claim)]
    text = claim["claim"] + _supervision(claim, reproduction)
    if None in compared:
        return Verdict(text, claim["published"], "", "", "", "inconclusive")
    margins, evidence = zip(*compared, strict=True)
    hardest = int(np.argmin([margin.value for margin in margins]))
    low, high = metrics.interval(np.min([margin.replicates for margin in margins], axis=0))
    verdict = _verdict(low, high, *_allowed(claim))
    if low == high and _fewest_clips(claim, reproduction) < LEAST_CLIPS:
        verdict = "inconclusive"
    bounds = f"{low:.6f}", f"{high:.6f}"
    return Verdict(text, claim["published"], _evidence(evidence, hardest), *bounds, verdict)


def decide_all(
    report: str, claims: Sequence[Mapping], reproduction: Reproduction, corpus: str
) -> Iterator[tuple[str, ...]]:
    """Yield the rows of claims.csv of one report."""
    for claim in claims:
        *evidence, verdict = decide(claim, reproduction)
        yield (report, *evidence, corpus, verdict)


def cases(claim: Mapping) -> Iterator[tuple[dict, list]]:
    """Yield each combination that `every` asks for, and the two sides with it filled in."""
    sides = _sides(claim)
    fields = claim.get("every", {})
    for values in product(*fields.values()):
        laid = dict(zip(fields, values, strict=True))
        yield laid, [{**laid, **side} if isinstance(side, Mapping) else side for side in sides]


def cells_of(claim: Mapping) -> list[Mapping]:
    """Return the cells that a claim compares, those of every combination; lists stay in them."""
    return [side for _, both in cases(claim) for side in both if isinstance(side, Mapping)]


def _sides(claim: Mapping) -> list:
    return claim["greater"] if "greater" in claim else claim["near"][:2]


def _allowed(claim: Mapping) -> tuple[float, float]:
    """Return the range in which the claim wants the difference."""
    return (0.0, np.inf) if "greater" in claim else (-claim["near"][2], claim["near"][2])


def _compare(
    case: tuple[dict, list], reproduction: Reproduction
) -> tuple[Distribution, str] | None:
    """Return the difference of the two sides, and both in words; None where one is missing."""
    laid, sides = case
    ours, theirs = (_distribution(side, reproduction) for side in sides)
    if ours is None or theirs is None:
        return None
    difference = Distribution(ours.value - theirs.value, ours.replicates - theirs.replicates, 0)
    place = f" ({', '.join(laid.values())})" if laid else ""
    return difference, f"{ours.value:.4f} against {theirs.value:.4f}{place}"


def _distribution(side: Mapping | float, reproduction: Reproduction) -> Distribution | None:
    if not isinstance(side, Mapping):
        return Distribution(float(side), np.array([float(side)]), 0)
    cell = _BLANK | dict(side)
    over = cell.pop("per", None)
    if over is None:
        return _best(cell, reproduction)
    values = reproduction.spec["units"][over]
    found = [_best({**cell, over: value}, reproduction) for value in values]
    mean = cells.how(reproduction.spec, {**cell, "variant": ""})["mean"]
    return None if None in found else average(found, mean)


def _best(cell: Mapping, reproduction: Reproduction) -> Distribution | None:
    """Return a cell's number; of a cell with lists, the greatest of all their combinations."""
    found = [reproduction.distribution(one) for one in _each(cell)]
    if None in found:
        return None
    replicates = np.max([one.replicates for one in found], axis=0)
    return Distribution(max(one.value for one in found), replicates, found[0].seeds)


def _each(cell: Mapping) -> Iterator[dict]:
    """Yield a cell with lists once for every combination of what they hold."""
    choices = [value if isinstance(value, list) else [value] for value in cell.values()]
    for values in product(*choices):
        yield dict(zip(cell, values, strict=True))


def _fewest_clips(claim: Mapping, reproduction: Reproduction) -> int:
    """Return the least number of clips of a label behind any number of a claim."""
    plain = [_BLANK | dict(cell) for cell in cells_of(claim)]
    for cell in plain:
        cell.pop("per", None)
    return min(reproduction.fewest_clips(one) for cell in plain for one in _each(cell))


def _evidence(evidence: Sequence[str], hardest: int) -> str:
    if len(evidence) == 1:
        return evidence[0]
    return f"least favourable of {len(evidence)}: {evidence[hardest]}"


def _supervision(claim: Mapping, reproduction: Reproduction) -> str:
    """Return what marks a claim about systems that learn from abnormal clips."""
    systems = reproduction.spec.get("systems", {})
    named = (cell["system"] for cell in cells_of(claim))
    taught = any(systems.get(name, {}).get("supervised") for name in named)
    return " (supervised)" if taught else ""


def _verdict(low: float, high: float, least: float, most: float) -> str:
    if least < low and high < most:
        return "supported"
    return "contradicted" if high < least or most < low else "inconclusive"
