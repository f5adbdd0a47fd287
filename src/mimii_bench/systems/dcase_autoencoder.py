"""The autoencoder of the DCASE 2023 Task 2 baseline (Harada et al. 2023), with all its scores.

5 frames of 128 bands, 640-128-128-128-128-8-128-128-128-128-640; batch normalisation (momentum
.01, eps 1e-3) and ReLU after every layer but the last, the narrow one included; MSE. Initial
weights are torch's defaults, as in the released code.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Self

import numpy as np
import wrapt
from pydantic import Field

from mimii_bench.systems.learning.autoencoder import Autoencoder, Widths

torch = wrapt.lazy_import("torch")
networks = wrapt.lazy_import("mimii_bench.systems.networks.dcase")
backpropagation = wrapt.lazy_import("mimii_bench.systems.networks.backpropagation")
shared_layers = wrapt.lazy_import("mimii_bench.systems.networks.layers")
residuals = wrapt.lazy_import("mimii_bench.systems.learning.residuals")

Ridge = Annotated[
    float,
    Field(
        ge=0,
        description="Added to a covariance's diagonal, as a share of the mean variance. Without "
        "it a singular covariance is an error.",
    ),
]


class DcaseAutoencoder(Autoencoder):
    """Reconstructs windows of `context` frames; scores a clip by what is left over."""

    working_mb: ClassVar[float] = 345

    class Options(Autoencoder.Options):
        """Network, covariance, windows, and how it is trained."""

        hidden: Annotated[
            Widths,
            Field(description="Widths between input and output."),
        ] = [128, 128, 128, 128, 8, 128, 128, 128, 128]
        ridge: Ridge = 0.0

    def fit(self, frames: np.ndarray, validation: tuple[np.ndarray] | None = None) -> Self:
        """Train on normal clips, and take the covariance of what is left over of them.

        It is that of the residuals of the windows that trained, after training and in evaluation
        mode.

        Parameters
        ----------
        frames : ndarray (clip, frame, bin)
        validation : tuple of one ndarray, optional
            Clips of the same kind that only watch the loss.

        Raises
        ------
        UserError
            When the loss stops being a number, and when the covariance is singular.
        """
        training = self._fit((frames,), validation)
        with torch.inference_mode():
            self._net.inverse_covariance.copy_(
                residuals.inverse_covariances(
                    lambda x: (self._net(x),),
                    training,
                    frames.shape[2],
                    self.options.ridge,
                    self.device,
                )[0]
            )
        return self

    def _build(self, inputs: int, generator: torch.Generator) -> networks.DcaseNetwork:
        sizes, bins = [inputs, *self.options.hidden, inputs], inputs // self.options.context
        return shared_layers.drawn_from(generator, lambda: networks.DcaseNetwork(sizes, bins))

    def _loss(self, windows: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.mse_loss(self._net(windows), windows)

    def _learn(self, weight: float, windows: torch.Tensor) -> torch.Tensor:
        if not backpropagation.covers(self._net):
            return super()._learn(weight, windows)
        return backpropagation.learned(self._net, windows, windows, weight)

    def score_windows(self, windows: torch.Tensor) -> dict[str, torch.Tensor]:
        """Return the scores of one clip by their names in `ResidualScores`."""
        left_over = windows - self._reconstruct(windows)
        return residuals.score_residual(left_over, self._net.inverse_covariance)._asdict()
