"""k-means: Lloyd's iterations from the start of k-means++."""

import numpy as np

from mimii_bench.systems.backends.distances import distances

#: Iterations after which it ends in any case.
_MOST = 300


def first_means(vectors: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Return `count` of `vectors`, far from each other (k-means++, Arthur and Vassilvitskii 2007).

    The first is drawn evenly, each other one with a probability that goes as the square of its
    distance to the nearest of those before it. Where all others equal one that was drawn, there
    are fewer.

    Parameters
    ----------
    vectors : ndarray (vector, dimension)
    count : int
    rng : Generator

    Returns
    -------
    ndarray (mean, dimension)
    """
    chosen = [int(rng.integers(len(vectors)))]
    squares = np.square(vectors - vectors[chosen[0]]).sum(axis=1)
    while len(chosen) < min(count, len(vectors)) and squares.sum() > 0:
        chosen.append(int(rng.choice(len(vectors), p=squares / squares.sum())))
        squares = np.minimum(squares, np.square(vectors - vectors[chosen[-1]]).sum(axis=1))
    return vectors[chosen]


def settle(vectors: np.ndarray, means: np.ndarray) -> np.ndarray:
    """Return the means (mean, dimension) in which Lloyd's iterations from `means` end.

    In turn each vector belongs to the nearest mean, and each mean becomes that of its vectors,
    until no vector changes. A mean to which none belongs stays where it is.
    """
    belongs = None
    for _ in range(_MOST):
        nearest = distances(vectors, means, "euclidean").argmin(axis=1)
        if belongs is not None and (nearest == belongs).all():
            break
        belongs, means = nearest, means.copy()
        for place in np.unique(nearest):
            means[place] = vectors[nearest == place].mean(axis=0)
    return means


def k_means(vectors: np.ndarray, count: int, seed: int, starts: int = 10) -> np.ndarray:
    """Return the means of the clusters of some vectors.

    Parameters
    ----------
    vectors : ndarray (vector, dimension)
    count : int
        Clusters; at most one for each vector.
    seed : int
        Of the starts.
    starts : int
        The one with the least sum of squared distances counts.

    Returns
    -------
    ndarray (cluster, dimension)
    """
    rng = np.random.default_rng(seed)
    ends = [settle(vectors, first_means(vectors, count, rng)) for _ in range(starts)]
    return min(ends, key=lambda means: spread(vectors, means))


def spread(vectors: np.ndarray, means: np.ndarray) -> float:
    """Return the sum of the squared distances of `vectors` to the nearest of `means`."""
    return float(np.square(distances(vectors, means, "euclidean").min(axis=1)).sum())
