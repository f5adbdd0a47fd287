"""The autoencoder of the DCASE 2023 Task 2 baseline (Harada et al. 2023), with all its scores.

5 frames of 128 bands, 640-128-128-128-128-8-128-128-128-128-640; batch normalisation (momentum
.01, eps 1e-3) and ReLU after every layer but the last, the narrow one included; MSE. Initial
weights are torch's defaults, as in the released code.
"""

from collections.abc import Iterable

import numpy as np
import torch
from torch import nn

from mimii_bench.systems.learning.network import Autoencoder, drawn_from, normalised_layers
from mimii_bench.systems.learning.residuals import (
    ResidualScores,
    inverse_covariances,
    score_residual,
)

BATCH_NORM = {"momentum": 0.01, "eps": 1e-3}


class DcaseAutoencoder(Autoencoder):
    """Reconstructs windows of `context` frames; scores a clip by what is left over.

    Parameters
    ----------
    hidden : sequence of int
        Widths between input and output.
    ridge : float
        Added to the covariance's diagonal, as a share of the mean variance. Without it a singular
        covariance is an error.
    common
        See `WindowSystem`.
    """

    def __init__(
        self,
        *,
        hidden: Iterable[int] = (128, 128, 128, 128, 8, 128, 128, 128, 128),
        ridge: float = 0.0,
        **common,
    ):
        options = {
            "hidden": list(hidden),
            "ridge": ridge,
        }
        super().__init__(options, **common)

    def fit(
        self, frames: np.ndarray, validation: tuple[np.ndarray] | None = None
    ) -> "DcaseAutoencoder":
        """Train on the normal clips `frames`, of shape (clip, frame, bin).

        The covariance is that of the residuals of the windows that trained, after training and in
        evaluation mode. `validation` holds clips of the same kind that only watch the loss. Raises
        UserError when the loss stops being a number, and when the covariance is singular.
        """
        training = self._fit((frames,), validation)
        with torch.inference_mode():
            self._net.inverse_covariance.copy_(
                inverse_covariances(
                    lambda x: (self._net(x),),
                    training,
                    frames.shape[2],
                    self.options["ridge"],
                    self.device,
                )[0]
            )
        return self

    def _build(self, inputs: int, generator: torch.Generator) -> "_Network":
        sizes = [inputs, *self.options["hidden"], inputs]
        return drawn_from(generator, lambda: _Network(sizes, inputs // self.options["context"]))

    def _loss(self, windows: torch.Tensor) -> torch.Tensor:
        return nn.functional.mse_loss(self._net(windows), windows)

    def score(self, clips: Iterable[tuple[np.ndarray]]) -> dict[str, np.ndarray]:
        """Return the scores of the clips by their names in `ResidualScores`, each (clip,)."""
        with torch.inference_mode():
            scores = np.array([self._scores(frames) for (frames,) in clips])
        return dict(zip(ResidualScores._fields, scores.T, strict=True))

    def _scores(self, frames: np.ndarray) -> ResidualScores:
        windows = self._views(frames)
        return score_residual(windows - self._reconstruct(windows), self._net.inverse_covariance)


class _Network(nn.Sequential):
    """The layers, and beside them the inverse covariance of their residuals."""

    def __init__(self, sizes: list[int], bins: int):
        super().__init__(*normalised_layers(sizes, linear_output=True, **BATCH_NORM))
        self.register_buffer("inverse_covariance", torch.eye(bins, dtype=torch.float64))
