"""Distances to reference vectors or to means of their clusters, normalised by local density."""

from typing import Literal, Self

import numpy as np

from mimii_bench.systems.backends.base import BackEnd
from mimii_bench.systems.backends.clusters import k_means
from mimii_bench.systems.backends.distances import Metric, blocks, distances, unit_length

#: How the density around a reference enters the distance to it.
Density = Literal["ratio", "difference"]


def neighbour_distances(references: np.ndarray, metric: Metric, count: int) -> np.ndarray:
    """Return each reference's mean distance to the `count` nearest others, (reference,).

    It is large where references lie thinly: of all others where there are fewer.
    """
    apart = distances(references, references, metric)
    np.fill_diagonal(apart, np.inf)
    return nearest_mean(apart, min(count, len(references) - 1))


def nearest_mean(apart: np.ndarray, count: int) -> np.ndarray:
    """Return the mean (clip,) of the `count` least of each row of distances (clip, reference)."""
    count = min(count, apart.shape[1])
    return np.sort(np.partition(apart, count - 1, axis=1)[:, :count], axis=1).mean(axis=1)


class ReferenceDistance(BackEnd):
    """Mean distance to the nearest references: to the vectors themselves, or to cluster means.

    With D the distance, y the references and N(y) the mean distance of a reference to its K nearest
    others, the score of x without normalisation is the least D(x, y), and with it the least

    - `ratio`: D(x, y) / N(y)
    - `difference`: D(x, y) - N(y)

    (Wilkinghoff et al. 2025, "Keeping the balance: anomaly score calculation for domain
    generalization", and "Local density-based anomaly score normalization for domain
    generalization"). The least is that of the normalised distances, which is not always that of the
    nearest reference. With several `neighbours` it is the mean of so many least ones [ours].

    Parameters
    ----------
    metric : {"euclidean", "cosine"}
    neighbours : int
        All references where there are fewer.
    clusters : int, optional
        The references are the means of so many clusters of the vectors, which k-means finds; for
        the cosine distance, among the vectors at length 1 (Wilkinghoff 2021).
    density : {"ratio", "difference"}, optional
        The normalisation.
    local : int
        K.
    seed : int
        Of k-means.

    Attributes
    ----------
    metric, neighbours, density
        As they were given.
    references_ : ndarray (reference, dimension)
    divisors_ : ndarray (reference,)
        N(y), where it is asked for.
    """

    def __init__(
        self,
        metric: Metric = "euclidean",
        neighbours: int = 1,
        clusters: int | None = None,
        density: Density | None = None,
        local: int = 4,
        seed: int = 0,
    ):
        self.metric, self.neighbours, self._clusters = metric, neighbours, clusters
        self.density, self._local, self._seed = density, local, seed

    def fit(self, vectors: np.ndarray) -> Self:
        """Keep `vectors` (clip, dimension), or the means of their clusters."""
        if len(vectors) < 2:
            raise ValueError(f"{len(vectors)} clip(s) have no neighbours")
        self._vectors = np.asarray(vectors, float)
        self.references_ = self._found()
        if self.density is not None:
            self.divisors_ = self._thinness()
        return self

    def _found(self) -> np.ndarray:
        if self._clusters is None:
            return self._vectors
        own = unit_length(self._vectors) if self.metric == "cosine" else self._vectors
        return k_means(own, self._clusters, self._seed)

    def _thinness(self) -> np.ndarray:
        if len(self.references_) < 2:
            raise ValueError("one reference has no density: more clusters, or other clips")
        found = neighbour_distances(self.references_, self.metric, self._local)
        # Equal references lie 0 apart, or what rounding makes of it: as dense as any others are.
        close = found <= 1e-7 * found.max()
        return np.where(close, found[~close].min() if (~close).any() else 1.0, found)

    def score(self, vectors: np.ndarray) -> np.ndarray:
        """Return the scores (clip,) of `vectors` (clip, dimension)."""
        scores = [
            self._combined(distances(block, self.references_, self.metric))
            for block in blocks(np.asarray(vectors, float))
        ]
        return np.concatenate(scores) if scores else np.empty(0)

    def training_scores(self) -> np.ndarray:
        """Return the scores (clip,) of the reference vectors; none is its own neighbour."""
        if self._clusters is not None:
            return self.score(self._vectors)
        apart = distances(self._vectors, self._vectors, self.metric)
        np.fill_diagonal(apart, np.inf)
        return self._combined(apart, len(self._vectors) - 1)

    def _combined(self, apart: np.ndarray, most: int | None = None) -> np.ndarray:
        if self.density == "ratio":
            apart = apart / self.divisors_
        elif self.density == "difference":
            apart = apart - self.divisors_
        return nearest_mean(apart, min(self.neighbours, most or apart.shape[1]))
