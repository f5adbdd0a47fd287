"""The network of the variational autoencoder."""

import torch
from torch import nn

from mimii_bench.systems.networks.layers import normalised_layers


class VariationalNetwork(nn.Module):
    """Encoder, the heads for mean and log-variance, decoder.

    Parameters
    ----------
    inputs : int
    hidden : list of int
        Widths of the encoder; the decoder has them in reverse.
    latent : int
        Dimensions of the latent vector.
    """

    def __init__(self, inputs: int, hidden: list[int], latent: int):
        super().__init__()
        self.encoder = nn.Sequential(*normalised_layers([inputs, *hidden], linear_output=False))
        self.mean = nn.Linear(hidden[-1], latent)
        self.log_variance = nn.Linear(hidden[-1], latent)
        sizes = [latent, *reversed(hidden), inputs]
        self.decoder = nn.Sequential(*normalised_layers(sizes, linear_output=True))

    def encode(self, windows: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return mean and log-variance, each (window, latent)."""
        hidden = self.encoder(windows)
        return self.mean(hidden), self.log_variance(hidden)
