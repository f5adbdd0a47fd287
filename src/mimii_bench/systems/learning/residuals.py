"""Scores of a clip from the residuals of a network: mean square and Mahalanobis."""

from collections.abc import Callable
from typing import NamedTuple

import torch

from mimii_bench.systems.learning.mahalanobis import (
    RunningCovariance,
    inverse_covariance,
    mahalanobis,
    mahalanobis_mean_residual,
)
from mimii_bench.systems.learning.windows import Windows

#: Windows whose residuals are in memory at once.
CHUNK = 2048

#: Takes a tensor (window, size · bins) per input and returns their reconstructions.
Reconstruct = Callable[..., tuple[torch.Tensor, ...]]


class ResidualScores(NamedTuple):
    """The scores of a clip, tensors of no dimension; for the last two see `mahalanobis`."""

    mse: torch.Tensor
    mahalanobis: torch.Tensor
    mahalanobis_mean_residual: torch.Tensor


def residuals_of(
    reconstruct: Reconstruct, windows: tuple[torch.Tensor, ...]
) -> tuple[torch.Tensor, ...]:
    """Return input minus reconstruction, of the shape (window, size · bins), per input."""
    return tuple(x - y for x, y in zip(windows, reconstruct(*windows), strict=True))


def inverse_covariances(
    reconstruct: Reconstruct, windows: Windows, bins: int, ridge: float, device: torch.device
) -> torch.Tensor:
    """Return the inverse covariance of each input's residual frames.

    Every frame of every window is one row, as in the DCASE baseline.

    Parameters
    ----------
    reconstruct : callable
        Takes a tensor (window, size · bins) per input and returns their reconstructions.
    windows : Windows
    bins : int
        Of a frame.
    ridge : float
        See `mahalanobis.inverse_covariance`.
    device : torch.device

    Returns
    -------
    tensor (input, bin, bin)

    Raises
    ------
    UserError
        Where a covariance is singular.
    """
    running = [RunningCovariance(bins, device) for _ in windows.inputs]
    for indices in windows.indices.split(CHUNK):
        chunk = tuple(x.to(device) for x in windows.take(indices))
        for covariance, residual in zip(running, residuals_of(reconstruct, chunk), strict=True):
            covariance.add(residual.reshape(-1, bins))
    return torch.stack([inverse_covariance(one.covariance(), ridge) for one in running])


def score_residual(residual: torch.Tensor, inverse: torch.Tensor) -> ResidualScores:
    """Return the scores of one clip.

    Parameters
    ----------
    residual : tensor (window, size · bins)
        Of the clip.
    inverse : tensor (bin, bin)
        Inverse covariance of the residual frames of normal clips.
    """
    frames = residual.reshape(-1, len(inverse))
    return ResidualScores(
        residual.double().square().mean(),
        mahalanobis(frames, inverse),
        mahalanobis_mean_residual(frames, inverse),
    )
