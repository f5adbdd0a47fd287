"""From scores to one number with its interval: per group of clips, then averaged.

Everything here is a pure function of scores. How an interval comes about is said here alone: the
bootstrap that draws clips and seeds (`resample`, `evaluate_group`), and what of its replicates is
the interval (`interval`).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from mimii_bench.evaluation import metrics
from mimii_bench.evaluation.scores import sample_of
from mimii_bench.util.seeds import generator

#: Central share of the bootstrap distribution that an interval covers.
COVERAGE = 0.95
#: Fewer clips of an id are not resampled by themselves: one alone would never vary.
LEAST_STRATUM = 5
MEANS = {
    "arithmetic": lambda values: np.mean(values, axis=0),
    "harmonic": lambda values: 1 / np.mean(1 / np.asarray(values), axis=0),
}


class Estimate(NamedTuple):
    """A number with its 95 % interval and the seeds behind it; a count has neither (None)."""

    value: float
    low: float | None
    high: float | None
    seeds: int | None


class Distribution(NamedTuple):
    """A metric of one group of clips, or a mean of several.

    Attributes
    ----------
    value : float
        Mean over seeds.
    replicates : (replicate,)
        Bootstrap replicates of that mean.
    seeds : int
    """

    value: float
    replicates: np.ndarray
    seeds: int


def evaluate_group(
    scores: pd.DataFrame,
    metric: str,
    replicates: int,
    trained: object,
    thresholds: Mapping[int, float | None] | None = None,
) -> Distribution:
    """Return the metric of one group of clips from its scores over all seeds.

    The seeds were scored on the same clips, so a replicate draws the same clips for all of them:
    drawn anew for each, their chance would seem to average out. Seeds are resampled too where
    there are several, so that the interval holds both sources of chance.

    Parameters
    ----------
    scores : DataFrame
        Columns machine, id, label, role, score and seed; the same clips in the same order for
        every seed.
    metric : str
        One of `metrics.METRICS`.
    replicates : int
    trained : object
        What the models were trained on: groups that the same models scored say the same, and draw
        the same seeds.
    thresholds : {seed: float}, optional
        For metrics that need one.
    """
    values, resampled = [], []
    draws = None
    for run_seed, run in scores.groupby("seed"):
        threshold = (thresholds or {}).get(run_seed)
        values.append(metrics.measure(sample_of(run), metric, threshold)[0])
        draws = resample(run, replicates) if draws is None else draws
        resampled.append(metrics.measure(sample_of(run, draws), metric, threshold))
    seeds = len(resampled)
    chosen = generator("seeds", trained).integers(seeds, size=(seeds, replicates))
    mean = np.take_along_axis(np.array(resampled), chosen, axis=0).mean(axis=0)
    return Distribution(float(np.mean(values)), mean, len(values))


def resample(clips: pd.DataFrame, replicates: int) -> np.ndarray:
    """Return how often each clip counts in each replicate (replicate, clip) of a bootstrap.

    Stratified: of the clips of one machine, id, label and role as many are drawn, with
    replacement, as there are; where some id has too few to vary, of all ids together. What is drawn
    follows from these alone, so that groups share the draws of the clips that they share, and the
    clips of one place in their order are drawn as often at every SNR and under every system:
    averages and differences keep what they have in common, as far as such clips are the same
    recording (docs/real-fans.md).
    """
    draws = np.empty((replicates, len(clips)))
    for stratum, places in _strata(clips):
        share = np.full(len(places), 1 / len(places))
        rng = generator("bootstrap", *stratum)
        draws[:, places] = rng.multinomial(len(places), share, size=replicates)
    return draws


def _strata(clips: pd.DataFrame) -> Iterator[tuple[tuple, np.ndarray]]:
    """Yield what each stratum is of, and the places of its clips."""
    by_id = clips.groupby(["machine", "id", "label", "role"], sort=False).indices
    if min(map(len, by_id.values())) >= LEAST_STRATUM:
        yield from by_id.items()
        return
    ids = sorted(clips["id"].unique())
    for stratum, places in clips.groupby(["machine", "label", "role"], sort=False).indices.items():
        yield (*stratum, *ids), places


def average(groups: Sequence[Distribution], mean: str = "arithmetic") -> Distribution:
    """Return the mean over groups, of a kind in `MEANS`, replicate by replicate."""
    # A harmonic mean is not defined at 0, where a replicate of a bad detector may well be.
    floor = 1e-12 if mean == "harmonic" else -np.inf
    kind = MEANS[mean]
    replicates = kind(np.maximum([group.replicates for group in groups], floor))
    value = float(kind(np.maximum([group.value for group in groups], floor)))
    return Distribution(value, replicates, min(group.seeds for group in groups))


def interval(value: float, replicates: np.ndarray) -> tuple[float, float]:
    """Return the interval of a value: the central 95 % of its bootstrap replicates.

    Tables, claims and leaderboard take theirs from here alone. The percentile method does not ask
    for the value; others do.
    """
    tail = (1 - COVERAGE) / 2
    low, high = np.quantile(replicates, [tail, 1 - tail])
    return float(low), float(high)


def estimate(distribution: Distribution) -> Estimate:
    """Return a distribution's value with the interval of its replicates."""
    low, high = interval(distribution.value, distribution.replicates)
    return Estimate(distribution.value, low, high, distribution.seeds)
