"""Dense autoencoder on windows of consecutive log-mel frames.

The network and training of the MIMII baseline's released code (Purohit et al. 2019): 5 frames of
64 bands, 320-64-64-8-64-64-320, ReLU, linear output, Adam, MSE. The code being Keras, so are the
initial weights (Glorot uniform, zero bias) and Adam's eps of 1e-7.
"""

from collections.abc import Iterable
from itertools import pairwise

import torch
from torch import nn

from mimii_bench.systems.learning.network import Autoencoder


class DenseAutoencoder(Autoencoder):
    """Reconstructs windows of `context` frames; a clip's score is its mean squared error.

    Parameters
    ----------
    hidden : sequence of int
        Widths between input and output.
    loss : {"mse", "half_sum"}
        Mean squared error, or half the sum of squared errors of a window (MATLAB's
        half-mean-squared-error, whose mean is over windows only).
    common
        See `WindowSystem`.
    """

    def __init__(
        self,
        *,
        hidden: Iterable[int] = (64, 64, 8, 64, 64),
        loss: str = "mse",
        **common,
    ):
        options = {
            "hidden": list(hidden),
            "loss": loss,
        }
        super().__init__(options, **common)

    def _build(self, inputs: int, generator: torch.Generator) -> nn.Sequential:
        return _network(inputs, self.options["hidden"], generator)

    def _loss(self, windows: torch.Tensor) -> torch.Tensor:
        mse = nn.functional.mse_loss(self._net(windows), windows)
        return mse * (windows.shape[1] / 2) if self.options["loss"] == "half_sum" else mse


def _network(inputs: int, hidden: list[int], generator: torch.Generator) -> nn.Sequential:
    layers: list[nn.Module] = []
    for wide, narrow in pairwise([inputs, *hidden, inputs]):
        layer = nn.Linear(wide, narrow)
        nn.init.xavier_uniform_(layer.weight, generator=generator)
        nn.init.zeros_(layer.bias)
        layers += [layer, nn.ReLU()]
    return nn.Sequential(*layers[:-1])
