"""Denoising autoencoder: the dense autoencoder, trained to take noise off its input.

Report kim-ims-cnn names a "deep denoising autoencoder (DDAE)" in section 1.1 and does not describe
it. This is the denoising autoencoder of Vincent et al. (2008) with additive noise: inputs are
corrupted, targets are not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Self

import numpy as np
import wrapt
from pydantic import Field, field_validator

from mimii_bench.systems.dense_autoencoder import DenseAutoencoder
from mimii_bench.systems.learning.moments import bin_moments

if TYPE_CHECKING:
    from torch import nn

torch = wrapt.lazy_import("torch")
noises = wrapt.lazy_import("mimii_bench.systems.networks.noise")


class DenoisingAutoencoder(DenseAutoencoder):
    """Reconstructs clean windows from noisy ones; a clip's score is its mean squared error.

    In training, Gaussian noise is added to every window [ours]: in the feature domain, since a
    system hears no audio, and in each bin in proportion to that bin's variance over the training
    frames, to which the signal-to-noise ratio refers. (The mean square of decibels is not a
    power: it depends on the level at which a clip was recorded.) The ratio of a window is drawn
    uniformly, in dB, from `snr`. Scores and the validation loss are of clips without added noise.
    The seed is also that of the noise.
    """

    class Options(DenseAutoencoder.Options):
        """Noise, network, loss, windows, and how it is trained."""

        snr: Annotated[
            list[float],
            Field(
                min_length=2,
                max_length=2,
                description="Lowest and highest signal-to-noise ratio, in dB.",
            ),
        ] = [0.0, 20.0]

        @field_validator("snr")
        @classmethod
        def _lower_first(cls, snr: list[float]) -> list[float]:
            low, high = snr
            if low > high:
                raise ValueError(f"{low:g} dB is above {high:g} dB; write the lower first")
            return snr

    def __init__(self, **options):
        super().__init__(**options)
        self._deviation: np.ndarray | None = None

    def fit(self, frames: np.ndarray, validation: tuple[np.ndarray] | None = None) -> Self:
        """Train on normal clips; see `Autoencoder.fit`."""
        _, self._deviation = bin_moments(frames)
        return super().fit(frames, validation)

    def _build(self, inputs: int, generator: torch.Generator) -> nn.Sequential:
        noise = noises.Noise(inputs, self.options.snr, generator)
        if self._deviation is not None:
            noise.set_to(np.tile(self._deviation, self.options.context))
        return torch.nn.Sequential(noise, *super()._build(inputs, generator))
