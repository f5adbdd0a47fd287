"""Distances between vectors, in NumPy alone: SciPy takes longer to be imported than to compute."""

from collections.abc import Iterator
from typing import Literal

import numpy as np

Metric = Literal["euclidean", "cosine"]

#: Vectors whose distances are in memory together.
BLOCK = 256


def unit_length(vectors: np.ndarray) -> np.ndarray:
    """Return `vectors` (vector, dimension) at length 1; those of length 0 stay what they are."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.where(lengths > 0, lengths, 1.0)


def distances(vectors: np.ndarray, others: np.ndarray, metric: Metric) -> np.ndarray:
    """Return the distance of each vector to each of some others.

    Parameters
    ----------
    vectors : ndarray (vector, dimension)
    others : ndarray (other, dimension)
    metric : {"euclidean", "cosine"}
        The cosine distance is 1 - cos of the angle between, and 1 for a vector of length 0.

    Returns
    -------
    ndarray (vector, other)
        Euclidean ones are found by products: of vectors that are nearly equal they are right to
        1e-8 of their lengths.

    Examples
    --------
    >>> distances(np.array([[3.0, 4.0]]), np.array([[0.0, 0.0], [3.0, 0.0]]), "euclidean")
    array([[5., 4.]])
    """
    if metric == "cosine":
        return np.maximum(1 - unit_length(vectors) @ unit_length(others).T, 0.0)
    # Around the middle of the others, where products cancel less.
    middle = others.mean(axis=0)
    vectors, others = vectors - middle, others - middle
    squares = np.square(vectors).sum(axis=1)[:, None] + np.square(others).sum(axis=1)
    return np.sqrt(np.maximum(squares - 2 * vectors @ others.T, 0.0))


def blocks(vectors: np.ndarray) -> Iterator[np.ndarray]:
    """Yield `vectors`, a few hundred at a time."""
    for start in range(0, len(vectors), BLOCK):
        yield vectors[start : start + BLOCK]
