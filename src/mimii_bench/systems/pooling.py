"""From the frames of a clip to one vector: pooling over time, band by band."""

from collections.abc import Sequence

import numpy as np

from mimii_bench.util.errors import UserError

#: What `pool` understands.
KINDS = ("mean", "max", "rank")


def rank_weights(frames: int, r: float) -> np.ndarray:
    """Return the weights (frame,) of ranks, r^0, r^1, ..., divided by their sum.

    Global weighted ranking pooling (Kolesnikov and Lampert 2016): the mean for r = 1, the
    maximum for r = 0.
    """
    weights = np.power(float(r), np.arange(frames))
    return weights / weights.sum()


def rank_pool(frames: np.ndarray, r: float) -> np.ndarray:
    """Return, per bin, the weighted mean (bin,) of `frames` (frame, bin) sorted from the largest.

    The largest value of a bin has the first of `rank_weights`.
    """
    descending = -np.sort(-frames.astype(float), axis=0)
    return rank_weights(len(frames), r) @ descending


def pool(frames: np.ndarray, kinds: Sequence[str], r: float) -> np.ndarray:
    """Return one vector of `frames` (frame, bin): the pooled bins, one kind after the other.

    `kinds` are of `KINDS`; `r` is that of `rank_pool`. In 64 bits, of shape (kind · bin,).
    """
    pooled = {
        "mean": lambda: frames.mean(axis=0, dtype=float),
        "max": lambda: frames.max(axis=0).astype(float),
        "rank": lambda: rank_pool(frames, r),
    }
    return np.concatenate([pooled[kind]() for kind in kinds])


def check_pooling(kinds: Sequence[str], r: float) -> None:
    """Raise UserError when `pool` cannot pool like this."""
    if not kinds or not set(kinds) <= set(KINDS) or len(set(kinds)) < len(kinds):
        raise UserError(
            f"options.pooling: {list(kinds)}: name one or more of {', '.join(KINDS)}, each once"
        )
    if not 0 <= r <= 1:
        raise UserError(f"options.r: {r} is not between 0 (maximum) and 1 (mean)")
