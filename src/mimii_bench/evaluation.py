"""From score files to one number with its interval: per unit, then averaged over units and seeds.

Everything here is a pure function of scores.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from mimii_bench import metrics
from mimii_bench.seeds import generator


class Estimate(NamedTuple):
    """A metric with its 95 % interval and the number of seeds behind it."""

    value: float
    low: float
    high: float
    seeds: int


class Distribution(NamedTuple):
    """A metric of one unit: its value (mean over seeds), and bootstrap replicates of that mean."""

    value: float
    replicates: np.ndarray
    seeds: int


def read_scores(paths: Sequence[Path | str]) -> pd.DataFrame:
    """Return the test clips of score files, one file per seed, with a column `seed`."""
    text = {"clip": str, "machine": str, "snr": str, "id": str, "label": str, "role": str}
    tables = (pd.read_csv(path, dtype=text).assign(seed=k) for k, path in enumerate(paths))
    scores = pd.concat(tables, ignore_index=True)
    return scores[scores["role"] == "test"]


def evaluate_unit(scores: pd.DataFrame, metric: str, replicates: int, seed: object) -> Distribution:
    """Return the metric of one unit from its test scores over all seeds.

    The seeds were scored on the same clips, so a replicate draws the same clips for all of them:
    drawn anew for each, their chance would seem to average out. Seeds are resampled too where
    there are several, so that the interval holds both sources of chance.
    """
    measure = metrics.RANKING[metric]
    values, draws = [], []
    for _, run in scores.groupby("seed"):
        labels, numbers = (run["label"] == "abnormal").to_numpy(), run["score"].to_numpy()
        values.append(measure(metrics.Sample(labels, numbers))[0])
        rng = generator("bootstrap", seed)
        draws.append(measure(metrics.resample(labels, numbers, replicates, rng)))
    chosen = generator("seeds", seed).integers(len(draws), size=(len(draws), replicates))
    mean = np.take_along_axis(np.array(draws), chosen, axis=0).mean(axis=0)
    return Distribution(float(np.mean(values)), mean, len(values))


def average(units: Sequence[Distribution]) -> Estimate:
    """Return the arithmetic mean over units; their clips are independent of each other."""
    mean = np.mean([unit.replicates for unit in units], axis=0)
    low, high = metrics.interval(mean)
    value = float(np.mean([unit.value for unit in units]))
    return Estimate(value, low, high, min(unit.seeds for unit in units))
