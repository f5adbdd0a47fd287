"""Spatial autoencoder: one microphone, and its difference from another (report two-mic-ae).

Each of the two inputs has an encoder and a decoder with the layers of the DCASE 2023 baseline; the
two latents (8 each) are concatenated and given to both decoders. Losses and scores are
reference + alpha · difference.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import nn

from mimii_bench.systems.dcase_autoencoder import BATCH_NORM
from mimii_bench.systems.learning.loop import train_on
from mimii_bench.systems.learning.network import WindowSystem, drawn_from, normalised_layers
from mimii_bench.systems.learning.residuals import (
    ResidualScores,
    inverse_covariances,
    residuals,
    score_residual,
)
from mimii_bench.systems.learning.windows import Windows, windows_of
from mimii_bench.util.errors import UserError
from mimii_bench.util.seeds import stable_seed


class AlphaEpoch(NamedTuple):
    """Mean losses of one epoch of the network of one alpha."""

    alpha: float
    epoch: int
    loss: float
    validation_loss: float


class TwoMicrophoneAutoencoder(WindowSystem):
    """Reconstructs the windows of two inputs from both; one network per alpha.

    They are trained one after the other: as a batched ensemble they take as long, being bound by
    matrix products (measured: ratio 1.0 on one CPU thread at a batch of 256).

    Parameters
    ----------
    alphas : sequence of float
        Weights of the difference input in loss and scores.
    hidden : sequence of int
        Widths of an encoder, the last one the latent's; a decoder has the others in reverse.
    ridge : float
        Added to the covariances' diagonals, as a share of the mean variance. Without it a singular
        covariance is an error.
    common
        See `WindowSystem`. From the seed and alpha follow a network's initial weights and the order
        of its batches, whatever other alphas there are.

    Attributes
    ----------
    history_ : list of AlphaEpoch
        Losses after `fit`.
    """

    def __init__(
        self,
        *,
        alphas: Sequence[float] = (0.1, 0.5, 2.0, 10.0),
        hidden: Iterable[int] = (128, 128, 128, 128, 8),
        ridge: float = 0.0,
        **common,
    ):
        options = {
            "alphas": list(map(float, alphas)),
            "hidden": list(hidden),
            "ridge": ridge,
        }
        if len({f"{alpha:g}" for alpha in options["alphas"]}) < len(options["alphas"]):
            raise UserError(f"options.alphas: {options['alphas']} names one alpha twice")
        super().__init__(options, **common)
        self.history_: list[AlphaEpoch] = []

    def fit(
        self,
        reference: np.ndarray,
        difference: np.ndarray,
        validation: tuple[np.ndarray, np.ndarray] | None = None,
    ) -> "TwoMicrophoneAutoencoder":
        """Train on normal clips, both inputs of the same clips and of shape (clip, frame, bin).

        There is one covariance per input: of the residuals of the windows that trained, after
        training and in evaluation mode. `validation` holds clips, again of both inputs, that only
        watch the loss. Raises UserError when the inputs differ in shape, a loss stops being a
        number, or a covariance is singular.
        """
        training, watched = self._windows((reference, difference), validation)
        self.history_ = []
        networks = [self._fit_one(alpha, training, watched) for alpha in self.options["alphas"]]
        self._net = nn.ModuleList(networks)
        return self

    def _fit_one(self, alpha: float, training: Windows, watched: Windows) -> "_Network":
        generator = torch.Generator().manual_seed(stable_seed(self.seed, f"{alpha:g}"))
        network = self._build_one(self._inputs, generator).to(self.device)

        def loss(reference: torch.Tensor, difference: torch.Tensor) -> torch.Tensor:
            found = network(reference, difference)
            mse = nn.functional.mse_loss
            return mse(found[0], reference) + alpha * mse(found[1], difference)

        checkpoint = self.checkpoint and self.checkpoint.of_part(f"{alpha:g}")
        epochs = train_on(network, loss, training, watched, self.schedule, generator, checkpoint)
        self.history_ += [AlphaEpoch(alpha, *epoch) for epoch in epochs]
        bins, ridge = self._inputs // self.options["context"], self.options["ridge"]
        with torch.inference_mode():
            network.inverse_covariances.copy_(
                inverse_covariances(network, training, bins, ridge, self.device)
            )
        return network

    def _build(self, inputs: int, generator: torch.Generator) -> nn.ModuleList:
        return nn.ModuleList(self._build_one(inputs, generator) for _ in self.options["alphas"])

    def _build_one(self, inputs: int, generator: torch.Generator) -> "_Network":
        hidden, bins = self.options["hidden"], inputs // self.options["context"]
        return drawn_from(generator, lambda: _Network(inputs, hidden, bins))

    def _networks(self) -> list[tuple[float, "_Network"]]:
        return list(zip(self.options["alphas"], self._net, strict=True))

    def score(self, clips: Iterable[tuple[np.ndarray, np.ndarray]]) -> dict[str, np.ndarray]:
        """Return every score of `ResidualScores` for every alpha, as `mse_alpha_0.1`, each (clip,).

        A clip is a pair of arrays (frame, bin), reference first.
        """
        names = [
            f"{kind}_alpha_{alpha:g}"
            for alpha in self.options["alphas"]
            for kind in ResidualScores._fields
        ]
        with torch.inference_mode():
            scores = np.array([self._scores(clip) for clip in clips])
        return dict(zip(names, scores.T, strict=True))

    def _scores(self, clip: tuple[np.ndarray, np.ndarray]) -> list[float]:
        pair = windows_of([frames[None] for frames in clip], self.options["context"])
        windows = tuple(contexts.clip(0).to(self.device) for contexts in pair.inputs)
        scores: list[float] = []
        for alpha, network in self._networks():
            reference, difference = map(
                score_residual, residuals(network, windows), network.inverse_covariances
            )
            scores += [a + alpha * b for a, b in zip(reference, difference, strict=True)]
        return scores


class _Network(nn.Module):
    """Two encoders, two decoders, and the inverse covariance of each input's residuals."""

    def __init__(self, inputs: int, hidden: list[int], bins: int):
        super().__init__()
        inward, outward = [inputs, *hidden], [2 * hidden[-1], *hidden[-2::-1], inputs]
        self.encoders, self.decoders = (
            nn.ModuleList(
                nn.Sequential(*normalised_layers(sizes, linear_output=last, **BATCH_NORM))
                for _ in range(2)
            )
            for sizes, last in ((inward, False), (outward, True))
        )
        eyes = torch.eye(bins, dtype=torch.float64).repeat(2, 1, 1)
        self.register_buffer("inverse_covariances", eyes)

    def forward(self, *windows: torch.Tensor) -> tuple[torch.Tensor, ...]:
        latent = torch.cat([enc(x) for enc, x in zip(self.encoders, windows, strict=True)], 1)
        return tuple(decoder(latent) for decoder in self.decoders)
