"""The metrics, each defined once, for the observed clips and for bootstrap resamples of them.

Resampling clips only changes how often each one counts. So every metric is a function of a
`Sample`, scores with the draws of all replicates at once, and returns one value per replicate;
the observed clips are the one replicate in which each counts once. A new metric is one function
here, under `ranking` or `at_threshold`: tables, checks and the leaderboard know it by its name.
"""

from collections.abc import Callable
from copy import copy
from functools import cached_property
from typing import NamedTuple

import numpy as np

from mimii_bench.evaluation import scales
from mimii_bench.evaluation.blocks import blocks
from mimii_bench.evaluation.scales import Counts, Scale

#: The false positive rate up to which a partial AUC looks; .1 in all reports.
MAX_FPR = 0.1


class Ranking(NamedTuple):
    """Clips of both classes by score, the highest first, and the points of their ROC curve.

    Attributes
    ----------
    normal, abnormal : (clip,)
        Places of the clips of a class.
    passed_normal, passed_abnormal : (point,)
        How many of them pass the thresholds from above all scores to the lowest; one threshold for
        each distinct score, since clips of equal score pass together.
    """

    normal: np.ndarray
    abnormal: np.ndarray
    passed_normal: np.ndarray
    passed_abnormal: np.ndarray

    @classmethod
    def of(cls, labels: np.ndarray, scores: np.ndarray) -> "Ranking":
        """Rank clips by their scores."""
        order = np.argsort(-scores, kind="stable")
        last_of_ties = np.flatnonzero(np.append(np.diff(scores[order]) != 0, True))
        classes = [of_class[order] for of_class in (~labels, labels)]
        return cls(
            *(order[of_class] for of_class in classes),
            *(np.append(0, np.cumsum(of_class)[last_of_ties]) for of_class in classes),
        )


class Sample:
    """Scored clips, and how often each counts in each replicate.

    Parameters
    ----------
    labels : (clip,)
        True for abnormal clips.
    scores : (clip,)
        Higher for more anomalous clips.
    draws : (replicate, clip), optional
        How often a clip counts in each replicate; once where nothing is given.

    Raises
    ------
    ValueError
        When a score is not finite.

    Examples
    --------
    >>> sample = Sample([False, False, True], [0.1, 0.4, 0.3])
    >>> measure(sample, "auc")
    array([0.5])
    >>> measure(sample, "recall", threshold=0.2)
    array([1.])
    """

    def __init__(self, labels: np.ndarray, scores: np.ndarray, draws: np.ndarray | None = None):
        self.labels, self.scores = np.asarray(labels, bool), np.asarray(scores, float)
        if not np.isfinite(self.scores).all():
            raise ValueError("a score is not a finite number")
        self.draws = np.ones((1, self.labels.size)) if draws is None else draws

    def replicates(self, block: slice) -> "Sample":
        """Return the sample of some of the replicates."""
        part = copy(self)
        part.draws, part.ranking = self.draws[block], self.ranking
        return part

    @cached_property
    def ranking(self) -> Ranking:
        """The order of the clips, which is that of every replicate."""
        return Ranking.of(self.labels, self.scores)

    def roc(self, below: float = np.inf) -> tuple[np.ndarray, np.ndarray]:
        """Return false and true positive rates (replicate, point), from (0, 0) to (1, 1).

        Parameters
        ----------
        below : float
            A false positive rate: no point is wanted but the first one that has reached it in every
            replicate, and those before it.

        Raises
        ------
        ValueError
            When one of the two classes is absent.
        """
        self.check_classes()
        ranking = self.ranking
        fpr = self._shares(ranking.normal)
        last = np.count_nonzero((fpr < below).any(axis=0)) - 1
        points = 1 + np.count_nonzero(ranking.passed_normal <= last)
        normal, abnormal = ranking.passed_normal[:points], ranking.passed_abnormal[:points]
        tpr = self._shares(ranking.abnormal, abnormal[-1])
        return np.take(fpr, normal, axis=1), np.take(tpr, abnormal, axis=1)

    def _shares(self, clips: np.ndarray, first: int | None = None) -> np.ndarray:
        """Return which shares (replicate, 1 + clip) the first 0, 1, 2 ... clips are of `clips`."""
        shares = _summed(self.draws[:, clips[:first]])
        shares /= self.draws[:, clips].sum(axis=1, keepdims=True)
        return shares

    def above(self, clips: np.ndarray, others: np.ndarray) -> np.ndarray:
        """Return how many of `others` (clip,) rank above each of `clips` (replicate, clip).

        Those of equal score count half. Both have the highest score first.
        """
        higher, not_lower = (
            np.searchsorted(-self.scores[others], -self.scores[clips], side)
            for side in ("left", "right")
        )
        summed = _summed(self.draws[:, others])
        found = np.take(summed, higher, axis=1)
        return found if (higher == not_lower).all() else (found + summed[:, not_lower]) / 2

    def check_classes(self) -> None:
        """Raise ValueError where one of the two classes is absent."""
        if self.labels.all() or not self.labels.any():
            raise ValueError("an ROC curve needs normal and abnormal clips")


def _summed(draws: np.ndarray) -> np.ndarray:
    """Return the sums of the first 0, 1, 2 ... columns (replicate, 1 + clip)."""
    sums = np.zeros((len(draws), 1 + draws.shape[1]))
    np.cumsum(draws, axis=1, out=sums[:, 1:])
    return sums


class Metric(NamedTuple):
    """A metric by the name that tables use: what computes it, and what it needs.

    Parameters
    ----------
    compute : function of (Sample, threshold)
        Returns one value per replicate (replicate,).
    needs_threshold : bool
        Whether it is of decisions, and not of the ranking alone.
    least_normals : int
        Normal clips without which it looks at no false positive rate but 0.
    scale : Scale
        What it is a share of: from that follows its interval.
    """

    compute: Callable[[Sample, float | np.ndarray | None], np.ndarray]
    needs_threshold: bool
    least_normals: int
    scale: Scale


#: All metrics, by the names that tables use. One that is added is a function below.
METRICS: dict[str, Metric] = {}


def ranking(least_normals: int = 1, scale: Scale = scales.AREA) -> Callable:
    """Take a function of a `Sample` among the metrics, under its own name."""

    def register(function: Callable[[Sample], np.ndarray]) -> Callable[[Sample], np.ndarray]:
        METRICS[function.__name__] = Metric(
            lambda sample, _: function(sample), False, least_normals, scale
        )
        return function

    return register


def at_threshold(scale: Scale = scales.OF_ALL) -> Callable:
    """Take a property of a `Confusion` among the metrics, under its own name."""

    def register(method: Callable[["Confusion"], np.ndarray]) -> property:
        METRICS[method.__name__] = Metric(
            lambda sample, threshold: method(Confusion(sample, threshold)), True, 1, scale
        )
        return property(method)

    return register


def partial_area(ends: Callable[[Counts], tuple[float, float]] = lambda _: (0.0, 1.0)) -> Scale:
    """Return the scale of an area up to `MAX_FPR`, which rests on so many of the normal clips."""
    return Scale(
        scales.area_variance,
        lambda counts: (max(MAX_FPR * counts.normal, 1), counts.abnormal),
        ends,
    )


@ranking()
def auc(sample: Sample) -> np.ndarray:
    """Area under the ROC curve: how often an abnormal clip outranks a normal one, ties half."""
    sample.check_classes()
    normal, abnormal = sample.ranking.normal, sample.ranking.abnormal
    of_normal, of_abnormal = sample.draws[:, normal].sum(axis=1), sample.draws[:, abnormal]
    lost = np.einsum("ij,ij->i", sample.above(abnormal, normal), of_abnormal)
    pairs = of_normal * of_abnormal.sum(axis=1)
    return (pairs - lost) / pairs


@ranking(least_normals=10, scale=partial_area(lambda _: (_standardised(0.0), 1.0)))
def pauc_mcclish(sample: Sample) -> np.ndarray:
    """Partial AUC up to `MAX_FPR`, standardised (McClish 1989): chance is .5, perfect is 1.

    The curve is interpolated at `MAX_FPR`. The convention of DCASE and of scikit-learn. Of fewer
    than ten normal clips all that it looks at is interpolated, and far too high on average.
    """
    fpr, tpr = sample.roc(MAX_FPR)
    width = np.diff(fpr, axis=1)
    inside = np.clip(MAX_FPR - fpr[:, :-1], 0, width)
    share = np.divide(inside, width, out=np.zeros_like(width), where=width > 0)
    ends = tpr[:, :-1] + share * np.diff(tpr, axis=1)
    area = (inside * (tpr[:, :-1] + ends) / 2).sum(axis=1)
    return _standardised(area)


def _standardised(area: np.ndarray | float) -> np.ndarray | float:
    chance = MAX_FPR**2 / 2
    return (1 + (area - chance) / (MAX_FPR - chance)) / 2


def _floor_of(normal: int) -> int:
    """Return the whole clips in a share `MAX_FPR` of the normal ones."""
    # A rounding of 20 · .1 to 1.999... must not lose a clip.
    return int(np.floor(MAX_FPR * normal + 1e-9))


@ranking(
    least_normals=10,
    scale=partial_area(lambda counts: (0.0, _floor_of(counts.normal) / (MAX_FPR * counts.normal))),
)
def pauc_trapz(sample: Sample) -> np.ndarray:
    """Trapezoids over the points with FPR <= `MAX_FPR`, divided by it: chance is .05.

    Report gamma-ae, "Evaluate Performance". Nothing is interpolated, as there: what lies between
    the last such point and `MAX_FPR` is left out; of fewer than ten normal clips, everything.
    """
    fpr, tpr = sample.roc()
    width = np.diff(fpr, axis=1) * (fpr[:, 1:] <= MAX_FPR)
    return (width * (tpr[:, 1:] + tpr[:, :-1]) / 2).sum(axis=1) / MAX_FPR


@ranking(least_normals=10, scale=partial_area())
def pauc_topk(sample: Sample) -> np.ndarray:
    """AUC against the floor(`MAX_FPR` · N) highest-scoring of N normal clips.

    The formula of report two-mic-ae (11) and of DCASE.

    Raises
    ------
    ValueError
        For fewer than ten normal clips.
    """
    normal, abnormal = sample.ranking.normal, sample.ranking.abnormal
    kept = _floor_of(normal.size)
    if kept == 0:
        raise ValueError(f"pauc_topk needs {1 / MAX_FPR:.0f} normal clips, there are {normal.size}")
    draws = sample.draws[:, normal]
    before = np.cumsum(draws, axis=1) - draws
    hardest = np.clip(kept - before, 0, draws)
    won = (sample.above(normal, abnormal) * hardest).sum(axis=1)
    return won / (kept * sample.draws[:, abnormal].sum(axis=1))


def _alarms(draws: np.ndarray, alarm: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return how many clips raise an alarm in each replicate (replicate,), and how many do not."""
    raised = (draws * alarm).sum(axis=1)
    return raised, draws.sum(axis=1) - raised


class Confusion:
    """Counts of the four outcomes, when scores above a threshold mean an anomaly.

    Parameters
    ----------
    sample : Sample
    threshold : float or (replicate,)
        The same in all replicates, or that of each.

    Attributes
    ----------
    tp, fp, fn, tn : (replicate,)
        True and false positives, false and true negatives.
    """

    def __init__(self, sample: Sample, threshold: float | np.ndarray):
        alarm = sample.scores > np.asarray(threshold)[..., None]
        (self.tp, self.fn), (self.fp, self.tn) = (
            _alarms(sample.draws[:, of_class], alarm[..., of_class])
            for of_class in (sample.labels, ~sample.labels)
        )

    @at_threshold(scales.OF_ALL)
    def accuracy(self) -> np.ndarray:
        """Share of clips that are classed rightly."""
        return (self.tp + self.tn) / (self.tp + self.fp + self.fn + self.tn)

    @at_threshold(scales.OF_ALARMS)
    def precision(self) -> np.ndarray:
        """Share of alarms that are anomalies; not a number where there is no alarm."""
        return _share(self.tp, self.tp + self.fp)

    @at_threshold(scales.OF_ABNORMAL)
    def recall(self) -> np.ndarray:
        """Share of anomalies that raise an alarm, the true positive rate."""
        return _share(self.tp, self.tp + self.fn)

    @at_threshold(scales.OF_ABNORMAL)
    def tpr(self) -> np.ndarray:
        """The true positive rate, as ROC curves call the recall."""
        return self.recall

    @at_threshold(scales.OF_NORMAL)
    def fpr(self) -> np.ndarray:
        """Share of normal clips that raise an alarm."""
        return _share(self.fp, self.fp + self.tn)

    @at_threshold(scales.OF_BOTH)
    def f1(self) -> np.ndarray:
        """Harmonic mean of precision and recall."""
        return _share(2 * self.tp, 2 * self.tp + self.fp + self.fn)


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Return a share, which is not a number where there is nothing to have a share of."""
    return np.divide(part, whole, out=np.full_like(part, np.nan), where=whole > 0)


def needs_threshold(metric: str) -> bool:
    """Tell whether a number of this name is a metric of decisions; counts are none."""
    return metric in METRICS and METRICS[metric].needs_threshold


def computable(labels: np.ndarray, metric: str) -> bool:
    """Tell whether clips of these labels (clip,), true for abnormal ones, allow a metric."""
    if needs_threshold(metric):
        return len(labels) > 0
    abnormal = np.count_nonzero(labels)
    return abnormal > 0 and len(labels) - abnormal >= METRICS[metric].least_normals


def measure(sample: Sample, metric: str, threshold: float | np.ndarray | None = None) -> np.ndarray:
    """Return a metric by its name.

    Parameters
    ----------
    sample : Sample
    metric : str
        One of `METRICS`.
    threshold : float or (replicate,), optional
        For metrics that need one; a score above it is an alarm.

    Returns
    -------
    (replicate,)

    Raises
    ------
    ValueError
        For an unknown metric, or one that needs a threshold and has none.
    """
    if metric not in METRICS or (needs_threshold(metric) and threshold is None):
        raise ValueError(f"metric {metric!r} is unknown, or has no threshold")
    compute, replicates = METRICS[metric].compute, len(sample.draws)
    thresholds = np.broadcast_to(np.asarray(threshold), replicates)
    return np.concatenate(
        [
            compute(sample.replicates(block), thresholds[block])
            for block in blocks(replicates, sample.labels.size)
        ]
    )
