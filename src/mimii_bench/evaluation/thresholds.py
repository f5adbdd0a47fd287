"""Thresholds of anomaly scores: a clip whose score is above the threshold is called anomalous."""

from contextlib import suppress
from typing import Annotated, Literal, Self

import numpy as np
import scipy
from pydantic import Field

from mimii_bench.evaluation.blocks import blocks
from mimii_bench.util.errors import UserError
from mimii_bench.util.options import Component

#: Scores whose means differ by less are the same but for rounding.
_LEAST_GAP = 1e-12


class Threshold(Component):
    """Base of all thresholds.

    A subclass declares its `Options` and finds in `fit` what becomes `threshold_`.

    Attributes
    ----------
    threshold_ : float
        Scores above it are called anomalous.
    """

    threshold_: float

    def fit(self, scores: np.ndarray, labels: np.ndarray | None = None) -> Self:
        """Find the threshold.

        Parameters
        ----------
        scores : ndarray, shape (clip,)
        labels : ndarray of bool, shape (clip,), optional
            True for anomalous clips.

        Returns
        -------
        Threshold
            Itself.
        """
        raise NotImplementedError

    def refit(self, scores: np.ndarray, labels: np.ndarray, draws: np.ndarray) -> np.ndarray:
        """Find the threshold on resamples of what it is fitted on.

        Parameters
        ----------
        scores, labels : ndarray, shape (clip,)
            As for `fit`.
        draws : ndarray, shape (replicate, clip)
            How often each clip counts.

        Returns
        -------
        ndarray, shape (replicate,)
            That of all clips where there is none on a resample.
        """
        found = np.full(len(draws), self.fit(scores, labels).threshold_)
        for replicate, times in enumerate(draws.astype(int)):
            with suppress(UserError):
                again = self.fit(np.repeat(scores, times), np.repeat(labels, times))
                found[replicate] = again.threshold_
        return found


class GammaThreshold(Threshold):
    """The score that a share `p` of normal clips exceeds, if their scores are gamma distributed.

    Shape and scale are the maximum-likelihood ones with location 0. The fit takes one score per
    clip (the DCASE 2023 baseline takes the loss of each batch instead).

    Attributes
    ----------
    shape_, scale_, threshold_ : float
    """

    class Options(Threshold.Options):
        """Where in the distribution the threshold lies."""

        p: Annotated[
            float, Field(gt=0, lt=1, description="The false positive rate that is aimed at.")
        ] = 0.1

    def fit(self, scores: np.ndarray, labels: np.ndarray | None = None) -> Self:
        """Fit to `scores` (clip,); `labels`, true for anomalous, must be false throughout.

        Raises UserError for scores that no gamma distribution has: not above 0, or all the same.

        Examples
        --------
        >>> round(GammaThreshold(p=0.5).fit(np.array([1.0, 2.0, 3.0])).threshold_, 2)
        1.88
        """
        scores = np.asarray(scores, float)
        if labels is not None and np.any(labels):
            raise UserError("gamma threshold: it is fitted on anomalous clips; see fitted_on")
        if not len(scores) or not np.all((scores > 0) & np.isfinite(scores)):
            raise UserError("gamma threshold: it needs scores above 0, one or more; choose others")
        ratios = scores / scores.mean()
        gap = np.mean(ratios - 1 - _logs(ratios))
        if gap < _LEAST_GAP:
            raise UserError(f"gamma threshold: all {len(scores)} scores are the same; train longer")
        self.shape_ = float(_gamma_shape(gap))
        self.scale_ = scores.mean() / self.shape_
        self.threshold_ = float(self._exceeded(self.shape_, self.scale_))
        return self

    def refit(self, scores: np.ndarray, labels: np.ndarray, draws: np.ndarray) -> np.ndarray:
        """Find the threshold on resamples, on all at once; see `Threshold.refit`."""
        found = np.full(len(draws), self.fit(scores, labels).threshold_)
        ratios = scores / scores.mean()
        # Not products of matrices, whose last digits depend on the number of threads.
        means, logs = (
            np.einsum("rc,c->r", draws, values) / draws.sum(axis=1)
            for values in (ratios - 1, _logs(ratios))
        )
        gaps = np.log1p(means) - logs
        vary = gaps >= _LEAST_GAP
        shapes = _gamma_shape(gaps[vary])
        found[vary] = self._exceeded(shapes, scores.mean() * (1 + means[vary]) / shapes)
        return found

    def _exceeded(self, shape: float | np.ndarray, scale: float | np.ndarray) -> np.ndarray:
        return scipy.special.gammainccinv(shape, self.options.p) * scale


def _logs(ratios: np.ndarray) -> np.ndarray:
    """Return logarithms, exact near 1 too."""
    return np.where(ratios < 0.5, np.log(ratios), np.log1p(ratios - 1))


def _gamma_shape(gap: float | np.ndarray) -> float | np.ndarray:
    """Solve log(k) - digamma(k) = gap by Minka's (2002) Newton iteration.

    The gap is log(mean) - mean(log) of what is fitted: given so, since two large logarithms would
    cancel.
    """
    special = scipy.special
    shape = (3 - gap + np.sqrt((gap - 3) ** 2 + 24 * gap)) / (12 * gap)
    for _ in range(20):
        excess = np.log(shape) - special.digamma(shape) - gap
        shape = 1 / (1 / shape + excess / (shape**2 * (1 / shape - special.polygamma(1, shape))))
    return shape


class QuantileThreshold(Threshold):
    """The score that a new normal clip exceeds with a chance of `p` at most, whatever the scores.

    Of n normal scores the ceil((n + 1) (1 - p))-th smallest (Vovk et al. 2005, conformal
    prediction); the largest where n is too small for `p`, below 1 / p - 1.

    Attributes
    ----------
    threshold_ : float
    """

    class Options(Threshold.Options):
        """Where among the scores the threshold lies."""

        p: Annotated[
            float, Field(gt=0, lt=1, description="The false positive rate that is aimed at.")
        ] = 0.1

    def fit(self, scores: np.ndarray, labels: np.ndarray | None = None) -> Self:
        """Fit to `scores` (clip,); `labels`, true for anomalous, must be false throughout.

        Raises UserError where there are no scores, or one is no number.

        Examples
        --------
        >>> QuantileThreshold(p=0.25).fit(np.array([3.0, 1.0, 2.0])).threshold_
        3.0
        """
        scores = np.asarray(scores, float)
        if labels is not None and np.any(labels):
            raise UserError("quantile threshold: it is fitted on anomalous clips; see fitted_on")
        if not len(scores) or not np.isfinite(scores).all():
            raise UserError("quantile threshold: it needs one score or more, all finite")
        place = np.ceil((len(scores) + 1) * (1 - self.options.p) - 1e-9)
        self.threshold_ = float(np.sort(scores)[min(int(place), len(scores)) - 1])
        return self


class YoudenThreshold(Threshold):
    """The threshold with the greatest TPR - FPR (Youden 1950), halfway between two scores.

    Several thresholds may have the same difference. The highest is what the common recipe takes,
    thresholds from the highest down and the first maximum: scikit-learn's `roc_curve` and numpy's
    `argmax`, MATLAB's `perfcurve` and `max`. (Both return the lowest score that is an alarm; that
    the threshold is halfway to the next score matters to other clips only.) Where no threshold
    beats chance, the highest calls no clip anomalous and the lowest calls all.

    Attributes
    ----------
    threshold_ : float
    """

    class Options(Threshold.Options):
        """Which of several."""

        ties: Annotated[
            Literal["highest", "lowest"],
            Field(description="Which threshold is taken where several are equally good."),
        ] = "highest"

    def fit(self, scores: np.ndarray, labels: np.ndarray) -> Self:
        """Fit to `scores` and `labels`, true for anomalous, both of shape (clip,).

        Raises UserError when one class is absent.

        Examples
        --------
        >>> YoudenThreshold().fit([0.0, 1.0, 2.0], [False, False, True]).threshold_
        1.5
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
        gains = passed - missed
        found = np.flatnonzero(gains == gains.max())
        best = int(found[-1 if self.options.ties == "highest" else 0])
        self.threshold_ = _between(levels, best)
        return self

    def refit(self, scores: np.ndarray, labels: np.ndarray, draws: np.ndarray) -> np.ndarray:
        """Find the threshold on resamples, on many at once; see `Threshold.refit`."""
        found = np.full(len(draws), self.fit(scores, labels).threshold_)
        order = np.argsort(scores, kind="stable")
        levels, starts = np.unique(scores[order], return_index=True)
        for block in blocks(len(draws), len(scores)):
            drawn = draws[block][:, order]
            counts = [
                np.add.reduceat(drawn * of_class[order], starts, axis=1)
                for of_class in (~labels, labels)
            ]
            found[block] = self._best(levels, *counts, found[block])
        return found

    def _best(
        self, levels: np.ndarray, normal: np.ndarray, anomalous: np.ndarray, otherwise: np.ndarray
    ) -> np.ndarray:
        """Return each replicate's threshold from the counts (replicate, level) of its clips."""
        of_normal, of_anomalous = (c.sum(axis=1, keepdims=True) for c in (normal, anomalous))
        gains = np.zeros((len(normal), 1 + len(levels)))
        np.cumsum(normal * of_anomalous - anomalous * of_normal, axis=1, out=gains[:, 1:])
        best = gains == gains.max(axis=1, keepdims=True)
        last = self.options.ties == "highest"
        cuts = len(levels) - best[:, ::-1].argmax(axis=1) if last else best.argmax(axis=1)
        drawn = normal + anomalous > 0
        found = [
            _between(levels[there], np.count_nonzero(there[:cut]))
            for there, cut in zip(drawn, cuts, strict=True)
        ]
        both = (of_normal > 0) & (of_anomalous > 0)
        return np.where(both[:, 0], found, otherwise)


def _between(levels: np.ndarray, rank: int) -> float:
    """Return a number that is at least `levels[rank - 1]` and below `levels[rank]`, if they are."""
    if rank == 0:
        return float(np.nextafter(levels[0], -np.inf))
    if rank == len(levels):
        return float(levels[-1])
    low, high = levels[rank - 1], levels[rank]
    middle = low + (high - low) / 2
    return float(middle if middle < high else low)


class FixedThreshold(Threshold):
    """A threshold that is given.

    Attributes
    ----------
    threshold_ : float
    """

    class Options(Threshold.Options):
        """The threshold."""

        value: Annotated[float, Field(description="Scores above it are called anomalous.")]

    def fit(self, scores: np.ndarray, labels: np.ndarray | None = None) -> Self:
        """Take the given value, whatever the scores."""
        self.threshold_ = self.options.value
        return self
