"""From scores to ranks: every row measured on every unit, its mean rank, and what differs.

Everything here is a pure function of scores.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import rankdata, spearmanr, t

from mimii_bench.corpus.base import Unit
from mimii_bench.evaluation import metrics
from mimii_bench.evaluation.intervals import (
    Distribution,
    average,
    estimate,
    evaluate_group,
    interval,
)

#: Those of a ranking: a score is asked for no decision.
METRICS = tuple(name for name, one in metrics.METRICS.items() if not one.needs_threshold)
#: Differences with an adjusted p below this are called real.
LEVEL = 0.05
#: With fewer test clips of a class in a unit, no difference is judged. One clip, resampled, does
#: not vary at all; with two or three the test misses most or many clear differences.
LEAST_TO_JUDGE = 4
#: Differences and spreads of AUCs up to this are those of their rounding.
ROUNDING = 1e-12


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
    """

    name: str
    entry: str
    supervised: bool
    clips: Mapping[Unit, pd.DataFrame]


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

    The units of a machine and SNR draw the same seeds: classifiers of the id train on all of them.

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
        (one.name, unit): evaluate_group(clips, metric, replicates, (unit.machine, unit.snr))
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
    """Return each row's mean rank over units; rank 1 is the best, equals share theirs.

    Parameters
    ----------
    measured : {(row, unit): Distribution}
    names : sequence of str
    units : sequence of Unit

    Returns
    -------
    (row, 1 + replicate)
        The value, and its replicates.
    """
    table = np.array(
        [
            [np.r_[measured[name, unit].value, measured[name, unit].replicates] for unit in units]
            for name in names
        ]
    )
    return _ranks(table).mean(axis=1)


def _ranks(aucs: np.ndarray) -> np.ndarray:
    """Return the ranks of rows along the first axis, 1 for the highest; equals share theirs."""
    # The mean of equal numbers may differ in the last digit.
    return rankdata(-np.round(aucs, 9), axis=0)


class Evidence(NamedTuple):
    """How much the spread of a bootstrap has to go by.

    Attributes
    ----------
    clips : int
        The fewest test clips of a class in a unit.
    seeds : int
        Trainings of each model.
    freedom : int
        Degrees of freedom of the spread.
    """

    clips: int
    seeds: int
    freedom: int

    @property
    def suffices(self) -> bool:
        """Whether differences can be judged at all."""
        return self.clips >= LEAST_TO_JUDGE

    @property
    def widening(self) -> float:
        """What the spread has to be multiplied by.

        A bootstrap of n things has (n - 1) / n of their variance on average. Clips and seeds are
        both resampled, unless there is one seed; the correction of those that are fewer is taken.
        """
        fewest = min(self.clips, self.seeds) if self.seeds > 1 else self.clips
        return math.sqrt(fewest / (fewest - 1))


def evidence_of(contender: Contender) -> Evidence:
    """Return the `Evidence` of the clips and seeds of a row, which all rows share.

    The n clips of a class have n - 1 degrees of freedom, once for the SNRs of a machine and id,
    which are resampled together; k seeds have k - 1, once for the ids of a machine and SNR. The
    smaller sum is taken.
    """
    by_recordings: dict[tuple[str, str], int] = {}
    for unit, clips in contender.clips.items():
        fewest = clips.groupby("label")["clip"].nunique().min()
        place = unit.machine, unit.id
        by_recordings[place] = min(fewest, by_recordings.get(place, fewest))
    seeds = min(clips["seed"].nunique() for clips in contender.clips.values())
    freedom = sum(2 * (fewest - 1) for fewest in by_recordings.values())
    if seeds > 1:
        trainings = {(unit.machine, unit.snr) for unit in contender.clips}
        freedom = min(freedom, len(trainings) * (seeds - 1))
    return Evidence(min(by_recordings.values()), seeds, freedom)


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
    measured: Measured, names: Sequence[str], units: Sequence[Unit], evidence: Evidence
) -> list[Difference]:
    """Return the difference of every pair of rows, in the order of `names`.

    The p of a pair is two-sided, from Student's distribution of the difference over its spread: the
    standard deviation of its paired bootstrap replicates, widened for few clips and seeds
    (`Evidence`). It is adjusted for the number of pairs after Holm (1979). What has no spread, and
    all pairs where the evidence does not suffice, are not judged: interval and p are NaN.

    In simulated leaderboards of 18 equally good rows on 12 units (clips, SNRs and rows correlated)
    some pair was called real in at most 3 % of them: leaderboard/README.md.

    Parameters
    ----------
    measured : {(row, unit): Distribution}
        Their AUCs.
    names : sequence of str
        The rows to be compared.
    units : sequence of Unit
    evidence : Evidence
        What all rows share.

    Returns
    -------
    list of Difference
    """
    means = {name: average([measured[name, unit] for unit in units]) for name in names}
    pairs = [sorted(pair, key=lambda name: -means[name].value) for pair in combinations(names, 2)]
    found = [_difference(a, b, means[a], means[b], evidence) for a, b in pairs]
    adjusted = _holm([difference.p for difference in found])
    return [one._replace(p_holm=p) for one, p in zip(found, adjusted, strict=True)]


def _difference(
    better: str, worse: str, ours: Distribution, theirs: Distribution, evidence: Evidence
) -> Difference:
    gap, replicates = ours.value - theirs.value, ours.replicates - theirs.replicates
    spread = replicates.std(ddof=1)
    varies = spread > ROUNDING
    if not evidence.suffices or (abs(gap) > ROUNDING and not varies):
        return Difference(better, worse, gap, *[math.nan] * 4)
    low, high = interval(gap, replicates)
    p = 2 * t.sf(gap / (spread * evidence.widening), evidence.freedom) if varies else 1.0
    return Difference(better, worse, gap, low, high, float(p), float(p))


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
    for name, of_row in zip(names, ranks, strict=True):
        low, high = interval(of_row[0], of_row[1:])
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
