"""Per-bin scaling of frames by what the training clips hold."""

import numpy as np
import torch
from torch import nn


class Standardise(nn.Module):
    """Shifts and scales every bin of (..., bin) to mean 0 and deviation 1 over training clips.

    Mean and deviation are buffers, saved with the network; until `set_to` they change nothing.
    """

    def __init__(self, bins: int):
        super().__init__()
        self.register_buffer("mean", torch.zeros(bins))
        self.register_buffer("deviation", torch.ones(bins))

    def set_to(self, mean: np.ndarray, deviation: np.ndarray) -> None:
        """Take the moments (bin,) that `bin_moments` returns."""
        self.mean.copy_(torch.from_numpy(mean))
        self.deviation.copy_(torch.from_numpy(deviation))

    def forward(self, frames: torch.Tensor) -> torch.Tensor:
        return (frames - self.mean) / self.deviation


def bin_moments(frames: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and standard deviation of every bin of (clip, frame, bin), each (bin,).

    Summed in 64 bits and clip by clip, so that no copy of the clips is made. A bin that is
    constant, up to rounding, has deviation 1.
    """
    count = frames.shape[0] * frames.shape[1]
    mean = sum(clip.sum(0, dtype=float) for clip in frames) / count
    squares = sum(np.square(clip - mean).sum(0) for clip in frames)
    deviation = np.sqrt(squares / count)
    return mean, np.where(deviation > 1e-6 * np.abs(mean), deviation, 1.0)
