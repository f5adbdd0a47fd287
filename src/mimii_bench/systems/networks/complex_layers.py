"""Layers of complex networks, on real tensors.

A complex feature map of C channels is a real tensor (example, 2 · C, ...): the real parts of all
channels, then their imaginary parts. So every operation is one real kernel, on any device and
under mixed precision, which torch's complex tensors do not have.
"""

import math

import torch
from torch import nn


def components(numbers: torch.Tensor) -> torch.Tensor:
    """Return complex `numbers` (example, C, ...) as a real tensor (example, 2 · C, ...)."""
    return torch.cat([numbers.real, numbers.imag], dim=1)


def magnitude(features: torch.Tensor, eps: float = 1e-12) -> torch.Tensor:
    """Return the absolute values (example, C, ...) of `features` (example, 2 · C, ...).

    `eps` is added to the square: at 0 the magnitude has no gradient.
    """
    real, imaginary = features.float().chunk(2, dim=1)
    return torch.sqrt(real.square() + imaginary.square() + eps)


class ComplexConv2d(nn.Module):
    """Convolution with complex weights (Trabelsi et al. 2018; Hu et al. 2020, DCCRN).

    With x = a + ib and w = u + iv, w * x = (u * a - v * b) + i (v * a + u * b): one real
    convolution of the stacked components with the weights [[u, -v], [v, u]]. Initial weights are
    drawn for each component as torch draws those of a real layer with as many inputs.

    Parameters
    ----------
    inputs, outputs : int
        Complex channels.
    kernel, stride, padding : (int, int)
    bias : bool
        Add a complex number to every output channel.
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        kernel: tuple[int, int],
        stride: tuple[int, int] = (1, 1),
        padding: tuple[int, int] = (0, 0),
        bias: bool = True,
    ):
        super().__init__()
        self.stride, self.padding = stride, padding
        self.real, self.imaginary = (
            nn.Parameter(torch.empty(outputs, inputs, *kernel)) for _ in range(2)
        )
        self.bias = nn.Parameter(torch.empty(2 * outputs)) if bias else None
        self._draw()

    def _draw(self) -> None:
        bound = 1 / math.sqrt(2 * self.real[0].numel())
        for parameter in self.parameters():
            nn.init.uniform_(parameter, -bound, bound)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Return (example, 2 · outputs, ...) for `features` (example, 2 · inputs, ...)."""
        to_real = torch.cat([self.real, -self.imaginary], dim=1)
        to_imaginary = torch.cat([self.imaginary, self.real], dim=1)
        weight = torch.cat([to_real, to_imaginary])
        return nn.functional.conv2d(features, weight, self.bias, self.stride, self.padding)


class ComponentBatchNorm2d(nn.BatchNorm2d):
    """Batch normalisation of each component by itself, as report complex-net says (section III-A).

    It is not the complex batch normalisation of Trabelsi et al., which whitens the two together.
    """

    def __init__(self, channels: int):
        super().__init__(2 * channels)


class ComponentPReLU(nn.PReLU):
    """PReLU of each component, with a learned slope for each channel's (He et al. 2015)."""

    def __init__(self, channels: int):
        super().__init__(2 * channels)
