"""From scores to ranks: every row measured on every unit, its mean rank, and what differs.

Everything here is a pure function of scores.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import norm, rankdata, spearmanr

from mimii_bench import metrics
from mimii_bench.corpus.layout import Unit
from mimii_bench.evaluation import Distribution, average, estimate, evaluate_group

METRICS = ("auc", "pauc_mcclish", "pauc_trapz", "pauc_topk")
#: `pauc_topk` looks at a tenth of the normal clips, which fewer do not have.
LEAST_NORMALS = {"pauc_topk": round(1 / metrics.MAX_FPR)}
#: Differences with an adjusted p below this are called real.
LEVEL = 0.05


class Contender(NamedTuple):
    """One row: `clips` holds for each unit its scored test clips, with a column `seed`.

    Rows of the same `entry` are kinds of score of the same trained systems.
    """

    name: str
    entry: str
    supervised: bool
    clips: Mapping[Unit, pd.DataFrame]


#: (row, unit) -> the metric of the row on the unit.
Measured = dict[tuple[str, Unit], Distribution]


def measurable(contender: Contender) -> list[str]:
    """Return the metrics that the number of clips allows on every unit."""
    first_seed = [clips[clips["seed"] == clips["seed"].min()] for clips in contender.clips.values()]
    normals = min((clips["label"] == "normal").sum() for clips in first_seed)
    return [metric for metric in METRICS if normals >= LEAST_NORMALS.get(metric, 1)]


def measure(contenders: Sequence[Contender], metric: str, replicates: int) -> Measured:
    """Measure every row on every unit; all rows of a unit are resampled alike, so they pair."""
    return {
        (one.name, unit): evaluate_group(clips, metric, replicates, (unit.machine, unit.id))
        for one in contenders
        for unit, clips in one.clips.items()
    }


def fuse(name: str, contenders: Sequence[Contender]) -> Contender:
    """Return the fusion of all rows: the mean of their scores, each as its rank among the test.

    Ranks are taken within one unit and seed and divided by the number of clips. Every entry counts
    the same, whatever number of rows it has. No label is used, and nothing is chosen. All rows hold
    the same clips in the same order.
    """
    rows_of = Counter(one.entry for one in contenders)
    weights = [1 / rows_of[one.entry] for one in contenders]
    clips = {
        unit: pd.concat(
            _fuse([one.clips[unit] for one in contenders], weights, seed)
            for seed in sorted(contenders[0].clips[unit]["seed"].unique())
        )
        for unit in contenders[0].clips
    }
    return Contender(name, name, False, clips)


def _fuse(tables: Sequence[pd.DataFrame], weights: Sequence[float], seed: int) -> pd.DataFrame:
    runs = [table[table["seed"] == seed] for table in tables]
    ranks = [rankdata(run["score"]) / len(run) for run in runs]
    return runs[0].assign(score=np.average(ranks, axis=0, weights=weights))


def mean_ranks(measured: Measured, names: Sequence[str], units: Sequence[Unit]) -> np.ndarray:
    """Return, of shape (row, 1 + replicate), each row's mean rank over units: value, replicates.

    Rank 1 is the best; equals share the mean of their ranks.
    """
    table = np.array(
        [
            [np.r_[measured[name, unit].value, measured[name, unit].replicates] for unit in units]
            for name in names
        ]
    )
    return rankdata(-table, axis=0).mean(axis=1)


class Difference(NamedTuple):
    """Two rows, the first with the higher mean AUC, and how sure that is."""

    better: str
    worse: str
    auc_difference: float
    ci_low: float
    ci_high: float
    p: float
    p_holm: float


def differences(measured: Measured, names: Sequence[str], units: Sequence[Unit]):
    """Return the `Difference` of every pair of rows, in the order of `names`.

    The p of a pair is two-sided, from the difference over the standard deviation of its paired
    bootstrap replicates, taken as normal; it is adjusted for the number of pairs after Holm (1979).
    """
    means = {name: average([measured[name, unit] for unit in units]) for name in names}
    pairs = [sorted(pair, key=lambda name: -means[name].value) for pair in combinations(names, 2)]
    found = [_difference(a, b, means[a], means[b]) for a, b in pairs]
    adjusted = _holm([difference.p for difference in found])
    return [one._replace(p_holm=p) for one, p in zip(found, adjusted, strict=True)]


def _difference(better: str, worse: str, ours: Distribution, theirs: Distribution) -> Difference:
    gap, replicates = ours.value - theirs.value, ours.replicates - theirs.replicates
    low, high = metrics.interval(replicates)
    spread = replicates.std(ddof=1)
    p = 2 * norm.sf(abs(gap) / spread) if spread else float(gap == 0)
    return Difference(better, worse, gap, low, high, float(p), float(p))


def _holm(p: Sequence[float]) -> np.ndarray:
    order = np.argsort(p, kind="stable")
    raised = np.array(p)[order] * np.arange(len(p), 0, -1)
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(np.maximum.accumulate(raised), 1)
    return adjusted


def stability(contenders: Sequence[Contender]) -> float:
    """Return Spearman's correlation of the mean AUCs over two disjoint halves of the seeds.

    NaN where there is one seed.
    """
    by_seed = np.array([_auc_by_seed(one) for one in contenders])
    half = by_seed.shape[1] // 2
    if not half:
        return float("nan")
    halves = by_seed[:, :half].mean(axis=1), by_seed[:, half:].mean(axis=1)
    return float(spearmanr(*halves).statistic)


def _auc_by_seed(contender: Contender) -> list[float]:
    """Return the mean AUC over units for each seed."""
    by_unit = [
        [
            metrics.auc(metrics.Sample(run["label"] == "abnormal", run["score"]))[0]
            for _, run in clips.groupby("seed")
        ]
        for clips in contender.clips.values()
    ]
    return np.mean(by_unit, axis=0).tolist()


def ranked(
    measured: Mapping[str, Measured], names: Sequence[str], units: Sequence[Unit]
) -> pd.DataFrame:
    """Return one row per name, best mean rank first: ranks, and every metric's mean over units.

    What was not measured is empty.
    """
    ranks = mean_ranks(measured["auc"], names, units)
    rows = []
    for name, of_row in zip(names, ranks, strict=True):
        low, high = metrics.interval(of_row[1:])
        row = {"system": name, "mean_rank": of_row[0], "rank_low": low, "rank_high": high}
        for metric, of_metric in measured.items():
            found = estimate(average([of_metric[name, unit] for unit in units]))
            row |= {metric: found.value, f"{metric}_low": found.low, f"{metric}_high": found.high}
            row["seeds"] = found.seeds
        rows.append(row)
    columns = [f"{metric}{end}" for metric in METRICS for end in ("", "_low", "_high")]
    front = ["system", "mean_rank", "rank_low", "rank_high"]
    table = pd.DataFrame(rows, columns=[*front, *columns, "seeds"]).sort_values(
        ["mean_rank", "system"], kind="stable"
    )
    table.insert(0, "rank", rankdata(table["mean_rank"], method="min").astype(int))
    return table.assign(units=len(units))
