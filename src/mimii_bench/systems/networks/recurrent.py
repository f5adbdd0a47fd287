"""The convolutional and recurrent network of report kim-ims-cnn."""

import torch
from torch import nn

from mimii_bench.systems.networks.layers import convolutions
from mimii_bench.systems.networks.standardise import Standardise

KERNELS = (5, 3, 3)
#: Steps over (frame, bin) of the convolutions.
STRIDES = ((2, 4), (2, 2), (1, 2))


class RecurrentNetwork(nn.Module):
    """Convolutions over (clip, frame, bin), an LSTM over their time steps, two logits (clip, 2).

    Parameters
    ----------
    bins : int
    channels : list of int
        Of the three convolutions.
    cells : int
        Of the LSTM.
    """

    def __init__(self, bins: int, channels: list[int], cells: int):
        super().__init__()
        self.standardise = Standardise(bins)
        self.convolutions = nn.Sequential(*convolutions(channels, KERNELS, STRIDES))
        for _, stride in STRIDES:
            bins = -(-bins // stride)
        self.recurrent = nn.LSTM(channels[-1] * bins, cells, batch_first=True)
        self.logits = nn.Linear(cells, 2)

    def forward(self, frames: torch.Tensor) -> torch.Tensor:
        """Return the logits (clip, 2) of `frames` (clip, frame, bin)."""
        maps = self.convolutions(self.standardise(frames)[:, None])
        steps = maps.transpose(1, 2).flatten(2)
        _, (last, _) = self.recurrent(steps)
        return self.logits(last[0])
