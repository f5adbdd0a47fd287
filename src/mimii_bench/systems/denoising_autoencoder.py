"""Denoising autoencoder: the dense autoencoder, trained to take noise off its input.

Report kim-ims-cnn names a "deep denoising autoencoder (DDAE)" in section 1.1 and does not describe
it. This is the denoising autoencoder of Vincent et al. (2008) with additive noise: inputs are
corrupted, targets are not.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import nn

from mimii_bench.systems.dense_autoencoder import DenseAutoencoder
from mimii_bench.systems.learning.standardise import bin_moments
from mimii_bench.util.errors import UserError


class DenoisingAutoencoder(DenseAutoencoder):
    """Reconstructs clean windows from noisy ones; a clip's score is its mean squared error.

    In training, Gaussian noise is added to every window [ours]: in the feature domain, since a
    system hears no audio, and in each bin in proportion to that bin's variance over the training
    frames, to which the signal-to-noise ratio refers. (The mean square of decibels is not a
    power: it depends on the level at which a clip was recorded.) The ratio of a window is drawn
    uniformly, in dB, from `snr`. Scores and the validation loss are of clips without added noise.

    Parameters
    ----------
    snr : pair of float
        Lowest and highest signal-to-noise ratio, in dB.
    options
        Those of `DenseAutoencoder`. The seed is also that of the noise.
    """

    def __init__(self, *, snr: Sequence[float] = (0.0, 20.0), **options):
        super().__init__(**options)
        low, high = map(float, snr)
        if low > high:
            raise UserError(f"options.snr: {low:g} dB is above {high:g} dB; write the lower first")
        self.options["snr"] = [low, high]
        self._deviation: np.ndarray | None = None

    def fit(
        self, frames: np.ndarray, validation: tuple[np.ndarray] | None = None
    ) -> "DenoisingAutoencoder":
        """Train on the normal clips `frames`, of shape (clip, frame, bin).

        `validation` holds clips of the same kind that only watch the loss. Raises UserError when
        the loss stops being a number.
        """
        _, self._deviation = bin_moments(frames)
        super().fit(frames, validation)
        return self

    def _build(self, inputs: int, generator: torch.Generator) -> nn.Sequential:
        noise = Noise(inputs, self.options["snr"], generator)
        if self._deviation is not None:
            noise.set_to(np.tile(self._deviation, self.options["context"]))
        return nn.Sequential(noise, *super()._build(inputs, generator))


class Noise(nn.Module):
    """Adds Gaussian noise to examples (example, input) in training, and nothing in evaluation.

    The deviation of each input's signal is a buffer; the ratio of an example is drawn from `snr`,
    in dB.
    """

    def __init__(self, inputs: int, snr: Sequence[float], generator: torch.Generator):
        super().__init__()
        self._snr, self._generator = snr, generator
        self.register_buffer("deviation", torch.ones(inputs))

    def set_to(self, deviation: np.ndarray) -> None:
        """Take the standard deviation (input,) of the signal."""
        self.deviation.copy_(torch.from_numpy(deviation))

    def forward(self, clean: torch.Tensor) -> torch.Tensor:
        if not self.training:
            return clean
        low, high = self._snr
        # Drawn on the CPU, whose generator gives the same numbers on every machine.
        ratio = low + (high - low) * torch.rand(len(clean), 1, generator=self._generator)
        noise = 10 ** (-ratio / 20) * torch.randn(clean.shape, generator=self._generator)
        return clean + self.deviation * noise.to(clean.device)
