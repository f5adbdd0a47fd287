"""Dense variational autoencoder on windows of log-mel frames (report eurecom-vae, Table 1).

5 frames of 128 bands: encoder 640-400-400, heads for mean and log-variance 400-20, decoder
20-400-400-640; batch normalisation and ReLU after the hidden layers, linear output. Initial
weights are torch's defaults.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
import wrapt
from pydantic import Field

from mimii_bench.systems.learning.autoencoder import Autoencoder, Widths

torch = wrapt.lazy_import("torch")
networks = wrapt.lazy_import("mimii_bench.systems.networks.variational")
shared_layers = wrapt.lazy_import("mimii_bench.systems.networks.layers")


class VariationalAutoencoder(Autoencoder):
    """Reconstructs windows of `context` frames from a distribution over latent vectors.

    The loss of a window is the squared error summed over its inputs, plus `kl_weight` times the
    Kullback-Leibler divergence from the standard normal prior summed over the latent dimensions;
    that of a batch is the mean over its windows. The report does not say how the two terms are
    scaled against each other: this is the evidence lower bound for an output variance of 1/2
    [ours]. In training the latent vector is drawn; otherwise, for the scores and the validation
    loss, it is the mean [ours].
    """

    class Options(Autoencoder.Options):
        """Network, loss, windows, and how it is trained."""

        hidden: Annotated[
            Widths,
            Field(description="Widths of the encoder; the decoder has them in reverse."),
        ] = [400, 400]
        latent: Annotated[
            int, Field(ge=1, le=65_536, description="Dimensions of the latent vector.")
        ] = 20
        kl_weight: Annotated[
            float, Field(ge=0, description="Weight of the divergence in the loss.")
        ] = 1.0

    def _build(self, inputs: int, generator: torch.Generator) -> networks.VariationalNetwork:
        hidden, latent = self.options.hidden, self.options.latent
        return shared_layers.drawn_from(
            generator, lambda: networks.VariationalNetwork(inputs, hidden, latent)
        )

    def _loss(self, windows: torch.Tensor) -> torch.Tensor:
        mean, log_variance = self._net.encode(windows)
        latent = mean
        if self._net.training:
            # Drawn on the CPU, whose generator gives the same numbers on every machine.
            noise = torch.randn(mean.shape, generator=self._generator).to(mean.device)
            latent = mean + torch.exp(log_variance / 2) * noise
        error = (self._net.decoder(latent) - windows).square().sum(1)
        divergence = kl_divergence(mean, log_variance)
        return (error + self.options.kl_weight * divergence).mean()

    def _reconstruct(self, windows: torch.Tensor) -> torch.Tensor:
        mean, _ = self._net.encode(windows)
        return self._net.decoder(mean)

    def generate(self, n: int, seed: int) -> np.ndarray:
        """Return `n` pieces of spectrogram, of shape (n, context, bin), drawn from the prior."""
        generator = torch.Generator().manual_seed(seed)
        latent = torch.randn(n, self.options.latent, generator=generator).to(self.device)
        with torch.inference_mode():
            pieces = self._net.decoder(latent).cpu().numpy()
        return pieces.reshape(n, self.options.context, -1)


def kl_divergence(mean: torch.Tensor, log_variance: torch.Tensor) -> torch.Tensor:
    """Return the divergence (window,) of normal distributions (window, latent) from the prior."""
    return (mean.square() + log_variance.exp() - 1 - log_variance).sum(1) / 2
