"""Spatial autoencoder: one microphone, and its difference from another (report two-mic-ae).

Each of the two inputs has an encoder and a decoder with the layers of the DCASE 2023 baseline; the
two latents (8 each) are concatenated and given to both decoders. Losses are reference + alpha ·
difference, and so are scores: the report says so of the Mahalanobis ones (7), of the mean squared
error it does not say how two errors become one score [ours]; the reference's alone, and the plain
sum of both, are scores as well.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, ClassVar, NamedTuple, Self

import numpy as np
import wrapt
from pydantic import Field, field_validator

from mimii_bench.systems.dcase_autoencoder import Ridge
from mimii_bench.systems.learning.autoencoder import Widths, WindowSystem
from mimii_bench.util.seeds import stable_seed

if TYPE_CHECKING:
    from torch import nn

torch = wrapt.lazy_import("torch")
networks = wrapt.lazy_import("mimii_bench.systems.networks.dcase")
backpropagation = wrapt.lazy_import("mimii_bench.systems.networks.backpropagation")
shared_layers = wrapt.lazy_import("mimii_bench.systems.networks.layers")
loop = wrapt.lazy_import("mimii_bench.systems.learning.loop")
residuals = wrapt.lazy_import("mimii_bench.systems.learning.residuals")
windowing = wrapt.lazy_import("mimii_bench.systems.learning.windows")


class AlphaEpoch(NamedTuple):
    """Mean losses of one epoch of the network of one alpha."""

    alpha: float
    epoch: int
    loss: float
    validation_loss: float


class TwoMicrophoneAutoencoder(WindowSystem):
    """Reconstructs the windows of two inputs from both; one network per alpha.

    They are trained one after the other: as a batched ensemble they take as long, being bound by
    matrix products (measured: ratio 1.0 on one CPU thread at a batch of 256). From the seed and
    alpha follow a network's initial weights and the order of its batches, whatever other alphas
    there are.

    Attributes
    ----------
    history_ : list of AlphaEpoch
        Losses after `fit`.
    """

    working_mb: ClassVar[float] = 425

    class Options(WindowSystem.Options):
        """Networks, covariances, windows, and how they are trained."""

        alphas: Annotated[
            list[Annotated[float, Field(ge=0)]],
            Field(
                min_length=1,
                description="Weights of the difference input in loss and scores.",
            ),
        ] = [0.1, 0.5, 2.0, 10.0]
        hidden: Annotated[
            Widths,
            Field(
                description="Widths of an encoder, the last one the latent's; a decoder has the "
                "others in reverse."
            ),
        ] = [128, 128, 128, 128, 8]
        ridge: Ridge = 0.0

        @field_validator("alphas")
        @classmethod
        def _each_once(cls, alphas: list[float]) -> list[float]:
            # By what the names of the scores hold of them.
            if len({f"{alpha:g}" for alpha in alphas}) < len(alphas):
                raise ValueError(f"{alphas} names one alpha twice")
            return alphas

    def fit(
        self,
        reference: np.ndarray,
        difference: np.ndarray,
        validation: tuple[np.ndarray, np.ndarray] | None = None,
    ) -> Self:
        """Train on normal clips, one network per alpha.

        There is one covariance per input: of the residuals of the windows that trained, after
        training and in evaluation mode.

        Parameters
        ----------
        reference, difference : ndarray (clip, frame, bin)
            Both inputs of the same clips.
        validation : tuple of two ndarray, optional
            Clips, again of both inputs, that only watch the loss.

        Raises
        ------
        UserError
            When the inputs differ in shape, a loss stops being a number, or a covariance is
            singular.
        """
        training, watched = self._windows((reference, difference), validation)
        self.history_ = []
        self._net = torch.nn.ModuleList(
            self._fit_one(alpha, training, watched) for alpha in self.options.alphas
        )
        return self

    def _fit_one(
        self, alpha: float, training: windowing.Windows, watched: windowing.Windows
    ) -> networks.TwoMicrophoneNetwork:
        network = self._train_one(alpha, training, watched)
        bins, ridge = self._inputs // self.options.context, self.options.ridge
        with torch.inference_mode():
            network.inverse_covariances.copy_(
                residuals.inverse_covariances(network, training, bins, ridge, self.device)
            )
        return network

    def _train_one(
        self, alpha: float, training: windowing.Windows, watched: windowing.Windows
    ) -> networks.TwoMicrophoneNetwork:
        generator = torch.Generator().manual_seed(stable_seed(self.seed, f"{alpha:g}"))
        network = self._build_one(self._inputs, generator).to(self.device)
        epochs = loop.train_on(
            network,
            partial(_loss, network, alpha),
            training,
            watched,
            self.options,
            generator,
            self.checkpoint and self.checkpoint.of_part(f"{alpha:g}"),
            partial(_learn, network, alpha) if self.device.type == "cpu" else None,
        )
        self.history_ += [AlphaEpoch(alpha, *epoch) for epoch in epochs]
        return network

    def _build(self, inputs: int, generator: torch.Generator) -> nn.ModuleList:
        return torch.nn.ModuleList(self._build_one(inputs, generator) for _ in self.options.alphas)

    def _build_one(self, inputs: int, generator: torch.Generator) -> networks.TwoMicrophoneNetwork:
        hidden, bins = self.options.hidden, inputs // self.options.context
        return shared_layers.drawn_from(
            generator, lambda: networks.TwoMicrophoneNetwork(inputs, hidden, bins)
        )

    def _networks(self) -> list[tuple[float, networks.TwoMicrophoneNetwork]]:
        return list(zip(self.options.alphas, self._net, strict=True))

    def score_windows(
        self, reference: torch.Tensor, difference: torch.Tensor
    ) -> dict[str, torch.Tensor]:
        """Return every score of `ResidualScores` for every alpha, as `mse_alpha_0.1`.

        And the other readings of the mean squared error, `mse_reference_alpha_0.1` and
        `mse_sum_alpha_0.1`.
        """
        scores: dict[str, torch.Tensor] = {}
        for alpha, network in self._networks():
            own = self._scores(network, alpha, (reference, difference))
            scores |= {f"{kind}_alpha_{alpha:g}": number for kind, number in own.items()}
        return scores

    def _scores(
        self,
        network: networks.TwoMicrophoneNetwork,
        alpha: float,
        windows: tuple[torch.Tensor, torch.Tensor],
    ) -> dict[str, torch.Tensor]:
        """Return the scores of one clip by the network of one alpha."""
        reference, difference = map(
            residuals.score_residual,
            residuals.residuals_of(network, windows),
            network.inverse_covariances,
        )
        scores = {
            kind: a + alpha * b
            for kind, a, b in zip(reference._fields, reference, difference, strict=True)
        }
        both = {"mse_reference": reference.mse, "mse_sum": reference.mse + difference.mse}
        return scores | both


def _loss(
    network: networks.TwoMicrophoneNetwork, alpha: float, *windows: torch.Tensor
) -> torch.Tensor:
    reference, difference = map(torch.nn.functional.mse_loss, network(*windows), windows)
    return reference + alpha * difference


def _learn(
    network: networks.TwoMicrophoneNetwork, alpha: float, weight: float, *windows: torch.Tensor
) -> torch.Tensor:
    """Add the gradients of `weight` times the loss, and return the loss."""
    found, back = network.backpropagated(*windows)
    # As a tensor: the product is rounded as autograd's.
    weights = weight, torch.tensor(weight) * alpha
    errors = map(backpropagation.squared_error, found, windows, weights)
    (reference, difference), gradients = zip(*errors, strict=True)
    back(*gradients)
    return reference + alpha * difference
