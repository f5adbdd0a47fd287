"""A report's headline statements, decided from intervals and not by eye.

A claim compares two numbers of the report, each named like a cell of a table, or one number with a
value. Both sides resample the same clips, so the interval is that of their paired difference.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from mimii_bench import metrics
from mimii_bench.evaluation import Distribution
from mimii_bench.reproduction import Reproduction

COLUMNS = (
    *("report", "claim", "published_evidence", "reproduced_evidence"),
    *("ci_low", "ci_high", "corpus", "verdict"),
)
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

    `greater: [a, b]`: a exceeds b, a cell or a value. Supported when the interval of a - b lies
    above 0, contradicted when below. `near: [a, value, tolerance]`: a is the value. Supported when
    the interval of a - value lies within the tolerance, contradicted when wholly outside it.
    Inconclusive else, and where the corpus does not hold what is compared.
    """
    sides, allowed = _sides(claim)
    found = [_distribution(side, reproduction) for side in sides]
    if any(side is None for side in found):
        return Verdict(claim["claim"], claim["published"], "", "", "", "inconclusive")
    ours, theirs = found
    low, high = metrics.interval(ours.replicates - theirs.replicates)
    evidence = f"{ours.value:.4f} against {theirs.value:.4f}"
    verdict = _verdict(low, high, *allowed)
    return Verdict(
        claim["claim"], claim["published"], evidence, f"{low:.6f}", f"{high:.6f}", verdict
    )


def decide_all(report: str, claims: Sequence[Mapping], reproduction: Reproduction, corpus: str):
    """Yield the rows of claims.csv of one report."""
    for claim in claims:
        *evidence, verdict = decide(claim, reproduction)
        yield (report, *evidence, corpus, verdict)


def _sides(claim: Mapping) -> tuple[list, tuple[float, float]]:
    """Return what is compared, and the range in which the claim wants the difference."""
    if "greater" in claim:
        return claim["greater"], (0.0, np.inf)
    cell, value, tolerance = claim["near"]
    return [cell, value], (-tolerance, tolerance)


def _distribution(side: Mapping | float, reproduction: Reproduction) -> Distribution | None:
    if isinstance(side, Mapping):
        return reproduction.distribution(_BLANK | dict(side))
    return Distribution(float(side), np.array([float(side)]), 0)


def _verdict(low: float, high: float, least: float, most: float) -> str:
    if least < low and high < most:
        return "supported"
    return "contradicted" if high < least or most < low else "inconclusive"
