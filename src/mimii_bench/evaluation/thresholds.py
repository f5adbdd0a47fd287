"""Thresholds of anomaly scores: a clip whose score is above the threshold is called anomalous."""

import numpy as np
from scipy.special import digamma, gammainccinv, polygamma

from mimii_bench.util.errors import UserError


class GammaThreshold:
    """The score that a share `p` of normal clips exceeds, if their scores are gamma distributed.

    Shape and scale are the maximum-likelihood ones with location 0. The fit takes one score per
    clip (the DCASE 2023 baseline takes the loss of each batch instead).

    Parameters
    ----------
    p : float
        The false positive rate that is aimed at.

    Attributes
    ----------
    shape_, scale_, threshold_ : float
    """

    def __init__(self, p: float = 0.1):
        self.p = p

    def fit(self, scores: np.ndarray, labels: np.ndarray | None = None) -> "GammaThreshold":
        """Fit to `scores` (clip,); `labels`, true for anomalous, must be false throughout.

        Raises UserError for scores that no gamma distribution has: not above 0, or all the same.
        """
        scores = np.asarray(scores, float)
        if labels is not None and np.any(labels):
            raise UserError("gamma threshold: it is fitted on anomalous clips; see fitted_on")
        if not len(scores) or not np.all((scores > 0) & np.isfinite(scores)):
            raise UserError("gamma threshold: it needs scores above 0, one or more; choose others")
        self.shape_ = _gamma_shape(scores)
        self.scale_ = scores.mean() / self.shape_
        self.threshold_ = float(gammainccinv(self.shape_, self.p) * self.scale_)
        return self


def _gamma_shape(scores: np.ndarray) -> float:
    """Solve log(k) - digamma(k) = log(mean) - mean(log) by Minka's (2002) Newton iteration."""
    ratios = scores / scores.mean()
    # The right side, without the cancellation of two large logarithms.
    gap = np.mean(ratios - 1 - np.where(ratios < 0.5, np.log(ratios), np.log1p(ratios - 1)))
    if gap < 1e-12:
        raise UserError(f"gamma threshold: all {len(scores)} scores are the same; train longer")
    shape = (3 - gap + np.sqrt((gap - 3) ** 2 + 24 * gap)) / (12 * gap)
    for _ in range(20):
        excess = np.log(shape) - digamma(shape) - gap
        shape = 1 / (1 / shape + excess / (shape**2 * (1 / shape - polygamma(1, shape))))
    return float(shape)


class YoudenThreshold:
    """The threshold with the greatest TPR - FPR (Youden 1950), halfway between two scores.

    Of several with the same difference it is the lowest. Where no threshold beats calling every
    clip anomalous, it is the number just below the lowest score.

    Attributes
    ----------
    threshold_ : float
    """

    def fit(self, scores: np.ndarray, labels: np.ndarray) -> "YoudenThreshold":
        """Fit to `scores` and `labels`, true for anomalous, both of shape (clip,).

        Raises UserError when one class is absent.
        """
        scores, labels = np.asarray(scores, float), np.asarray(labels, bool)
        if labels.all() or not labels.any():
            raise UserError("Youden threshold: it needs normal and anomalous clips; see fitted_on")
        levels, level = np.unique(scores, return_inverse=True)
        anomalous = np.bincount(level, labels, len(levels))
        normal = np.bincount(level, ~labels, len(levels))
        # As whole numbers: equal differences stay equal. Entry i: the i lowest levels pass.
        missed = np.concatenate([[0], np.cumsum(anomalous)]) * normal.sum()
        passed = np.concatenate([[0], np.cumsum(normal)]) * anomalous.sum()
        best = int(np.argmax(passed - missed))
        self.threshold_ = _between(levels, best)
        return self


def _between(levels: np.ndarray, rank: int) -> float:
    """Return a number that is at least `levels[rank - 1]` and below `levels[rank]`."""
    if rank == 0:
        return float(np.nextafter(levels[0], -np.inf))
    low, high = levels[rank - 1], levels[rank]
    middle = low + (high - low) / 2
    return float(middle if middle < high else low)


class FixedThreshold:
    """A threshold that is given.

    Attributes
    ----------
    threshold_ : float
    """

    def __init__(self, value: float):
        self.value = value

    def fit(self, scores: np.ndarray, labels: np.ndarray | None = None) -> "FixedThreshold":
        """Take the given value, whatever the scores."""
        self.threshold_ = float(self.value)
        return self
