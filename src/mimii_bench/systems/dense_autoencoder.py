"""Dense autoencoder on windows of consecutive log-mel frames.

The network and training of the MIMII baseline's released code (Purohit et al. 2019): 5 frames of
64 bands, 320-64-64-8-64-64-320, ReLU, linear output, Adam, MSE. The code being Keras, so are the
initial weights (Glorot uniform, zero bias) and Adam's eps of 1e-7.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import lazy_loader
from pydantic import Field

from mimii_bench.systems.learning.autoencoder import Autoencoder, Widths

if TYPE_CHECKING:
    from torch import nn

torch = lazy_loader.load("torch")
networks = lazy_loader.load("mimii_bench.systems.networks.dense", suppress_warning=True)


class DenseAutoencoder(Autoencoder):
    """Reconstructs windows of `context` frames; a clip's score is its mean squared error."""

    class Options(Autoencoder.Options):
        """Network, loss, windows, and how it is trained."""

        hidden: Annotated[
            Widths,
            Field(description="Widths between input and output."),
        ] = [64, 64, 8, 64, 64]
        loss: Annotated[
            Literal["mse", "half_sum"],
            Field(
                description="Mean squared error, or half the sum of squared errors of a window "
                "(MATLAB's half-mean-squared-error, whose mean is over windows only)."
            ),
        ] = "mse"

    def _build(self, inputs: int, generator: torch.Generator) -> nn.Sequential:
        return networks.dense_network(inputs, self.options.hidden, generator)

    def _loss(self, windows: torch.Tensor) -> torch.Tensor:
        mse = torch.nn.functional.mse_loss(self._net(windows), windows)
        return mse * (windows.shape[1] / 2) if self.options.loss == "half_sum" else mse
