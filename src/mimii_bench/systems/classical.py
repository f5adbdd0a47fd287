"""Classical detectors on time-pooled frames, through scikit-learn: the yardstick for networks.

A clip becomes one vector (`pooling`), standardised by mean and deviation of the training clips;
an estimator of scikit-learn says how far it lies from theirs. Fitting takes a second, and a saved
model holds the pooled training clips, from which `load` fits the same one again.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from typing import Annotated, ClassVar, Literal, NamedTuple, Self

import numpy as np
import wrapt
from pydantic import Field

from mimii_bench.systems.base import System
from mimii_bench.systems.kept_vectors import KeptVectors
from mimii_bench.systems.pooling import PoolingOptions, pool_frames, vector_moments
from mimii_bench.util.errors import UserError

sklearn = wrapt.lazy_import("sklearn")

#: Clips whose neighbours are looked up together.
_LOOKED_UP = 256


class MeanScores(NamedTuple):
    """The one step of a classical system's training: mean scores of the clips it was given.

    `validation_score` is NaN where there are no validation clips.
    """

    clips: int
    training_score: float
    validation_score: float


class PooledSystem(KeptVectors):
    """What the detectors share: pooling, standardisation, saving.

    A subclass says in `_estimator` which estimator its options describe, and in `_score` how it
    scores. It computes on the CPU, whatever the device.

    Attributes
    ----------
    history_ : list of MeanScores
        One entry, after `fit`.
    vectors_ : ndarray (clip, bin)
        The pooled training clips.
    mean_, deviation_ : ndarray (bin,)
        What pooled clips are standardised by.
    fitted_ : estimator
        Fitted to the standardised training clips.
    """

    library = "scikit-learn"
    working_mb: ClassVar[float] = 210

    class Options(System.Options, PoolingOptions):
        """How a clip becomes a vector."""

    def fit(self, frames: np.ndarray, validation: tuple[np.ndarray] | None = None) -> Self:
        """Fit to normal clips.

        Parameters
        ----------
        frames : ndarray (clip, frame, bin)
        validation : tuple of one ndarray, optional
            Clips of the same kind that are only scored, for `history_`.

        Raises
        ------
        UserError
            For clips with numbers that are not finite, and where the estimator cannot do with
            these clips or options.
        """
        watched = None if validation is None else self._pool(validation[0])
        return self.fit_vectors(self._pool(frames), watched)

    def fit_vectors(self, vectors: np.ndarray, watched: np.ndarray | None = None) -> Self:
        """Fit to normal clips that are pooled already, (clip, bin); see `fit`."""
        self._take(vectors)
        found = self.training_scores().mean()
        other = np.nan if watched is None else self.score_vectors(watched).mean()
        self.history_ = [MeanScores(len(self.vectors_), float(found), float(other))]
        return self

    def _take(self, vectors: np.ndarray) -> None:
        self.vectors_ = np.array(vectors, float)
        self.mean_, self.deviation_ = vector_moments(self.vectors_)
        try:
            self.fitted_ = self._estimator().fit(self._standardise(self.vectors_))
        except ValueError as error:
            raise UserError(
                f"{type(self).__name__}: scikit-learn cannot fit {len(self.vectors_)} clips with "
                f"the options {self.options.model_dump()}: {error}"
            ) from error

    def score(self, clips: Iterable[tuple[np.ndarray]]) -> dict[str, np.ndarray]:
        """Return, as `score`, one number per clip, of shape (clip,)."""
        return {"score": self.score_vectors(self._pool(frames for (frames,) in clips))}

    def score_vectors(self, vectors: np.ndarray) -> np.ndarray:
        """Return the scores (clip,) of clips that are pooled already, (clip, bin).

        Raises
        ------
        UserError
            For clips with numbers that are not finite.
        """
        return self._score(self._standardise(np.asarray(vectors, float)))

    def training_scores(self) -> np.ndarray:
        """Return the scores (clip,) of the training clips."""
        return self.score_vectors(self.vectors_)

    def _pool(self, clips: Iterable[np.ndarray]) -> np.ndarray:
        return np.array([pool_frames(frames, self.options) for frames in clips])

    def _standardise(self, vectors: np.ndarray) -> np.ndarray:
        if not np.isfinite(vectors).all():
            raise UserError(
                f"{type(self).__name__}: a clip holds numbers that are not finite; "
                "look for damaged clips"
            )
        return (vectors - self.mean_) / self.deviation_

    @abstractmethod
    def _estimator(self):
        """Return the estimator of scikit-learn, not yet fitted."""

    @abstractmethod
    def _score(self, vectors: np.ndarray) -> np.ndarray:
        """Return the scores (clip,) of standardised `vectors` (clip, bin)."""

    @property
    def _random_state(self) -> int:
        """The seed in the 32 bits that scikit-learn takes."""
        return self.seed % 2**32


class Neighbourhood:
    """Euclidean distances to the nearest of some vectors.

    NumPy alone: scikit-learn takes longer to be imported than a clip to be scored. The nearest are
    found by products, which round, and their distances taken from differences.

    Attributes
    ----------
    vectors : ndarray (training clip, bin)
    """

    def fit(self, vectors: np.ndarray) -> Self:
        """Keep `vectors`; raises ValueError where there are less than two."""
        if len(vectors) < 2:
            raise ValueError(f"{len(vectors)} clip(s) have no neighbours")
        self.vectors = vectors
        self._squares = np.einsum("ij,ij->i", vectors, vectors)
        return self

    def distances(self, vectors: np.ndarray, count: int) -> np.ndarray:
        """Return the distances (clip, count) of `vectors` (clip, bin), the nearest first."""
        blocks = [vectors[k : k + _LOOKED_UP] for k in range(0, len(vectors), _LOOKED_UP)]
        found = [self._distances(block, min(count, len(self.vectors))) for block in blocks]
        return np.concatenate(found) if found else np.empty((0, count))

    def _distances(self, vectors: np.ndarray, count: int) -> np.ndarray:
        rough = self._squares - 2 * vectors @ self.vectors.T
        some = min(2 * count + 8, len(self.vectors))
        nearest = np.argpartition(rough, some - 1, axis=1)[:, :some]
        apart = self.vectors[nearest] - vectors[:, None]
        return np.sort(np.sqrt(np.einsum("ijk,ijk->ij", apart, apart)), axis=1)[:, :count]


class NearestNeighbours(PooledSystem):
    """Mean Euclidean distance to the nearest training clips.

    `score` takes every clip for a new one: one that equals a training clip has it as a neighbour at
    distance 0. In `training_scores` no clip is its own neighbour, so that they mean what the scores
    of other clips do: it is on these that a threshold may be fitted.
    """

    # Without scikit-learn.
    working_mb: ClassVar[float] = 90

    class Options(PooledSystem.Options):
        """Neighbours, and how a clip becomes a vector."""

        neighbours: Annotated[
            int,
            Field(ge=1, description="All training clips where there are fewer."),
        ] = 3

    def _estimator(self) -> Neighbourhood:
        return Neighbourhood()

    def training_scores(self) -> np.ndarray:
        """Return the mean distances (clip,) of the training clips to the nearest others."""
        # The nearest of all is the clip itself, or one that is equal.
        return self.fitted_.distances(self.fitted_.vectors, self.options.neighbours + 1)[
            :, 1:
        ].mean(axis=1)

    def _score(self, vectors: np.ndarray) -> np.ndarray:
        return self.fitted_.distances(vectors, self.options.neighbours).mean(axis=1)


class GaussianMixture(PooledSystem):
    """Negative log-likelihood under a mixture of normal distributions."""

    class Options(PooledSystem.Options):
        """Mixture, and how a clip becomes a vector."""

        components: Annotated[int, Field(ge=1, le=10_000, description="Normal distributions.")] = 2
        covariance: Annotated[
            Literal["full", "diag", "tied", "spherical"],
            Field(description="Form of the covariances, by scikit-learn's names."),
        ] = "full"
        regularisation: Annotated[
            float,
            Field(
                ge=0,
                description="Added to the covariances' diagonals; deviations are 1 after "
                "standardisation.",
            ),
        ] = 1e-3

    def _estimator(self) -> sklearn.mixture.GaussianMixture:
        return sklearn.mixture.GaussianMixture(
            self.options.components,
            covariance_type=self.options.covariance,
            reg_covar=self.options.regularisation,
            random_state=self._random_state,
        )

    def _score(self, vectors: np.ndarray) -> np.ndarray:
        return -self.fitted_.score_samples(vectors)


class IsolationForest(PooledSystem):
    """Score of Liu, Ting and Zhou (2008): near 1 for clips that few random cuts isolate."""

    class Options(PooledSystem.Options):
        """Forest, and how a clip becomes a vector."""

        trees: Annotated[int, Field(ge=1, le=100_000, description="Trees in the forest.")] = 100

    def _estimator(self) -> sklearn.ensemble.IsolationForest:
        return sklearn.ensemble.IsolationForest(
            n_estimators=self.options.trees, random_state=self._random_state
        )

    def _score(self, vectors: np.ndarray) -> np.ndarray:
        return -self.fitted_.score_samples(vectors)


class OneClassSvm(PooledSystem):
    """Distance outwards from the boundary of Schölkopf's one-class machine, radial kernel."""

    class Options(PooledSystem.Options):
        """Boundary, and how a clip becomes a vector."""

        nu: Annotated[
            float,
            Field(
                gt=0,
                le=1,
                description="Upper bound on the share of training clips outside the boundary.",
            ),
        ] = 0.1

    def _estimator(self) -> sklearn.svm.OneClassSVM:
        return sklearn.svm.OneClassSVM(nu=self.options.nu)

    def _score(self, vectors: np.ndarray) -> np.ndarray:
        return -self.fitted_.decision_function(vectors)
