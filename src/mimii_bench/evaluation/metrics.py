"""The metrics, each defined once, for the observed clips and for bootstrap resamples of them.

Resampling clips only changes how often each one counts. So every metric is a function of a
`Sample`, scores with the counts of all replicates at once, and returns one value per replicate;
the observed clips are the one replicate in which each counts once.
"""

from functools import cached_property

import numpy as np

#: Central share of the bootstrap distribution that an interval covers.
COVERAGE = 0.95
#: The false positive rate up to which a partial AUC looks; .1 in all reports.
MAX_FPR = 0.1
#: Normal clips without which a metric looks at no false positive rate but 0.
LEAST_NORMALS = {"pauc_trapz": 10, "pauc_topk": 10}


class Sample:
    """Scored clips, and how often each counts in each replicate.

    Parameters
    ----------
    labels : (clip,)
        True for abnormal clips.
    scores : (clip,)
        Higher for more anomalous clips.
    counts : (replicate, clip), optional
        How often a clip counts; once where nothing is given.

    Raises ValueError when a score is not finite.
    """

    def __init__(self, labels: np.ndarray, scores: np.ndarray, counts: np.ndarray | None = None):
        self.labels, self.scores = np.asarray(labels, bool), np.asarray(scores, float)
        if not np.isfinite(self.scores).all():
            raise ValueError("a score is not a finite number")
        self.counts = np.ones((1, self.labels.size)) if counts is None else counts

    @cached_property
    def roc(self) -> tuple[np.ndarray, np.ndarray]:
        """False and true positive rates (replicate, point), from (0, 0) to (1, 1).

        One point per distinct score, the highest first: clips of equal score pass the threshold
        together. Raises ValueError when one of the two classes is absent.
        """
        if self.labels.all() or not self.labels.any():
            raise ValueError("an ROC curve needs normal and abnormal clips")
        order = np.argsort(-self.scores, kind="stable")
        last_of_ties = np.flatnonzero(np.append(np.diff(self.scores[order]) != 0, True))
        rates = []
        for of_class in (~self.labels, self.labels):
            passed = np.cumsum((self.counts * of_class)[:, order], axis=1)[:, last_of_ties]
            rates.append(np.pad(passed / passed[:, -1:], ((0, 0), (1, 0))))
        return rates[0], rates[1]


def interval(replicates: np.ndarray) -> tuple[float, float]:
    """Return the bounds of the central 95 % of a bootstrap distribution."""
    tail = (1 - COVERAGE) / 2
    low, high = np.quantile(replicates, [tail, 1 - tail])
    return float(low), float(high)


def auc(sample: Sample) -> np.ndarray:
    """Area under the ROC curve: how often an abnormal clip outranks a normal one, ties half."""
    return np.trapezoid(sample.roc[1], sample.roc[0], axis=1)


def pauc_mcclish(sample: Sample) -> np.ndarray:
    """Partial AUC up to `MAX_FPR`, standardised (McClish 1989): chance is .5, perfect is 1.

    The curve is interpolated at `MAX_FPR`. The convention of DCASE and of scikit-learn.
    """
    fpr, tpr = sample.roc
    width = np.diff(fpr, axis=1)
    inside = np.clip(MAX_FPR - fpr[:, :-1], 0, width)
    share = np.divide(inside, width, out=np.zeros_like(width), where=width > 0)
    ends = tpr[:, :-1] + share * np.diff(tpr, axis=1)
    area = (inside * (tpr[:, :-1] + ends) / 2).sum(axis=1)
    chance = MAX_FPR**2 / 2
    return (1 + (area - chance) / (MAX_FPR - chance)) / 2


def pauc_trapz(sample: Sample) -> np.ndarray:
    """Trapezoids over the points with FPR <= `MAX_FPR`, divided by it: chance is .05.

    Report gamma-ae, "Evaluate Performance". Nothing is interpolated, as there: what lies between
    the last such point and `MAX_FPR` is left out; of fewer than ten normal clips, everything.
    """
    fpr, tpr = sample.roc
    width = np.diff(fpr, axis=1) * (fpr[:, 1:] <= MAX_FPR)
    return (width * (tpr[:, 1:] + tpr[:, :-1]) / 2).sum(axis=1) / MAX_FPR


def pauc_topk(sample: Sample) -> np.ndarray:
    """AUC against the floor(`MAX_FPR` · N) highest-scoring of N normal clips.

    The formula of report two-mic-ae (11) and of DCASE. Raises ValueError for fewer than ten
    normal clips.
    """
    normal = np.flatnonzero(~sample.labels)
    normal = normal[np.argsort(-sample.scores[normal], kind="stable")]
    # A rounding of 20 · .1 to 1.999... must not lose a clip.
    kept = int(np.floor(MAX_FPR * normal.size + 1e-9))
    if kept == 0:
        raise ValueError(f"pauc_topk needs {1 / MAX_FPR:.0f} normal clips, there are {normal.size}")
    counts = sample.counts[:, normal]
    before = np.cumsum(counts, axis=1) - counts
    hardest = np.clip(kept - before, 0, counts)
    pairs = (np.sign(sample.scores[sample.labels][:, None] - sample.scores[normal]) + 1) / 2
    abnormal = sample.counts[:, sample.labels]
    return ((abnormal @ pairs) * hardest).sum(axis=1) / (kept * abnormal.sum(axis=1))


class Confusion:
    """Counts of the four outcomes per replicate, when scores above a threshold mean an anomaly."""

    def __init__(self, sample: Sample, threshold: float):
        alarm = sample.scores > threshold
        self.tp, self.fp, self.fn, self.tn = (
            (sample.counts * outcome).sum(axis=1)
            for outcome in (
                alarm & sample.labels,
                alarm & ~sample.labels,
                ~alarm & sample.labels,
                ~alarm & ~sample.labels,
            )
        )

    @property
    def accuracy(self) -> np.ndarray:
        """Share of clips that are classed rightly."""
        return (self.tp + self.tn) / (self.tp + self.fp + self.fn + self.tn)

    @property
    def precision(self) -> np.ndarray:
        """Share of alarms that are anomalies; 0 where there is no alarm."""
        return _share(self.tp, self.tp + self.fp)

    @property
    def recall(self) -> np.ndarray:
        """Share of anomalies that raise an alarm, the true positive rate."""
        return _share(self.tp, self.tp + self.fn)

    @property
    def fpr(self) -> np.ndarray:
        """Share of normal clips that raise an alarm."""
        return _share(self.fp, self.fp + self.tn)

    @property
    def f1(self) -> np.ndarray:
        """Harmonic mean of precision and recall."""
        return _share(2 * self.tp, 2 * self.tp + self.fp + self.fn)


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


#: Metrics of a ranking, by the names that tables use.
RANKING = {
    "auc": auc,
    "pauc_mcclish": pauc_mcclish,
    "pauc_trapz": pauc_trapz,
    "pauc_topk": pauc_topk,
}
#: Metrics at a threshold, by the names that tables use: attributes of `Confusion`.
AT_THRESHOLD = {
    "accuracy": "accuracy",
    "precision": "precision",
    "recall": "recall",
    "tpr": "recall",
    "f1": "f1",
    "fpr": "fpr",
}


def computable(labels: np.ndarray, metric: str) -> bool:
    """Tell whether clips of these labels (clip,), true for abnormal ones, allow a metric."""
    if metric not in RANKING:
        return len(labels) > 0
    abnormal = np.count_nonzero(labels)
    return abnormal > 0 and len(labels) - abnormal >= LEAST_NORMALS.get(metric, 1)


def measure(sample: Sample, metric: str, threshold: float | None = None) -> np.ndarray:
    """Return a metric by its name, one value per replicate.

    Raises ValueError for an unknown metric, or one that needs a threshold and has none.
    """
    if metric in RANKING:
        return RANKING[metric](sample)
    if metric not in AT_THRESHOLD or threshold is None:
        raise ValueError(f"metric {metric!r} is unknown, or has no threshold")
    return getattr(Confusion(sample, threshold), AT_THRESHOLD[metric])
