"""From scores to one number with its interval: per group of clips, then averaged.

Everything here is a pure function of scores.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from mimii_bench.evaluation import metrics
from mimii_bench.util import plugins
from mimii_bench.util.seeds import generator

#: Fewer clips of an id are not resampled by themselves: one alone would never vary.
LEAST_STRATUM = 5
MEANS = {
    "arithmetic": lambda values: np.mean(values, axis=0),
    "harmonic": lambda values: 1 / np.mean(1 / np.asarray(values), axis=0),
}


class Estimate(NamedTuple):
    """A metric with its 95 % interval and the number of seeds behind it."""

    value: float
    low: float
    high: float
    seeds: int


class Distribution(NamedTuple):
    """A metric of one group: its value (mean over seeds), and bootstrap replicates of that mean."""

    value: float
    replicates: np.ndarray
    seeds: int


def read_scores(paths: Sequence[Path | str]) -> pd.DataFrame:
    """Return the clips of score files, one file per seed, with a column `seed`."""
    text = {"clip": str, "machine": str, "snr": str, "id": str, "label": str, "role": str}
    tables = (pd.read_csv(path, dtype=text).assign(seed=k) for k, path in enumerate(paths))
    return pd.concat(tables, ignore_index=True)


def fit_threshold(scores: pd.DataFrame, rule: Mapping | None) -> float | None:
    """Return the threshold that `rule` finds on the clips of one training, None without a rule.

    A rule names a class of `mimii_bench.evaluation`, its options, and the roles of the clips that
    it is fitted on (`fitted_on`, the training clips unless said).
    """
    if rule is None:
        return None
    parameters = dict(rule)
    roles = parameters.pop("fitted_on", ["train"])
    threshold = plugins.build("evaluation", parameters)
    sample = sample_of(scores[scores["role"].isin(roles)])
    return threshold.fit(sample.scores, sample.labels).threshold_


def evaluate_group(
    scores: pd.DataFrame,
    metric: str,
    replicates: int,
    trained: object,
    thresholds: Mapping[int, float | None] | None = None,
) -> Distribution:
    """Return the metric of one group of clips from its scores over all seeds.

    `scores` has the columns machine, id, label, role, score and seed, the same clips in the same
    order for every seed. They were scored on the same clips, so a replicate draws the same clips
    for all of them: drawn anew for each, their chance would seem to average out. Seeds are
    resampled too where there are several, so that the interval holds both sources of chance;
    groups that the same models scored draw the same ones, and say so by the same `trained`.
    `thresholds` holds one per seed, for metrics that need it.
    """
    values, draws = [], []
    counts = None
    for run_seed, run in scores.groupby("seed"):
        threshold = (thresholds or {}).get(run_seed)
        values.append(metrics.measure(sample_of(run), metric, threshold)[0])
        counts = resample(run, replicates) if counts is None else counts
        draws.append(metrics.measure(sample_of(run, counts), metric, threshold))
    chosen = generator("seeds", trained).integers(len(draws), size=(len(draws), replicates))
    mean = np.take_along_axis(np.array(draws), chosen, axis=0).mean(axis=0)
    return Distribution(float(np.mean(values)), mean, len(values))


def sample_of(clips: pd.DataFrame, counts: np.ndarray | None = None) -> metrics.Sample:
    """Return the clips of a table as the metrics take them."""
    labels = (clips["label"] == "abnormal").to_numpy()
    return metrics.Sample(labels, clips["score"].to_numpy(), counts)


def resample(clips: pd.DataFrame, replicates: int) -> np.ndarray:
    """Return how often each clip counts in each replicate (replicate, clip) of a bootstrap.

    Stratified: of the clips of one machine, id, label and role as many are drawn, with
    replacement, as there are; where some id has too few to vary, of all ids together. What is drawn
    follows from these alone, so that groups share the draws of the clips that they share, and the
    clips of one place in their order are drawn as often at every SNR and under every system:
    averages and differences keep what they have in common, as far as such clips are the same
    recording (docs/real-fans.md).
    """
    counts = np.empty((replicates, len(clips)))
    for stratum, places in _strata(clips):
        share = np.full(len(places), 1 / len(places))
        rng = generator("bootstrap", *stratum)
        counts[:, places] = rng.multinomial(len(places), share, size=replicates)
    return counts


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


def estimate(distribution: Distribution) -> Estimate:
    """Return a distribution's value with the interval of its replicates."""
    low, high = metrics.interval(distribution.replicates)
    return Estimate(distribution.value, low, high, distribution.seeds)
