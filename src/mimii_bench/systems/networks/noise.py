"""Noise that is added to a network's input while it trains."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import nn


class Noise(nn.Module):
    """Adds Gaussian noise to examples (example, input) in training, and nothing in evaluation.

    The deviation of each input's signal is a buffer, 1 until `set_to`.

    Parameters
    ----------
    inputs : int
    snr : (float, float)
        The signal-to-noise ratio of an example is drawn between these two, in dB.
    generator : torch.Generator
    """

    def __init__(self, inputs: int, snr: Sequence[float], generator: torch.Generator):
        super().__init__()
        self._snr, self._generator = snr, generator
        self.register_buffer("deviation", torch.ones(inputs))

    def set_to(self, deviation: np.ndarray) -> None:
        """Take the standard deviation (input,) of the signal."""
        self.deviation.copy_(torch.from_numpy(deviation))

    def forward(self, clean: torch.Tensor) -> torch.Tensor:
        """Return `clean` (example, input), in training with noise."""
        if not self.training:
            return clean
        low, high = self._snr
        # Drawn on the CPU, whose generator gives the same numbers on every machine.
        ratio = low + (high - low) * torch.rand(len(clean), 1, generator=self._generator)
        noise = 10 ** (-ratio / 20) * torch.randn(clean.shape, generator=self._generator)
        return clean + self.deviation * noise.to(clean.device)
