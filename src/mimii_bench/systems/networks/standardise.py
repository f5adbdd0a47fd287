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
        """Take the moments (bin,) that `learning.moments.bin_moments` returns."""
        self.mean.copy_(torch.from_numpy(mean))
        self.deviation.copy_(torch.from_numpy(deviation))

    def forward(self, frames: torch.Tensor) -> torch.Tensor:
        """Return `frames` (..., bin), scaled."""
        return (frames - self.mean) / self.deviation

    def undo(self, scaled: torch.Tensor) -> torch.Tensor:
        """Return the frames (..., bin) that `forward` makes `scaled` of."""
        return scaled * self.deviation + self.mean
