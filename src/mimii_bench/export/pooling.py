"""Pooling of frames in torch, as `systems.pooling` does it."""

import torch

from mimii_bench.systems.pooling import PoolingOptions


def pooled_frames(frames: torch.Tensor, options: PoolingOptions) -> torch.Tensor:
    """Return the pooled bins (kind · bin,) of `frames` (frame, bin), in their precision."""
    largest = frames.amax(0)
    pools = {
        "mean": lambda: frames.mean(0),
        "max": lambda: largest,
        "deviation": lambda: (frames - frames.mean(0)).square().mean(0).sqrt(),
        "rank": lambda: _rank(frames, options.r),
        "generalised": lambda: _generalised(frames, largest, options.exponent),
        "exponential": lambda: _exponential(frames, largest, options.exponent),
    }
    return torch.cat([pools[kind]() for kind in options.pooling])


def _rank(frames: torch.Tensor, r: float) -> torch.Tensor:
    ranks = torch.arange(frames.shape[0], dtype=torch.double)
    weights = torch.pow(torch.tensor(float(r), dtype=torch.double), ranks)
    descending = torch.sort(frames, dim=0, descending=True).values
    return (weights / weights.sum()) @ descending


def _generalised(frames: torch.Tensor, largest: torch.Tensor, exponent: float) -> torch.Tensor:
    shares = frames / torch.where(largest > 0, largest, torch.ones_like(largest))
    return largest * shares.pow(exponent).mean(0).pow(1 / exponent)


def _exponential(frames: torch.Tensor, largest: torch.Tensor, exponent: float) -> torch.Tensor:
    return largest + torch.log(torch.exp(exponent * (frames - largest)).mean(0)) / exponent
