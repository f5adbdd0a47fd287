"""Distances to the nearest references of several groups, each on the group's own scale."""

from typing import Self

import numpy as np

from mimii_bench.systems.backends.base import BackEnd
from mimii_bench.systems.backends.clusters import k_means
from mimii_bench.systems.backends.distances import Metric, blocks, distances
from mimii_bench.systems.backends.references import nearest_mean

#: Deviations below this share of the mean distance are rounding.
_ROUNDING = 1e-7


class GroupRescaled(BackEnd):
    """The least over groups of references of the standardised distance to the group.

    With d_g(x) the mean Euclidean distance of x to its nearest references in group g, the score is
    the least (d_g(x) - m_g) / s_g (domain normalisation of Saengthong and Shinozaki 2024, "Deep
    generic representations for domain-generalized anomalous sound detection", where the groups are
    source and target domain). Their code takes for m and s mean and deviation of d_g over all clips
    that are tested. Here a score must not depend on what else is tested: they are those over the
    group's own references, none its own neighbour [ours].

    Where no groups are given, k-means finds them [ours]. A group of fewer than three references
    has no deviation: it takes the mean of those of the others, or 1.

    Parameters
    ----------
    metric : {"euclidean", "cosine"}
    neighbours : int
        All references of a group where there are fewer.
    groups : int
        How many k-means looks for; at most one for each two vectors.
    seed : int
        Of k-means.

    Attributes
    ----------
    metric, neighbours
        As they were given.
    banks_ : list of ndarray (reference, dimension)
        The references, by group.
    means_, deviations_ : ndarray (group,)
        m and s.
    """

    def __init__(
        self, metric: Metric = "euclidean", neighbours: int = 1, groups: int = 2, seed: int = 0
    ):
        self.metric, self.neighbours = metric, neighbours
        self._groups, self._seed = groups, seed

    def fit(self, vectors: np.ndarray, groups: np.ndarray | None = None) -> Self:
        """Keep `vectors` (clip, dimension) by group.

        Parameters
        ----------
        vectors : ndarray (clip, dimension)
        groups : ndarray (clip,), optional
            To which each belongs, of any values that can be sorted: domains, ids.

        Raises
        ------
        ValueError
            For fewer than two vectors, or where no group has two.
        """
        if len(vectors) < 2:
            raise ValueError(f"{len(vectors)} clip(s) have no neighbours")
        self._vectors = np.asarray(vectors, float)
        found = self._found() if groups is None else np.asarray(groups)
        self._places = [np.flatnonzero(found == name) for name in np.unique(found)]
        self.banks_ = [self._vectors[places] for places in self._places]
        among = [self._among(bank) for bank in self.banks_]
        scales = np.array([(one.mean(), one.std()) if len(one) else (np.nan,) * 2 for one in among])
        self.means_, self.deviations_ = _completed(scales, [len(one) for one in among])
        return self

    def _found(self) -> np.ndarray:
        means = k_means(self._vectors, min(self._groups, len(self._vectors) // 2), self._seed)
        return distances(self._vectors, means, "euclidean").argmin(axis=1)

    def _among(self, bank: np.ndarray) -> np.ndarray:
        """Return the distances of a bank's references to the others of it; none where it is one."""
        if len(bank) < 2:
            return np.empty(0)
        apart = distances(bank, bank, self.metric)
        np.fill_diagonal(apart, np.inf)
        return nearest_mean(apart, min(self.neighbours, len(bank) - 1))

    def score(self, vectors: np.ndarray) -> np.ndarray:
        """Return the scores (clip,) of `vectors` (clip, dimension)."""
        scores = [self._rescaled(block).min(axis=0) for block in blocks(np.asarray(vectors, float))]
        return np.concatenate(scores) if scores else np.empty(0)

    def _rescaled(self, vectors: np.ndarray) -> np.ndarray:
        """Return the standardised distances (group, clip) of `vectors` (clip, dimension)."""
        apart = [
            nearest_mean(distances(vectors, bank, self.metric), self.neighbours)
            for bank in self.banks_
        ]
        return (np.array(apart) - self.means_[:, None]) / self.deviations_[:, None]

    def training_scores(self) -> np.ndarray:
        """Return the scores (clip,) of the reference vectors; none is its own neighbour."""
        scaled = self._rescaled(self._vectors)
        for group, places in enumerate(self._places):
            own = self._among(self.banks_[group])
            fresh = (own - self.means_[group]) / self.deviations_[group]
            scaled[group, places] = fresh if len(own) else np.inf
        return scaled.min(axis=0)


def _completed(scales: np.ndarray, sizes: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """Return means and deviations (group,), of which small groups take the mean of the others'."""
    means, deviations = scales.T.copy()
    if np.isnan(means).all():
        raise ValueError("no group has two clips: fewer groups, or other clips")
    means[np.isnan(means)] = np.nanmean(means)
    told = (np.array(sizes) > 2) & (deviations > _ROUNDING * means)
    return means, np.where(told, deviations, deviations[told].mean() if told.any() else 1.0)
