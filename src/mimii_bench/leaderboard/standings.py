"""From scores to ranks: every row measured on every unit, its mean rank, and what differs.

Everything here is a pure function of scores.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import rankdata, spearmanr

from mimii_bench.corpus.base import Unit
from mimii_bench.evaluation import metrics, resampling
from mimii_bench.evaluation.intervals import (
    Distribution,
    added,
    average,
    estimate,
    interval,
    of_group,
    p_value,
    reach,
)
from mimii_bench.evaluation.resampling import measure_group
from mimii_bench.util.errors import UserError

#: Those of a ranking: a score is asked for no decision.
METRICS = tuple(name for name, one in metrics.METRICS.items() if not one.needs_threshold)
#: Differences with an adjusted p below this are called real.
LEVEL = 0.05
#: With fewer test clips of a class in a unit, no difference is judged. One clip, resampled, does
#: not vary at all; with two or three the test misses most or many clear differences.
LEAST_TO_JUDGE = 4
#: Scores that deviate by less, of their size, are the same but for rounding.
_SAME = 1e-9


class Contender(NamedTuple):
    """One row, with all that it is measured by.

    Attributes
    ----------
    name : str
    entry : str
        Rows of the same entry are kinds of score of the same trained systems.
    supervised : bool
        Whether abnormal clips train.
    clips : {unit: DataFrame}
        The scored test clips, with a column `seed`.
    normals : {unit: DataFrame}
        The scored normal clips of the unit that trained; nothing where it has no score of them.
    """

    name: str
    entry: str
    supervised: bool
    clips: Mapping[Unit, pd.DataFrame]
    normals: Mapping[Unit, pd.DataFrame] = MappingProxyType({})


#: (row, unit) -> the metric of the row on the unit.
Measured = dict[tuple[str, Unit], Distribution]


def measurable(contender: Contender) -> list[str]:
    """Return the metrics that the number of clips allows on every unit."""
    labels = [
        (clips[clips["seed"] == clips["seed"].min()]["label"] == "abnormal").to_numpy()
        for clips in contender.clips.values()
    ]
    return [
        metric
        for metric in METRICS
        if all(metrics.computable(of_unit, metric) for of_unit in labels)
    ]


def measure(contenders: Sequence[Contender], metric: str, replicates: int) -> Measured:
    """Measure every row on every unit; all rows of a unit are resampled alike, so they pair.

    The units of a machine and SNR have their seeds in common: classifiers of the id train on all.

    Parameters
    ----------
    contenders : sequence of Contender
    metric : str
        One of `METRICS`.
    replicates : int
        Of the bootstrap.

    Returns
    -------
    {(row, unit): Distribution}
    """
    return {
        (one.name, unit): of_group(
            measure_group(clips, metric, replicates, (unit.machine, unit.snr))
        )
        for one in contenders
        for unit, clips in one.clips.items()
    }


def fuse(name: str, contenders: Sequence[Contender]) -> Contender:
    """Return the fusion of all rows: the mean of their scores, each as its rank among the test.

    Ranks are taken within one unit and seed and divided by the number of clips. Every entry counts
    the same, whatever number of rows it has. No label is used, and nothing is chosen. All rows hold
    the same clips in the same order. It has no scores of training clips: a rank among them would be
    another number.
    """
    ranked = [
        _each_run(one.clips, lambda _, run: rankdata(run["score"]) / len(run)) for one in contenders
    ]
    return _averaged(name, contenders, ranked)


def fuse_standardised(name: str, contenders: Sequence[Contender]) -> Contender:
    """Return the fusion of rows as a detector in use can have it, one clip at a time.

    The mean of their scores, each less the mean of the unit's normal training clips, over their
    standard deviation, within one seed. Every entry counts the same.

    Raises
    ------
    UserError
        For a row that gives all of a unit's training clips the same score.
    """
    scales = [_scales(name, one) for one in contenders]
    clips, normals = (
        [
            _each_run(
                getattr(one, part), lambda key, run, of=of: (run["score"] - of[key][0]) / of[key][1]
            )
            for one, of in zip(contenders, scales, strict=True)
        ]
        for part in ("clips", "normals")
    )
    return _averaged(name, contenders, clips, normals)


#: The scored clips of each unit, those of a seed one after the other.
_Clips = Mapping[Unit, pd.DataFrame]
#: A unit, and a seed.
_Run = tuple[Unit, int]


def _scales(name: str, one: Contender) -> dict[_Run, tuple[float, float]]:
    """Return mean and deviation of the normal training clips of each unit and seed."""
    found = {}
    for unit, clips in one.normals.items():
        for seed, scores in clips.groupby("seed")["score"]:
            spread = float(np.std(scores))
            if spread <= _SAME * max(1.0, float(np.abs(scores).max())):
                raise UserError(
                    f"leaderboard.yaml: fusions.{name}: {one.name} gives all normal training clips "
                    f"of {unit.path} the same score; write scores: ranks, or leave it out"
                )
            found[unit, seed] = float(scores.mean()), spread
    return found


def _each_run(
    clips: _Clips, scored: Callable[[_Run, pd.DataFrame], np.ndarray | pd.Series]
) -> dict[Unit, pd.DataFrame]:
    """Return clips with other scores, which `scored` makes of those of one unit and seed."""
    return {
        unit: pd.concat(
            run.assign(score=scored((unit, seed), run)) for seed, run in table.groupby("seed")
        )
        for unit, table in clips.items()
    }


def _averaged(
    name: str,
    contenders: Sequence[Contender],
    clips: Sequence[_Clips],
    normals: Sequence[_Clips] = (),
) -> Contender:
    """Return a row of the mean scores of others, in which every entry counts the same."""
    rows_of = Counter(one.entry for one in contenders)
    weights = [1 / rows_of[one.entry] for one in contenders]

    def mean(parts: Sequence[_Clips]) -> dict[Unit, pd.DataFrame]:
        return {
            unit: first.assign(
                score=np.average([part[unit]["score"] for part in parts], axis=0, weights=weights)
            )
            for unit, first in (parts[0].items() if parts else ())
        }

    supervised = any(one.supervised for one in contenders)
    return Contender(name, name, supervised, mean(clips), mean(normals))


class RankEstimate(NamedTuple):
    """A row's mean rank over units, and its interval."""

    value: float
    low: float
    high: float


def mean_ranks(
    measured: Measured, names: Sequence[str], units: Sequence[Unit]
) -> list[RankEstimate]:
    """Return each row's mean rank over units, with its interval; rank 1 is the best.

    Equal rows share their ranks. Chance draws ranks to the middle: those on resampled clips lie
    nearer to it than the observed ones, and these nearer than those of many clips would. So the
    interval is that around the observed mean rank, drawn out on its outer side by what resampling
    draws in (bias correction of the bootstrap, Efron and Tibshirani 1993, chapter 10). It holds
    both the mean rank that is expected with so many clips and the one of many (docs/statistics.md).

    Parameters
    ----------
    measured : {(row, unit): Distribution}
        Of one group each.
    names : sequence of str
    units : sequence of Unit

    Returns
    -------
    list of RankEstimate
    """
    groups = [[_group(measured[name, unit]) for unit in units] for name in names]
    values = _ranks(np.array([[one.value for one in row] for row in groups])).mean(axis=1)
    resampled = _ranks(np.array([[one.replicates for one in row] for row in groups])).mean(axis=1)
    by_seed = _ranks(np.array([[one.values for one in row] for row in groups]))
    pools = [repr(one.trained) for one in groups[0]]
    fewest = min(one.fewest for row in groups for one in row)
    found = []
    for value, replicates, of_seeds in zip(values, resampled, by_seed, strict=True):
        clips = float(np.var(replicates)) * fewest / max(fewest - 1, 1)
        half = reach(clips, _variance_of_seeds(of_seeds, pools))
        apart = value - (replicates.mean() - value)
        low, high = min(value, apart) - half, max(value, apart) + half
        found.append(RankEstimate(float(value), max(low, 1.0), min(high, float(len(names)))))
    return found


def _group(number: Distribution) -> resampling.Measured:
    """Return the group of clips that a number is of."""
    ((_, group),) = number.terms
    return group


def _variance_of_seeds(ranks: np.ndarray, pools: Sequence[str]) -> tuple[float, float]:
    """Return the variance that seeds give the mean of ranks (unit, seed), and its freedom."""
    units, seeds = ranks.shape
    if seeds < 2:
        return 0.0, np.inf
    sums = [ranks[[one == pool for one in pools]].sum(axis=0) / units for pool in sorted({*pools})]
    return added([(float(np.var(of_pool, ddof=1)) / seeds, seeds - 1) for of_pool in sums])


def _ranks(aucs: np.ndarray) -> np.ndarray:
    """Return the ranks of rows along the first axis, 1 for the highest; equals share theirs."""
    # The mean of equal numbers may differ in the last digit.
    return rankdata(-np.round(aucs, 9), axis=0)


class Difference(NamedTuple):
    """Two rows, the first with the higher mean AUC, and how sure that is; NaN where unknown."""

    better: str
    worse: str
    auc_difference: float
    ci_low: float
    ci_high: float
    p: float
    p_holm: float


def differences(
    measured: Measured, families: Sequence[Sequence[str]], units: Sequence[Unit]
) -> list[list[Difference]]:
    """Return the difference of every pair of rows of each family, in the order of its names.

    Intervals and p are those of `evaluation.intervals`, which claims use too. p is adjusted after
    Holm (1979) for the number of pairs of all families together. Where a unit has fewer than
    `LEAST_TO_JUDGE` clips of a label no pair is judged: interval and p are NaN.

    How often a pair of equally good rows is called real is in docs/statistics.md.

    Parameters
    ----------
    measured : {(row, unit): Distribution}
        Their AUCs.
    families : sequence of sequences of str
        Rows that are compared with each other.
    units : sequence of Unit

    Returns
    -------
    list of lists of Difference
    """
    found = [_of_family(measured, names, units) for names in families]
    adjusted = iter(_holm([difference.p for family in found for difference in family]))
    return [[one._replace(p_holm=next(adjusted)) for one in family] for family in found]


def _of_family(measured: Measured, names: Sequence[str], units: Sequence[Unit]) -> list[Difference]:
    means = {name: average([measured[name, unit] for unit in units]) for name in names}
    pairs = [sorted(pair, key=lambda name: -means[name].value) for pair in combinations(names, 2)]
    return [_difference(a, b, means[a] - means[b]) for a, b in pairs]


def _difference(better: str, worse: str, gap: Distribution) -> Difference:
    counts = [group.counts for _, group in gap.terms]
    if min((min(one.normal, one.abnormal) for one in counts), default=0) < LEAST_TO_JUDGE:
        return Difference(better, worse, gap.value, *[math.nan] * 4)
    p = p_value(gap)
    return Difference(better, worse, gap.value, *interval(gap), p, p)


def _holm(p: Sequence[float]) -> np.ndarray:
    """Return p adjusted for their number; one that is NaN counts and stays NaN."""
    order = np.argsort(p, kind="stable")
    raised = np.array(p)[order] * np.arange(len(p), 0, -1)
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(np.maximum.accumulate(raised), 1)
    return adjusted


def depends_on_seed(contender: Contender) -> bool:
    """Tell from the scores whether a row's trainings differ with their seeds."""
    return any(
        clips.groupby("clip")["score"].nunique().gt(1).any() for clips in contender.clips.values()
    )


def stability(contenders: Sequence[Contender]) -> float:
    """Return Spearman's correlation of the rows' mean ranks between two disjoint sets of seeds.

    The sets are the first half of the seeds and the others; in each, rows are ranked by their mean
    AUC on every unit. NaN where there is one seed or one row, or where all ranks are equal.
    """
    by_seed = np.array([_auc_by_seed(one) for one in contenders])
    half = by_seed.shape[-1] // 2 if by_seed.size else 0
    if not half:
        return math.nan
    sets = [
        _ranks(aucs.mean(axis=2)).mean(axis=1)
        for aucs in (by_seed[..., :half], by_seed[..., half:])
    ]
    if any(np.ptp(ranks) == 0 for ranks in sets):
        return math.nan
    return float(spearmanr(*sets).statistic)


def _auc_by_seed(contender: Contender) -> list[list[float]]:
    """Return the AUCs (unit, seed)."""
    return [
        [
            metrics.auc(metrics.Sample(run["label"] == "abnormal", run["score"]))[0]
            for _, run in clips.groupby("seed")
        ]
        for clips in contender.clips.values()
    ]


def ranked(
    measured: Mapping[str, Measured], names: Sequence[str], units: Sequence[Unit]
) -> pd.DataFrame:
    """Return one row per name, best mean rank first: ranks, and every metric's mean over units.

    Parameters
    ----------
    measured : {metric: {(row, unit): Distribution}}
        What was not measured is empty.
    names : sequence of str
    units : sequence of Unit
    """
    ranks = mean_ranks(measured["auc"], names, units)
    rows = []
    for name, rank in zip(names, ranks, strict=True):
        row = {"system": name, "mean_rank": rank.value}
        row |= {"rank_low": rank.low, "rank_high": rank.high}
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
