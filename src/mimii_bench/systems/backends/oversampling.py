"""SMOTE: vectors made between those that there are, where a group has few (Chawla et al. 2002)."""

import numpy as np

from mimii_bench.systems.backends.distances import distances


def smote(
    vectors: np.ndarray, groups: np.ndarray, neighbours: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the vectors with made ones, so that every group has as many as the largest.

    A made vector lies at an even random place of the straight line from a vector of the group to
    one of its nearest neighbours in the group (section 4.2). The vectors of a group take turns
    [ours: the paper makes a whole multiple of each]. A group of one vector has no neighbours and
    stays as it is.

    Parameters
    ----------
    vectors : ndarray (clip, dimension)
    groups : ndarray (clip,)
        Of any values that can be sorted: domains, ids.
    neighbours : int
        All others of the group where there are fewer.
    seed : int

    Returns
    -------
    vectors : ndarray (more clips, dimension)
        Those that were given first, in their order.
    groups : ndarray (more clips,)
    """
    rng = np.random.default_rng(seed)
    names, counts = np.unique(groups, return_counts=True)
    made, of = [np.asarray(vectors, float)], [np.asarray(groups)]
    for name, count in zip(names, counts, strict=True):
        lacking = counts.max() - count
        if count > 1 and lacking:
            own = made[0][of[0] == name]
            made.append(_between(own, lacking, min(neighbours, count - 1), rng))
            of.append(np.repeat(name, lacking))
    return np.concatenate(made), np.concatenate(of)


def _between(
    vectors: np.ndarray, count: int, neighbours: int, rng: np.random.Generator
) -> np.ndarray:
    """Return `count` vectors between those of a group and their neighbours."""
    apart = distances(vectors, vectors, "euclidean")
    np.fill_diagonal(apart, np.inf)
    nearest = np.argsort(apart, axis=1, kind="stable")[:, :neighbours]
    start = np.arange(count) % len(vectors)
    end = nearest[start, rng.integers(neighbours, size=count)]
    return vectors[start] + rng.random((count, 1)) * (vectors[end] - vectors[start])
