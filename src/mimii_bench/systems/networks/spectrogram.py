"""The convolutional network on spectrograms of whole clips."""

import torch
from torch import nn

from mimii_bench.systems.networks.layers import convolutions
from mimii_bench.systems.networks.standardise import Standardise


class SpectrogramNetwork(nn.Module):
    """Convolutions over (clip, frame, bin), their mean, and two logits (clip, 2).

    Parameters
    ----------
    bins : int
    channels : list of int
        Of the convolutions; the first has kernels of 5 x 5, the others of 3 x 3.
    seen : slice
        Which bins the convolutions are given; all by default.
    """

    def __init__(self, bins: int, channels: list[int], seen: slice = slice(None)):
        super().__init__()
        self._seen = seen
        self.standardise = Standardise(bins)
        smaller = len(channels) - 1
        kernels, strides = [5, *[3] * smaller], [(4, 2), *[(2, 2)] * smaller]
        self.convolutions = nn.Sequential(*convolutions(channels, kernels, strides))
        self.logits = nn.Linear(channels[-1], 2)

    def forward(self, frames: torch.Tensor) -> torch.Tensor:
        """Return the logits (clip, 2) of `frames` (clip, frame, bin)."""
        return self.decide(self.standardise(frames)[..., self._seen])

    def decide(self, scaled: torch.Tensor) -> torch.Tensor:
        """Return the logits of frames whose bins are scaled, however many these are."""
        return self.logits(self.convolutions(scaled[:, None]).mean((2, 3)))
