"""The dense layers of the DCASE 2023 Task 2 baseline: for one input, and for two."""

from collections.abc import Callable

import torch
from torch import nn

from mimii_bench.systems.networks.backpropagation import backpropagated
from mimii_bench.systems.networks.layers import normalised_layers

#: Keras's momentum of .99, as torch counts it.
BATCH_NORM = {"momentum": 0.01, "eps": 1e-3}


class DcaseNetwork(nn.Sequential):
    """The layers, and beside them the inverse covariance of their residuals.

    Parameters
    ----------
    sizes : list of int
        Widths, input and output included.
    bins : int
        Of a frame, and so of the covariance.
    """

    def __init__(self, sizes: list[int], bins: int):
        super().__init__(*normalised_layers(sizes, linear_output=True, **BATCH_NORM))
        self.register_buffer("inverse_covariance", torch.eye(bins, dtype=torch.float64))


class TwoMicrophoneNetwork(nn.Module):
    """Two encoders, two decoders, and the inverse covariance of each input's residuals.

    Parameters
    ----------
    inputs : int
        Numbers in a window of one input.
    hidden : list of int
        Widths of an encoder, the last one the latent's; a decoder has the others in reverse.
    bins : int
        Of a frame.
    """

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
        """Return the reconstructions of `windows` (window, input), one tensor per input."""
        latent = torch.cat([enc(x) for enc, x in zip(self.encoders, windows, strict=True)], 1)
        return tuple(decoder(latent) for decoder in self.decoders)

    @torch.no_grad()
    def backpropagated(
        self, *windows: torch.Tensor
    ) -> tuple[tuple[torch.Tensor, ...], Callable[..., None]]:
        """Return the reconstructions, and what takes back a gradient for each of them.

        As `backpropagation.backpropagated` does for layers in training.
        """
        latents, encoders = zip(*map(backpropagated, self.encoders, windows), strict=True)
        latent = torch.cat(latents, 1)
        found, decoders = zip(*(backpropagated(d, latent) for d in self.decoders), strict=True)

        @torch.no_grad()
        def back(*gradients: torch.Tensor) -> None:
            onward = sum(d(g, True) for d, g in zip(decoders, gradients, strict=True))
            for encoder, part in zip(encoders, onward.chunk(2, 1), strict=True):
                encoder(part)

        return found, back
