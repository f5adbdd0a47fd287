"""The deep encoder of report complex-net: Table I and Figures 2 and 3, complex and real.

Both take (example, channel, bin, frame), one complex channel as two (see `complex_layers`), and
return one set of logits per head, the last of which scores. Every convolution is padded by half its
kernel, in both axes [ours]. The five of the encoder have no bias, for normalisation follows.
"""

from collections.abc import Callable
from functools import partial
from typing import Literal, NamedTuple

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

    From here to the complex encoder, the input changes and two things with it, each of which is an
    option of this one [ours]: `width` 2 has as many real maps and weights as the complex layers,
    `heads` 3 as many losses.

    Parameters
    ----------
    classes : int
        Of the logits: channels of the last convolutions, 4 in Table I.
    width : int
        So many times the channels of Table I in the encoder, in as many groups (see
        `ShuffledConv2d`).
    heads : {1, 3}
        With 3, a second branch like the first, whose averages are logits as those of the first are;
        the total convolution sees both, as in the complex encoder without attention.
    """

    def __init__(self, classes: int, width: int = 1, heads: Literal[1, 3] = 1):
        super().__init__()
        convolution = nn.Conv2d if width == 1 else partial(ShuffledConv2d, groups=width)
        channels = width * ENCODER[-1].channels
        self.encoder = _encoder(convolution, nn.BatchNorm2d, nn.PReLU, width)
        self.magnitude_conv = Branch(channels, classes)
        self.second_conv = Branch(channels, classes) if heads == 3 else None
        self.total_conv = nn.Conv2d((1 if heads == 1 else 2) * classes, classes, 1)

    def branches(self, spectra: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Return what each branch makes, (example, classes, bin, frame)."""
        found = self.encoder(spectra)
        first = self.magnitude_conv(found)
        return (first,) if self.second_conv is None else (first, self.second_conv(found))

    def embed(self, spectra: torch.Tensor) -> torch.Tensor:
        """Return the averages (example, feature) of the branches, on which T depends linearly."""
        return average(torch.cat(self.branches(spectra), dim=1))

    def forward(self, spectra: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Return the logits (example, classes): of T, with three heads of both branches before."""
        branches = self.branches(spectra)
        total = average(self.total_conv(torch.cat(branches, dim=1)))
        return (total,) if len(branches) == 1 else (*map(average, branches), total)


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
        return self._heads(branches, self.attention(torch.cat(branches, dim=1)))

    def attend(self, spectra: torch.Tensor) -> tuple[tuple[torch.Tensor, ...], torch.Tensor]:
        """Return what `forward` does, and A (example, 2 · classes), of F_m first and then of F_c.

        Only with attention.
        """
        branches = self.branches(spectra)
        stacked = torch.cat(branches, dim=1)
        weights = self.attention.weights(stacked)
        return self._heads(branches, weighed(stacked, weights)), weights

    def _heads(
        self, branches: tuple[torch.Tensor, torch.Tensor], given: torch.Tensor
    ) -> tuple[torch.Tensor, ...]:
        return tuple(average(features) for features in (*branches, self.total_conv(given)))


class ShuffledConv2d(nn.Conv2d):
    """Convolution in groups, of which each sees channels of all groups before (Zhang et al. 2018).

    A complex convolution of C to D channels has 2 · C · D weights per place of its kernel on 2 · C
    maps; so has this one of 2 · C to 2 · D channels in two groups. One channel has no groups.
    """

    def __init__(self, inputs: int, outputs: int, *given, groups: int, **options):
        super().__init__(inputs, outputs, *given, groups=min(groups, inputs), **options)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Return (example, outputs, bin, frame) for (example, inputs, bin, frame)."""
        return super().forward(nn.functional.channel_shuffle(features, self.groups))


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
        return weighed(features, self.weights(features))


def weighed(features: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Return A · F_t + F_t of `features` F_t and `weights` A (example, channels)."""
    return weights[:, :, None, None] * features + features


def average(features: torch.Tensor) -> torch.Tensor:
    """Return the means (example, channel) over bins and frames, in single precision."""
    return features.float().mean(dim=(2, 3))


def _encoder(
    convolution: Callable[..., nn.Module],
    normalisation: Callable[[int], nn.Module],
    activation: Callable[[int], nn.Module],
    width: int = 1,
) -> nn.Sequential:
    blocks, inputs = [], 1
    for layer in ENCODER:
        outputs = width * layer.channels
        conv = convolution(inputs, outputs, layer.kernel, layer.stride, layer.padding, bias=False)
        blocks.append(nn.Sequential(conv, normalisation(outputs), activation(outputs)))
        inputs = outputs
    return nn.Sequential(*blocks)
