"""Convolutional and recurrent network on log-mel frames (report kim-ims-cnn, section 4.2).

The report says that a CNN extracts a sequence of features, that an LSTM reads it, and that the
hidden state of the last time step decides between normal and abnormal by a softmax; it refers to
Ordóñez & Roggen (2016). Sizes are ours: three convolutions with batch normalisation and ReLU, of
16, 32 and 32 channels (5 x 5 in steps of 2 frames and 4 bins; 3 x 3 in steps of 2 and 2; 3 x 3 in
steps of 1 and 2), so that 311 frames of 128 bands become 78 time steps of 256 features; one LSTM
of 64 cells; one dense layer to two logits. 96,946 weights. Input bands are scaled to mean 0 and
deviation 1 over the training clips [ours]. Initial weights are torch's defaults.
"""

from collections.abc import Iterable

import torch
from torch import nn

from mimii_bench.systems.learning.clip_classifier import ClipClassifier, convolutions
from mimii_bench.systems.learning.standardise import Standardise

KERNELS = (5, 3, 3)
#: Steps over (frame, bin) of the convolutions.
STRIDES = ((2, 4), (2, 2), (1, 2))


class CnnLstm(ClipClassifier):
    """Tells abnormal clips from normal ones by the order of what a CNN hears; supervised.

    Parameters
    ----------
    channels : sequence of int
        Of the three convolutions.
    cells : int
        Of the LSTM.
    common
        See `NetworkSystem`.
    """

    def __init__(
        self,
        *,
        channels: Iterable[int] = (16, 32, 32),
        cells: int = 64,
        **common,
    ):
        super().__init__({"channels": list(channels), "cells": cells}, **common)

    def _network(self, inputs: int) -> nn.Module:
        return _Network(inputs, self.options["channels"], self.options["cells"])


class _Network(nn.Module):
    """Convolutions over (clip, frame, bin), an LSTM over their time steps, two logits (clip, 2)."""

    def __init__(self, bins: int, channels: list[int], cells: int):
        super().__init__()
        self.standardise = Standardise(bins)
        self.convolutions = nn.Sequential(*convolutions(channels, KERNELS, STRIDES))
        for _, stride in STRIDES:
            bins = -(-bins // stride)
        self.recurrent = nn.LSTM(channels[-1] * bins, cells, batch_first=True)
        self.logits = nn.Linear(cells, 2)

    def forward(self, frames: torch.Tensor) -> torch.Tensor:
        maps = self.convolutions(self.standardise(frames)[:, None])
        steps = maps.transpose(1, 2).flatten(2)
        _, (last, _) = self.recurrent(steps)
        return self.logits(last[0])
