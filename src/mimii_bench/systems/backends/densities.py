"""Distances to what reference vectors are distributed as: one normal distribution, or several."""

from typing import Literal, Self

import numpy as np
import wrapt

from mimii_bench.systems.backends.base import BackEnd

sklearn = wrapt.lazy_import("sklearn")

#: Variances below this share of the largest one are rounding.
ROUNDING = 1e-12

Covariance = Literal["full", "diag", "tied", "spherical"]


def shrinkage(centred: np.ndarray) -> float:
    """Return how far a sample covariance is to be drawn to a multiple of the identity.

    The share delta that Ledoit and Wolf (2004, "A well-conditioned estimator for large-dimensional
    covariance matrices") find best for (1 - delta) S + delta m I, m being the mean
    variance. With d² the mean square by which S differs from m I, and b² that by which the products
    of single vectors differ from S, divided by their number: delta = min(b², d²) / d².

    Parameters
    ----------
    centred : ndarray (vector, dimension)
        Less their mean.
    """
    count, size = centred.shape
    squares = np.square(centred).sum(axis=1)
    mean = squares.mean() / size
    # The products of vectors have the same sum of squares as those of dimensions, and may be fewer.
    products = centred @ centred.T if count < size else centred.T @ centred
    total = np.square(products / count).sum()
    apart = total / size - mean**2
    # Products by products: the sum over entries of (x_i x_j)² of one vector is |x|⁴.
    single = (np.square(squares).mean() - total) / (count * size)
    return float(min(single, apart) / apart) if apart > 0 else 1.0


class _Kept(BackEnd):
    """Scores the vectors that it was fitted to as it does any others."""

    def training_scores(self) -> np.ndarray:
        """Return the scores (clip,) of the reference vectors."""
        return self.score(self._vectors)


class ShrunkMahalanobis(_Kept):
    """Mahalanobis distance to the mean, under the covariance that Ledoit and Wolf (2004) shrink.

    Directions in which the vectors do not differ are left out, as by the pseudo-inverse.

    Attributes
    ----------
    mean_ : ndarray (dimension,)
    axes_ : ndarray (axis, dimension)
        In which the vectors differ, with length 1.
    variances_ : ndarray (axis,)
        Of the shrunk covariance along them.
    beside_ : float
        Its variance along all others; infinite where that is 0.
    """

    def fit(self, vectors: np.ndarray) -> Self:
        """Take mean and covariance of `vectors` (clip, dimension).

        Raises
        ------
        ValueError
            Where all are equal.
        """
        self._vectors = np.asarray(vectors, float)
        self.mean_ = self._vectors.mean(axis=0)
        centred = self._vectors - self.mean_
        # Where there are fewer vectors than dimensions, the covariance itself would be large.
        _, lengths, axes = np.linalg.svd(centred, full_matrices=False)
        found, share = np.square(lengths) / len(centred), shrinkage(centred)
        if not found.sum() > 0:
            raise ValueError(f"{len(vectors)} clip(s), all equal, have no covariance")
        added = share * found.sum() / centred.shape[1]
        variances = (1 - share) * found + added
        kept = variances > ROUNDING * variances[0]
        self.axes_, self.variances_ = axes[kept], variances[kept]
        self.beside_ = added if added > ROUNDING * variances[0] else np.inf
        return self

    def score(self, vectors: np.ndarray) -> np.ndarray:
        """Return the distances (clip,) of `vectors` (clip, dimension)."""
        centred = np.asarray(vectors, float) - self.mean_
        along = centred @ self.axes_.T
        across = centred - along @ self.axes_
        squares = np.square(along) @ (1 / self.variances_)
        return np.sqrt(squares + np.square(across).sum(axis=1) / self.beside_)


class MixtureSurprisal(_Kept):
    """Negative log-likelihood under a mixture of normal distributions, through scikit-learn.

    Parameters
    ----------
    components : int
        At most one for each vector.
    covariance : {"full", "diag", "tied", "spherical"}
        Form of the covariances, by scikit-learn's names.
    regularisation : float
        Added to the diagonals of the covariances.
    seed : int
    """

    def __init__(
        self,
        components: int = 2,
        covariance: Covariance = "diag",
        regularisation: float = 1e-3,
        seed: int = 0,
    ):
        self._components, self._covariance = components, covariance
        self._regularisation, self._seed = regularisation, seed

    def fit(self, vectors: np.ndarray) -> Self:
        """Fit the mixture to `vectors` (clip, dimension)."""
        self._vectors = np.asarray(vectors, float)
        self.mixture_ = sklearn.mixture.GaussianMixture(
            min(self._components, len(vectors)),
            covariance_type=self._covariance,
            reg_covar=self._regularisation,
            random_state=self._seed % 2**32,
        ).fit(self._vectors)
        return self

    def score(self, vectors: np.ndarray) -> np.ndarray:
        """Return the negative log-likelihoods (clip,) of `vectors` (clip, dimension)."""
        if not len(vectors):
            return np.empty(0)
        return -self.mixture_.score_samples(np.asarray(vectors, float))


class SubspaceResidual(_Kept):
    """Distance to the subspace of the first principal components of the references.

    Parameters
    ----------
    variance : float
        Share of the variance that the components must reach; at least one is taken.
    """

    def __init__(self, variance: float = 0.9):
        self._share = variance

    def fit(self, vectors: np.ndarray) -> Self:
        """Take mean and principal components of `vectors` (clip, dimension)."""
        self._vectors = np.asarray(vectors, float)
        self.mean_ = self._vectors.mean(axis=0)
        _, lengths, axes = np.linalg.svd(self._vectors - self.mean_, full_matrices=False)
        reached = np.cumsum(np.square(lengths))
        # Rounding may leave the last sum below the whole.
        count = 1 + int(np.searchsorted(reached, self._share * reached[-1] * (1 - ROUNDING)))
        self.components_ = axes[: min(count, len(axes))]
        return self

    def score(self, vectors: np.ndarray) -> np.ndarray:
        """Return the lengths (clip,) of what of `vectors` (clip, dimension) lies outside."""
        centred = np.asarray(vectors, float) - self.mean_
        return np.linalg.norm(centred - centred @ self.components_.T @ self.components_, axis=1)
