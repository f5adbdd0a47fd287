"""Classical detectors on time-pooled frames, through scikit-learn: the yardstick for networks.

A clip becomes one vector (`pooling`), standardised by mean and deviation of the training clips;
an estimator of scikit-learn says how far it lies from theirs. Fitting takes a second, and a saved
model holds the pooled training clips, from which `load` fits the same one again.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
from sklearn import ensemble, mixture, neighbors, svm

from mimii_bench.systems.model_files import load_model, save_model
from mimii_bench.systems.pooling import check_pooling, pool
from mimii_bench.util.errors import UserError


class Fit(NamedTuple):
    """The one step of a classical system's training: mean scores of the clips it was given.

    `validation_score` is NaN where there are no validation clips.
    """

    clips: int
    training_score: float
    validation_score: float


class PooledSystem:
    """What the detectors share: pooling, standardisation, saving.

    A subclass says in `_estimator` which estimator its options describe, and in `_score` how it
    scores. All four take the options below besides their own.

    Parameters
    ----------
    options : dict
        Those of the subclass.
    pooling : sequence of {"mean", "max", "rank"}
        What becomes of a bin's frames; several kinds are put one after the other.
    r : float
        Of the pooling `rank`, from 0 (maximum) to 1 (mean); see `pooling.rank_pool`.
    seed : int
        Of what the estimator draws, if it draws anything.
    device : str
        Not used; scikit-learn computes on the CPU.

    Attributes
    ----------
    history_ : list of Fit
        One entry, after `fit`.
    """

    #: It learns no column of the manifest.
    learns = None

    def __init__(
        self,
        options: dict,
        *,
        pooling: Iterable[str] = ("mean",),
        r: float = 0.99,
        seed: int = 0,
        device: str = "cpu",
    ):
        self.options = {**options, "pooling": list(pooling), "r": r}
        check_pooling(self.options["pooling"], r)
        self.seed = seed
        self.device = device
        self.history_: list[Fit] = []

    def go_on_from(self, path: Path, seconds: float) -> None:
        """Do nothing: what takes a second is fitted again after an interruption."""

    def fit(self, frames: np.ndarray, validation: tuple[np.ndarray] | None = None) -> Self:
        """Fit to the normal clips `frames`, of shape (clip, frame, bin).

        `validation` holds clips of the same kind that are only scored, for `history_`. Raises
        UserError for clips with numbers that are not finite, and where the estimator cannot do
        with these clips or options.
        """
        watched = None if validation is None else self._pool(validation[0])
        return self.fit_vectors(self._pool(frames), watched)

    def fit_vectors(self, vectors: np.ndarray, watched: np.ndarray | None = None) -> Self:
        """Fit to normal clips that are pooled already, (clip, bin); `watched` as `validation`.

        Raises UserError as `fit` does.
        """
        self._vectors = np.array(vectors, float)
        self._mean = self._vectors.mean(axis=0)
        deviation = self._vectors.std(axis=0)
        # A bin that never changes, up to rounding, has nothing to be divided by.
        constant = deviation <= 1e-9 * np.abs(self._mean)
        self._deviation = np.where(constant, 1.0, deviation)
        try:
            self._fitted = self._estimator().fit(self._standardise(self._vectors))
            found = self.training_scores().mean()
        except ValueError as error:
            raise UserError(
                f"{type(self).__name__}: scikit-learn cannot fit {len(self._vectors)} clips with "
                f"the options {self.options}: {error}"
            ) from error
        other = np.nan if watched is None else self.score_vectors(watched).mean()
        self.history_ = [Fit(len(self._vectors), float(found), float(other))]
        return self

    def score(self, clips: Iterable[tuple[np.ndarray]]) -> dict[str, np.ndarray]:
        """Return, as `score`, one number per clip, of shape (clip,)."""
        return {"score": self.score_vectors(self._pool(frames for (frames,) in clips))}

    def score_vectors(self, vectors: np.ndarray) -> np.ndarray:
        """Return the scores (clip,) of clips that are pooled already, (clip, bin).

        Raises UserError for clips with numbers that are not finite.
        """
        return self._score(self._standardise(np.asarray(vectors, float)))

    def training_scores(self) -> np.ndarray:
        """Return the scores (clip,) of the training clips."""
        return self.score_vectors(self._vectors)

    def _pool(self, clips: Iterable[np.ndarray]) -> np.ndarray:
        kinds, r = self.options["pooling"], self.options["r"]
        return np.array([pool(frames, kinds, r) for frames in clips])

    def _standardise(self, vectors: np.ndarray) -> np.ndarray:
        if not np.isfinite(vectors).all():
            raise UserError(
                f"{type(self).__name__}: a clip holds numbers that are not finite; "
                "look for damaged clips"
            )
        return (vectors - self._mean) / self._deviation

    def _estimator(self):
        """Return the estimator of scikit-learn, not yet fitted."""
        raise NotImplementedError

    def _score(self, vectors: np.ndarray) -> np.ndarray:
        """Return the scores (clip,) of standardised `vectors` (clip, bin)."""
        raise NotImplementedError

    @property
    def _random_state(self) -> int:
        """The seed in the 32 bits that scikit-learn takes."""
        return self.seed % 2**32

    @property
    def parameters(self) -> int:
        """How many numbers the saved model holds: those of the pooled training clips."""
        return self._vectors.size

    @property
    def layers(self) -> dict[str, int]:
        """The same numbers under the name that they are saved by."""
        return {"vectors": self.parameters}

    def save(self, weights: Path, description: Path) -> None:
        """Write the pooled training clips as a plain array, the options and the seed as JSON."""
        arrays = {"vectors": self._vectors}
        inputs = self._vectors.shape[1]
        save_model(self, arrays, weights, description, inputs=inputs, library="scikit-learn")

    @classmethod
    def load(cls, weights: Path, description: Path, device: str = "cpu") -> Self:
        """Read back what `save` wrote, fitted again and ready to score.

        Raises UserError for a damaged model.
        """
        arrays, facts = load_model(weights, description)
        system = cls(**facts["options"], seed=facts["seed"], device=device)
        return system.fit_vectors(arrays["vectors"])


class NearestNeighbours(PooledSystem):
    """Mean Euclidean distance to the nearest training clips.

    `score` takes every clip for a new one: one that equals a training clip has it as a neighbour at
    distance 0. In `training_scores` no clip is its own neighbour, so that they mean what the scores
    of other clips do: it is on these that a threshold may be fitted.

    Parameters
    ----------
    neighbours : int
        All training clips where there are fewer.
    common
        See `PooledSystem`.
    """

    def __init__(self, *, neighbours: int = 3, **common):
        super().__init__({"neighbours": neighbours}, **common)

    def _estimator(self) -> neighbors.NearestNeighbors:
        return neighbors.NearestNeighbors(n_neighbors=self.options["neighbours"])

    def training_scores(self) -> np.ndarray:
        """Return the mean distances (clip,) of the training clips to the nearest others."""
        # Without clips to look up, scikit-learn leaves out each one itself.
        return self._mean_distance(None, len(self._vectors) - 1)

    def _score(self, vectors: np.ndarray) -> np.ndarray:
        return self._mean_distance(vectors, len(self._vectors))

    def _mean_distance(self, vectors: np.ndarray | None, others: int) -> np.ndarray:
        nearest = min(self.options["neighbours"], others)
        return self._fitted.kneighbors(vectors, nearest)[0].mean(axis=1)


class GaussianMixture(PooledSystem):
    """Negative log-likelihood under a mixture of normal distributions.

    Parameters
    ----------
    components : int
    covariance : {"full", "diag", "tied", "spherical"}
    regularisation : float
        Added to the covariances' diagonals; deviations are 1 after standardisation.
    common
        See `PooledSystem`.
    """

    def __init__(
        self,
        *,
        components: int = 2,
        covariance: str = "full",
        regularisation: float = 1e-3,
        **common,
    ):
        options = {
            "components": components,
            "covariance": covariance,
            "regularisation": regularisation,
        }
        super().__init__(options, **common)

    def _estimator(self) -> mixture.GaussianMixture:
        return mixture.GaussianMixture(
            self.options["components"],
            covariance_type=self.options["covariance"],
            reg_covar=self.options["regularisation"],
            random_state=self._random_state,
        )

    def _score(self, vectors: np.ndarray) -> np.ndarray:
        return -self._fitted.score_samples(vectors)


class IsolationForest(PooledSystem):
    """Score of Liu, Ting and Zhou (2008): near 1 for clips that few random cuts isolate.

    Parameters
    ----------
    trees : int
    common
        See `PooledSystem`.
    """

    def __init__(self, *, trees: int = 100, **common):
        super().__init__({"trees": trees}, **common)

    def _estimator(self) -> ensemble.IsolationForest:
        return ensemble.IsolationForest(
            n_estimators=self.options["trees"], random_state=self._random_state
        )

    def _score(self, vectors: np.ndarray) -> np.ndarray:
        return -self._fitted.score_samples(vectors)


class OneClassSvm(PooledSystem):
    """Distance outwards from the boundary of Schölkopf's one-class machine, radial kernel.

    Parameters
    ----------
    nu : float
        Upper bound on the share of training clips outside the boundary.
    common
        See `PooledSystem`.
    """

    def __init__(self, *, nu: float = 0.1, **common):
        super().__init__({"nu": nu}, **common)

    def _estimator(self) -> svm.OneClassSVM:
        return svm.OneClassSVM(nu=self.options["nu"])

    def _score(self, vectors: np.ndarray) -> np.ndarray:
        return -self._fitted.decision_function(vectors)
