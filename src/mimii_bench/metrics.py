"""The metrics, each defined once, and their bootstrap intervals.

AUC is the probability that an abnormal clip scores higher than a normal one, ties counting half
(Mann and Whitney). Resampling clips only changes how often each pair counts, so a thousand
bootstrap replicates are one matrix product over the table of pairs.
"""

import numpy as np

#: Central share of the bootstrap distribution that an interval covers.
COVERAGE = 0.95


def auc(labels: np.ndarray, scores: np.ndarray) -> float:
    """Return the area under the ROC curve.

    `labels` (clip,) is true for abnormal clips, `scores` (clip,) higher for more anomalous ones.
    Raises ValueError when one of the two classes is absent or a score is not finite.
    """
    return float(_pairs(labels, scores).mean())


def auc_bootstrap(
    labels: np.ndarray, scores: np.ndarray, replicates: int, rng: np.random.Generator
) -> np.ndarray:
    """Return the AUC of `replicates` stratified resamples of the clips, of shape (replicate,).

    Normal and abnormal clips are drawn with replacement, each as many as there are.
    """
    pairs = _pairs(labels, scores)
    abnormal, normal = (_resample_counts(n, replicates, rng) for n in pairs.shape)
    return np.einsum("bi,bi->b", abnormal @ pairs, normal) / pairs.size


def interval(replicates: np.ndarray) -> tuple[float, float]:
    """Return the bounds of the central 95 % of a bootstrap distribution."""
    tail = (1 - COVERAGE) / 2
    low, high = np.quantile(replicates, [tail, 1 - tail])
    return float(low), float(high)


def _pairs(labels: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Return 1, 0.5 or 0 for every (abnormal, normal) pair: is the abnormal clip ranked above?"""
    labels, scores = np.asarray(labels, bool), np.asarray(scores, float)
    if labels.all() or not labels.any():
        raise ValueError("AUC needs normal and abnormal clips")
    if not np.isfinite(scores).all():
        raise ValueError("a score is not a finite number")
    difference = scores[labels][:, None] - scores[~labels][None, :]
    return (np.sign(difference) + 1) / 2


def _resample_counts(n: int, replicates: int, rng: np.random.Generator) -> np.ndarray:
    """Return how often each of n clips is drawn in each replicate, (replicate, n)."""
    return rng.multinomial(n, np.full(n, 1 / n), size=replicates).astype(float)
