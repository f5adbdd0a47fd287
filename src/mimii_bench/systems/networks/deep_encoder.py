"""The deep encoder of report complex-net: Table I and Figures 2 and 3, complex and real.

Both take (example, channel, bin, frame), one complex channel as two (see `complex_layers`), and
return one set of logits per head, the last of which scores. Every convolution is padded by half its
kernel, in both axes [ours]. The five of the encoder have no bias, for normalisation follows.
"""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import nn

from mimii_bench.systems.networks.complex_layers import (
    ComplexConv2d,
    ComponentBatchNorm2d,
    ComponentPReLU,
    magnitude,
)


class Layer(NamedTuple):
    """A row of Table I; kernel and stride are (bins, frames)."""

    kernel: tuple[int, int]
    stride: tuple[int, int]
    channels: int

    @property
    def padding(self) -> tuple[int, int]:
        """Half the kernel."""
        return self.kernel[0] // 2, self.kernel[1] // 2


#: "Complex net1" to "Complex net5".
ENCODER = (
    Layer((7, 5), (2, 2), 45),
    Layer((7, 5), (2, 2), 90),
    Layer((5, 3), (2, 2), 90),
    Layer((5, 3), (2, 2), 90),
    Layer((5, 2), (2, 1), 45),
)
_BRANCH = {"kernel_size": (5, 1), "stride": (2, 1), "padding": (2, 0)}
_ATTENTION = {"kernel_size": (3, 1), "stride": (2, 1), "padding": (1, 0)}


class DeepEncoder(nn.Module):
    """The encoder in real arithmetic, for log-mel and magnitude spectra.

    What the report calls the deep encoder with a magnitude spectrum: the same layers on real
    numbers. There is no complex branch to set apart or to weigh, so of the three heads one is left,
    T, from the magnitude convolution through the total one [ours].

    Parameters
    ----------
    classes : int
        Of the logits: channels of the last convolutions, 4 in Table I.
    """

    def __init__(self, classes: int):
        super().__init__()
        self.encoder = _encoder(nn.Conv2d, nn.BatchNorm2d, nn.PReLU)
        self.magnitude_conv = Branch(ENCODER[-1].channels, classes)
        self.total_conv = nn.Conv2d(classes, classes, 1)

    def features(self, spectra: torch.Tensor) -> torch.Tensor:
        """Return what the total convolution is given, (example, classes, bin, frame)."""
        return self.magnitude_conv(self.encoder(spectra))

    def embed(self, spectra: torch.Tensor) -> torch.Tensor:
        """Return the features' averages (example, classes), on which the logits depend linearly."""
        return average(self.features(spectra))

    def forward(self, spectra: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Return the logits (example, classes) of the only head, T."""
        return (average(self.total_conv(self.features(spectra))),)


class ComplexDeepEncoder(nn.Module):
    """The encoder in complex arithmetic, with magnitude and complex branch and three heads.

    Section III says that the first five layers are complex, and F_t = (F_m, F_c) real: so the
    branches are real convolutions, that of the complex component over the real and imaginary parts
    of all channels, stacked [inferred].

    Parameters
    ----------
    classes : int
        Of the logits: channels of the last convolutions, 4 in Table I.
    attention : bool
        Weigh the channels of F_t; otherwise the total convolution sees F_t itself.
    """

    def __init__(self, classes: int, attention: bool):
        super().__init__()
        channels = ENCODER[-1].channels
        self.encoder = _encoder(ComplexConv2d, ComponentBatchNorm2d, ComponentPReLU)
        self.magnitude_conv = Branch(channels, classes)
        self.complex_conv = Branch(2 * channels, classes)
        self.attention = Attention(2 * classes) if attention else nn.Identity()
        self.total_conv = nn.Conv2d(2 * classes, classes, 1)

    def branches(self, spectra: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return F_m and F_c, each (example, classes, bin, frame)."""
        found = self.encoder(spectra)
        return self.magnitude_conv(magnitude(found)), self.complex_conv(found)

    def embed(self, spectra: torch.Tensor) -> torch.Tensor:
        """Return the averages (example, 2 · classes) of F_out, on which T depends linearly."""
        return average(self.attention(torch.cat(self.branches(spectra), dim=1)))

    def forward(self, spectra: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Return the logits (example, classes) of F_m, F_c and T."""
        branches = self.branches(spectra)
        total = self.total_conv(self.attention(torch.cat(branches, dim=1)))
        return tuple(average(features) for features in (*branches, total))


class Branch(nn.Conv2d):
    """The rows "Magnitude conv2d" and "Complex conv2d" of Table I: one channel per class.

    After five layers, 128 mel bands are 4 bins, fewer than the kernel: zeros are added up to it
    [ours].
    """

    def __init__(self, channels: int, classes: int):
        super().__init__(channels, classes, **_BRANCH)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Return (example, classes, bin, frame) for (example, channels, bin, frame)."""
        lacking = max(0, self.kernel_size[0] - features.shape[2])
        return super().forward(nn.functional.pad(features, (0, 0, 0, lacking)))


class Attention(nn.Module):
    """The attention block of Figure 3: F_out = A(F_t) · F_t + F_t, one weight per channel.

    Convolution, average, two dense layers, softmax over the channels. Between the dense layers is
    a ReLU [ours]: with nothing between, the two would be one.
    """

    def __init__(self, channels: int):
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, **_ATTENTION)
        self.widen = nn.Linear(channels, 4 * channels)
        self.narrow = nn.Linear(4 * channels, channels)

    def weights(self, features: torch.Tensor) -> torch.Tensor:
        """Return A (example, channels), which sums to 1 over the channels."""
        hidden = torch.relu(self.widen(average(self.conv(features))))
        return torch.softmax(self.narrow(hidden), dim=1)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Return F_out, of the shape of `features` (example, channels, bin, frame)."""
        return self.weights(features)[:, :, None, None] * features + features


def average(features: torch.Tensor) -> torch.Tensor:
    """Return the means (example, channel) over bins and frames, in single precision."""
    return features.float().mean(dim=(2, 3))


def _encoder(
    convolution: Callable[..., nn.Module],
    normalisation: Callable[[int], nn.Module],
    activation: Callable[[int], nn.Module],
) -> nn.Sequential:
    blocks, inputs = [], 1
    for layer in ENCODER:
        conv = convolution(
            inputs, layer.channels, layer.kernel, layer.stride, layer.padding, bias=False
        )
        blocks.append(
            nn.Sequential(conv, normalisation(layer.channels), activation(layer.channels))
        )
        inputs = layer.channels
    return nn.Sequential(*blocks)
