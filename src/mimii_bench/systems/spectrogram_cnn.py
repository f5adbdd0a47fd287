"""Convolutional network on the spectrogram of a whole clip (report kim-ims-cnn, section 3).

The report gives the training (Adam, 1e-3, batches of 32, 60 epochs, cross-entropy) and not the
network. Ours is a compact one [ours]: four convolutions with batch normalisation and ReLU, of
16, 32, 64 and 64 channels; the first 5 x 5 in steps of 4 frames and 2 bins, the others 3 x 3 in
steps of 2; the mean over frames and bins; one dense layer to two logits. 60,786 weights, whatever
the size of the spectrogram. Input bins are scaled to mean 0 and deviation 1 over the training
clips [ours]: the two halves of the IMS spectrogram have other units. Initial weights are torch's
defaults.
"""

from collections.abc import Iterable

import torch
from torch import nn

from mimii_bench.systems.learning.clip_classifier import ClipClassifier, convolutions
from mimii_bench.systems.learning.standardise import Standardise


class SpectrogramCnn(ClipClassifier):
    """Tells abnormal clips from normal ones by their whole spectrogram; supervised.

    Parameters
    ----------
    channels : sequence of int
        Of the convolutions; the first has kernels of 5 x 5, the others of 3 x 3.
    common
        See `NetworkSystem`.
    """

    def __init__(
        self,
        *,
        channels: Iterable[int] = (16, 32, 64, 64),
        **common,
    ):
        super().__init__({"channels": list(channels)}, **common)

    def _network(self, inputs: int) -> nn.Module:
        return SpectrogramNetwork(inputs, self.options["channels"])


class SpectrogramNetwork(nn.Module):
    """Convolutions over (clip, frame, bin), their mean, and two logits (clip, 2)."""

    def __init__(self, bins: int, channels: list[int]):
        super().__init__()
        self.standardise = Standardise(bins)
        smaller = len(channels) - 1
        kernels, strides = [5, *[3] * smaller], [(4, 2), *[(2, 2)] * smaller]
        self.convolutions = nn.Sequential(*convolutions(channels, kernels, strides))
        self.logits = nn.Linear(channels[-1], 2)

    def forward(self, frames: torch.Tensor) -> torch.Tensor:
        return self.decide(self.standardise(frames))

    def decide(self, scaled: torch.Tensor) -> torch.Tensor:
        """Return the logits of frames whose bins are scaled, however many these are."""
        return self.logits(self.convolutions(scaled[:, None]).mean((2, 3)))
