"""From the frames of a clip to one vector: pooling over time, band by band."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

#: What `pool_frames` understands.
Pooling = Literal["mean", "max", "rank"]


def rank_weights(frames: int, r: float) -> np.ndarray:
    """Return the weights (frame,) of ranks, r^0, r^1, ..., divided by their sum.

    Global weighted ranking pooling (Kolesnikov and Lampert 2016): the mean for r = 1, the
    maximum for r = 0.

    Examples
    --------
    >>> rank_weights(3, 0.5).round(3).tolist()
    [0.571, 0.286, 0.143]
    """
    weights = np.power(float(r), np.arange(frames))
    return weights / weights.sum()


def rank_pool(frames: np.ndarray, r: float) -> np.ndarray:
    """Return, per bin, the weighted mean (bin,) of `frames` (frame, bin) sorted from the largest.

    The largest value of a bin has the first of `rank_weights`.
    """
    descending = -np.sort(-frames.astype(float), axis=0)
    return rank_weights(len(frames), r) @ descending


def pool_frames(frames: np.ndarray, kinds: Sequence[Pooling], r: float) -> np.ndarray:
    """Return one vector of a clip: its pooled bins, one kind after the other.

    Parameters
    ----------
    frames : ndarray (frame, bin)
    kinds : sequence of {"mean", "max", "rank"}
    r : float
        See `rank_weights`.

    Returns
    -------
    ndarray (kind · bin,)
        In 64 bits.
    """
    pooled = {
        "mean": lambda: frames.mean(axis=0, dtype=float),
        "max": lambda: frames.max(axis=0).astype(float),
        "rank": lambda: rank_pool(frames, r),
    }
    return np.concatenate([pooled[kind]() for kind in kinds])
