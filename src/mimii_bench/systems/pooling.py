"""Pooling of frames over time, bin by bin, or over bins, frame by frame, into one vector a clip."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from mimii_bench.util.errors import UserError
from mimii_bench.util.options import Options, each_once

#: What `pool_frames` understands.
Pooling = Literal["mean", "max", "deviation", "rank", "generalised", "exponential"]


class PoolingOptions(Options):
    """How the frames of a clip become a vector."""

    pooling: Annotated[
        list[Pooling],
        each_once("kind"),
        Field(
            min_length=1,
            description="What becomes of a bin's frames; several kinds are put one after the "
            "other. generalised needs numbers that are not negative; exponential is the "
            "generalised mean of what the numbers are logarithms of.",
        ),
    ] = ["mean"]
    r: Annotated[
        float,
        Field(ge=0, le=1, description="Of the pooling rank: from maximum (0) to mean (1)."),
    ] = 0.99
    exponent: Annotated[
        float,
        Field(
            gt=0,
            le=1000,
            description="Of generalised (1 is the mean) and exponential: the larger, the nearer to "
            "the maximum. 0.23 is the mean of powers in decibels.",
        ),
    ] = 3.0


def rank_weights(frames: int, r: float) -> np.ndarray:
    """Return the weights (frame,) of ranks, r^0, r^1, ..., divided by their sum.

    Global weighted ranking pooling (Kolesnikov and Lampert 2016; over time, Guan et al. 2023,
    "Time-weighted frequency domain audio representation with GMM estimator for anomalous sound
    detection"): the mean for r = 1, the maximum for r = 0.

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


def generalised_mean(frames: np.ndarray, exponent: float) -> np.ndarray:
    """Return, per bin, the generalised mean (bin,) of `frames` (frame, bin).

    (mean of x^p)^(1/p), as networks pool with it (Radenović, Tolias and Chum 2019):
    the mean for p = 1, and the nearer to the maximum the larger p is.

    Raises
    ------
    UserError
        For negative numbers.
    """
    if (frames < 0).any():
        raise UserError(
            "pooling generalised: frames hold negative numbers; give it magnitudes, or of "
            "logarithms the pooling exponential"
        )
    largest = frames.max(axis=0).astype(float)
    shares = frames / np.where(largest > 0, largest, 1.0)
    return largest * np.power(np.power(shares, exponent).mean(axis=0), 1 / exponent)


def exponential_mean(frames: np.ndarray, exponent: float) -> np.ndarray:
    """Return, per bin, the logarithm of the mean exponential (bin,) of `frames` (frame, bin).

    ln(mean of e^(p x)) / p: the generalised mean with exponent p of what the frames are the natural
    logarithms of, as a logarithm. Of decibels of power, p = ln(10) / 10 = .23 gives the mean power
    in decibels.
    """
    largest = frames.max(axis=0).astype(float)
    return largest + np.log(np.exp(exponent * (frames - largest)).mean(axis=0)) / exponent


def pool_frames(frames: np.ndarray, options: PoolingOptions) -> np.ndarray:
    """Return one vector of a clip: its pooled bins, one kind after the other.

    Parameters
    ----------
    frames : ndarray (frame, bin)
        To pool over bins, transposed.
    options : PoolingOptions
        `mean` is the mean and `deviation` the standard deviation over frames; the others have
        functions of their own.

    Returns
    -------
    ndarray (kind · bin,)
        In 64 bits.

    Raises
    ------
    UserError
        Where a kind cannot do with these numbers.
    """
    pooled = {
        "mean": lambda: frames.mean(axis=0, dtype=float),
        "max": lambda: frames.max(axis=0).astype(float),
        "deviation": lambda: frames.std(axis=0, dtype=float),
        "rank": lambda: rank_pool(frames, options.r),
        "generalised": lambda: generalised_mean(frames, options.exponent),
        "exponential": lambda: exponential_mean(frames, options.exponent),
    }
    return np.concatenate([pooled[kind]() for kind in options.pooling])


def vector_moments(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and standard deviation (dimension,) of `vectors` (clip, dimension).

    What never changes, up to rounding, has deviation 1: there is nothing to divide by.
    """
    mean, deviation = vectors.mean(axis=0), vectors.std(axis=0)
    return mean, np.where(deviation <= 1e-9 * np.abs(mean), 1.0, deviation)
