"""Dense autoencoder on windows of consecutive log-mel frames.

The network and training of the MIMII baseline's released code (Purohit et al. 2019): 5 frames of
64 bands, 320-64-64-8-64-64-320, ReLU, linear output, Adam, MSE. The code being Keras, so are the
initial weights (Glorot uniform, zero bias) and Adam's eps of 1e-7.

Activation, batch normalisation and scaling are options: report gamma-ae prints neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Literal, Self

import numpy as np
import wrapt
from pydantic import Field

from mimii_bench.systems.learning.autoencoder import Autoencoder, Widths
from mimii_bench.systems.learning.moments import bin_moments

if TYPE_CHECKING:
    from torch import nn

    from mimii_bench.systems.learning.windows import Windows
    from mimii_bench.systems.networks.standardise import Standardise

torch = wrapt.lazy_import("torch")
networks = wrapt.lazy_import("mimii_bench.systems.networks.dense")
backpropagation = wrapt.lazy_import("mimii_bench.systems.networks.backpropagation")
scaling = wrapt.lazy_import("mimii_bench.systems.networks.standardise")
population = wrapt.lazy_import("mimii_bench.systems.learning.population")


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
        activation: Annotated[
            Literal["relu", "leaky_relu", "elu", "tanh"],
            Field(description="Behind every layer but the last."),
        ] = "relu"
        batch_norm: Annotated[
            bool,
            Field(
                description="Batch normalisation before every activation; in use, by mean and "
                "variance over all training windows, as in MATLAB."
            ),
        ] = False
        scaling: Annotated[
            Literal["none", "centred", "standardised"],
            Field(
                description="What the network is given: bins as they are, less their means over "
                "the training clips, or divided by their deviations too."
            ),
        ] = "none"
        scale_targets: Annotated[
            bool,
            Field(
                description="Scaled bins are reconstructed, and scored; otherwise bins as they are "
                "(MATLAB's featureInputLayer scales inputs alone)."
            ),
        ] = True

    def __init__(self, **options):
        super().__init__(**options)
        self._moments: tuple[np.ndarray, np.ndarray] | None = None
        self._scale: Standardise | None = None

    def fit(self, frames: np.ndarray, validation: tuple[np.ndarray] | None = None) -> Self:
        """Train on normal clips; see `Autoencoder.fit`."""
        if self.options.scaling != "none":
            mean, deviation = bin_moments(frames)
            if self.options.scaling == "centred":
                deviation = np.ones_like(deviation)
            self._moments = tuple(np.tile(m, self.options.context) for m in (mean, deviation))
        return super().fit(frames, validation)

    def _fit(
        self, inputs: Sequence[np.ndarray], validation: Sequence[np.ndarray] | None
    ) -> Windows:
        training = super()._fit(inputs, validation)
        if self.options.batch_norm:
            population.take_population(self._net, lambda: self._batches(training))
        return training

    def _batches(self, training: Windows) -> Iterator[torch.Tensor]:
        for part in training.indices.split(self.options.micro_batch):
            yield training.take(part)[0].to(self.device)

    def _build(self, inputs: int, generator: torch.Generator) -> nn.Sequential:
        options = self.options
        dense = networks.dense_network(
            inputs,
            options.hidden,
            generator,
            activation=options.activation,
            batch_norm=options.batch_norm,
        )
        if options.scaling == "none":
            return dense
        self._scale = scaling.Standardise(inputs)
        if self._moments is not None:
            self._scale.set_to(*self._moments)
        return torch.nn.Sequential(self._scale, *dense)

    @property
    def _scales_targets(self) -> bool:
        return self._scale is not None and self.options.scale_targets

    def _target(self, windows: torch.Tensor) -> torch.Tensor:
        return self._scale(windows) if self._scales_targets else windows

    def _squared_error(self, windows: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.mse_loss(self._net(windows), self._target(windows))

    @property
    def _times(self) -> float:
        """The loss, in multiples of the mean squared error."""
        return self._inputs / 2 if self.options.loss == "half_sum" else 1.0

    def _loss(self, windows: torch.Tensor) -> torch.Tensor:
        return self._squared_error(windows) * self._times

    def _learn(self, weight: float, windows: torch.Tensor) -> torch.Tensor:
        if not backpropagation.covers(self._net):
            return super()._learn(weight, windows)
        # As a tensor: the product is rounded as autograd's.
        factor = torch.tensor(weight) * self._times
        mse = backpropagation.learned(self._net, windows, self._target(windows), factor)
        return mse * self._times

    def score_windows(self, windows: torch.Tensor) -> dict[str, torch.Tensor]:
        """Return, as `score`, the mean squared error of the windows of one clip, scaled or not."""
        return {"score": self._squared_error(windows)}

    def _reconstruct(self, windows: torch.Tensor) -> torch.Tensor:
        found = self._net(windows)
        return self._scale.undo(found) if self._scales_targets else found
