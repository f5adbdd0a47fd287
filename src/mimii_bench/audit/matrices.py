"""All whole-number confusion matrices that print given digits."""

from collections.abc import Iterable, Mapping

import numpy as np

from mimii_bench.audit.printed import EPSILON, Interval, Printed

#: Each metric from normal clips, abnormal clips, true positives and false positives.
FORMULAS = {
    "accuracy": lambda n, p, tp, fp: (tp + n - fp) / (n + p),
    "precision": lambda n, p, tp, fp: tp / (tp + fp),
    "recall": lambda n, p, tp, fp: tp / p,
    "f1": lambda n, p, tp, fp: 2 * tp / (tp + fp + p),
    "tpr": lambda n, p, tp, fp: tp / p,
    "fpr": lambda n, p, tp, fp: fp / n,
}


def matrices(
    printed: Mapping[str, Printed], sets: Iterable[tuple[int, int]], kind: str
) -> np.ndarray:
    """Return every matrix that reproduces all printed digits.

    Parameters
    ----------
    printed : {metric: number}, metrics of `FORMULAS`
    sets : pairs (normal clips, abnormal clips) to try
    kind : `rounded` or `cut`

    Returns
    -------
    array (match, 4) of normal clips, abnormal clips, true positives, false positives

    Recall and accuracy bound the true positives of each pair, precision and accuracy then the
    false positives, so that thousands of pairs are tried at once without walking through whole
    grids.
    """
    limits = {metric: number.interval(kind) for metric, number in printed.items()}
    found = np.array(list(sets), float).reshape(-1, 2)
    found = _extend(found, *_true_positives(found, limits))
    found = _extend(found, *_false_positives(found, limits))
    keep = np.ones(len(found), bool)
    with np.errstate(divide="ignore", invalid="ignore"):
        for metric, (low, high) in limits.items():
            value = FORMULAS[metric](*found.T)
            keep &= (low <= value) & (value <= high)
    return found[keep].astype(int)


def _true_positives(found: np.ndarray, limits: Mapping[str, Interval]):
    low, high = limits.get("recall", limits.get("tpr", (0, 1)))
    normal, abnormal = found.T
    # No more clips can be missed than are wrong.
    _, wrong = _wrong(normal + abnormal, limits)
    return np.maximum(abnormal * low, abnormal - wrong), np.minimum(abnormal * high, abnormal)


def _false_positives(found: np.ndarray, limits: Mapping[str, Interval]):
    normal, abnormal, hits = found.T
    low, high = (normal * limit for limit in limits.get("fpr", (0, 1)))
    p_low, p_high = limits.get("precision", (0, 1))
    # From precision = hits / (hits + false): false = hits (1 / precision - 1).
    low = np.maximum(low, hits * (1 / min(p_high, 1) - 1)) if p_high > 0 else low
    high = np.minimum(high, hits * (1 / p_low - 1)) if p_low > 0 else high
    # What is wrong and no miss is a false alarm.
    fewest, most = (wrong - (abnormal - hits) for wrong in _wrong(normal + abnormal, limits))
    return np.maximum(low, fewest), np.minimum(np.minimum(high, most), normal)


def _wrong(clips: np.ndarray, limits: Mapping[str, Interval]) -> tuple[np.ndarray, np.ndarray]:
    """Return how many clips are classified wrongly, at least and at most."""
    low, high = limits.get("accuracy", (0, 1))
    return clips * (1 - high), clips * (1 - low)


def _extend(rows: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Repeat each row with every whole number from `low` to `high` behind it."""
    first = np.maximum(np.ceil(low - EPSILON), 0)
    counts = np.maximum(np.floor(high + EPSILON) - first + 1, 0).astype(int)
    index = np.repeat(np.arange(len(rows)), counts)
    starts = np.repeat(np.cumsum(counts) - counts, counts)
    return np.column_stack([rows[index], first[index] + np.arange(counts.sum()) - starts])
