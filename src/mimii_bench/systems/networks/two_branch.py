"""Embeddings of two branches: a spectrogram, and the spectrum of the whole clip.

After Wilkinghoff (2023, "Design choices for learning embeddings from auxiliary tasks for domain
generalization in anomalous sound detection"), with the sizes of its released code
(github.com/wilkinghoff/icassp2023) as defaults. No layer has a bias: with biases a network may map
all clips to one point. Ours: one order of normalisation, activation and convolution in all residual
blocks; a maximum over all frames, for clips of any length, where the code takes one over ten, which
are all that a clip of ten seconds has left; spectra divided by one number.
"""

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import nn
from torch.nn import functional

#: Kernels and strides of the convolutions over a spectrum.
SPECTRUM_STEPS = ((256, 64), (64, 32), (16, 4))
#: Dense layers that follow them, beside the last one.
SPECTRUM_LAYERS = 4


class ResidualBlock(nn.Module):
    """Two convolutions, and beside them the input, pooled and widened where they change its shape.

    The input is normalised first. Bins and frames are divided by the stride, 1 or 2.
    """

    def __init__(self, inputs: int, outputs: int, stride: int = 1):
        super().__init__()
        self.before = nn.BatchNorm2d(inputs)
        self.layers = nn.Sequential(
            nn.ReLU(),
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(),
            nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False),
        )
        changes = stride > 1 or inputs != outputs
        self.beside = nn.Sequential(
            *([nn.MaxPool2d(stride, ceil_mode=True)] if stride > 1 else []),
            *([nn.Conv2d(inputs, outputs, 1, bias=False)] if changes else []),
        )

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        """Return (example, outputs, frame, bin)."""
        maps = self.before(maps)
        return self.beside(maps) + self.layers(maps)


class SpectrogramBranch(nn.Module):
    """A small ResNet that maps magnitudes (example, frame, bin) to (example, embedding).

    Of each bin its mean over the clip is taken away first, so that what never changes is left to
    the other branch.

    Parameters
    ----------
    bins : int
    channels : sequence of int
        Of the first convolution and of each pair of residual blocks; all but the first pair halve
        frames and bins.
    embedding : int
    """

    def __init__(
        self, bins: int, channels: Sequence[int] = (16, 16, 32, 64, 128), embedding: int = 128
    ):
        super().__init__()
        self.scale = nn.BatchNorm1d(bins)
        self.stem = nn.Sequential(
            nn.Conv2d(1, channels[0], 7, 2, 3, bias=False),
            nn.BatchNorm2d(channels[0]),
            nn.ReLU(),
        )
        blocks = []
        for place, (inputs, outputs) in enumerate(pairwise(channels)):
            blocks += [
                ResidualBlock(inputs, outputs, 2 if place else 1),
                ResidualBlock(outputs, outputs),
            ]
        self.blocks = nn.Sequential(*blocks)
        left = channels[-1] * self._bins_left(bins, len(channels) - 2)
        self.last = nn.Sequential(nn.BatchNorm1d(left), nn.Linear(left, embedding, bias=False))

    @staticmethod
    def _bins_left(bins: int, halvings: int) -> int:
        left = _pooled_size(_half(bins))
        for _ in range(halvings):
            left = _half(left)
        return left

    def forward(self, spectrograms: torch.Tensor) -> torch.Tensor:
        """Return the embeddings."""
        centred = spectrograms - spectrograms.mean(1, keepdim=True)
        scaled = self.scale(centred.transpose(1, 2)).transpose(1, 2)
        maps = self.stem(scaled[:, None])
        # Of clips too short for it there is nothing to pool over.
        pool = tuple(min(3, size) for size in maps.shape[2:])
        maps = self.blocks(functional.max_pool2d(maps, pool, 2))
        return self.last(maps.amax(2).flatten(1))


def _half(size: int) -> int:
    return -(-size // 2)


def _pooled_size(size: int) -> int:
    return (size - min(3, size)) // 2 + 1


class SpectrumBranch(nn.Module):
    """Strided convolutions that map spectra (example, bin) to (example, embedding).

    Parameters
    ----------
    bins : int
    channels : int
        Of the convolutions, and numbers of each dense layer but the last.
    embedding : int
    """

    def __init__(self, bins: int, channels: int = 128, embedding: int = 128):
        super().__init__()
        inputs = [1, channels, channels]
        self.convolutions = nn.ModuleList(
            nn.Conv1d(before, channels, kernel, stride, bias=False)
            for before, (kernel, stride) in zip(inputs, SPECTRUM_STEPS, strict=True)
        )
        size = bins
        for _, stride in SPECTRUM_STEPS:
            size = -(-size // stride)
        wide = [size * channels, *[channels] * SPECTRUM_LAYERS]
        layers: list[nn.Module] = []
        for one, other in pairwise(wide):
            layers += [nn.Linear(one, other, bias=False), nn.BatchNorm1d(other), nn.ReLU()]
        self.layers = nn.Sequential(*layers, nn.Linear(channels, embedding, bias=False))

    def forward(self, spectra: torch.Tensor) -> torch.Tensor:
        """Return the embeddings."""
        found = spectra[:, None]
        for layer in self.convolutions:
            found = functional.relu(layer(padded(found, layer.kernel_size[0], layer.stride[0])))
        return self.layers(found.flatten(1))


def padded(signals: torch.Tensor, kernel: int, stride: int) -> torch.Tensor:
    """Return signals (..., sample) with zeros around: a stride then leaves ceil(sample / stride).

    The longer half stands behind.
    """
    length = signals.shape[-1]
    total = max((-(-length // stride) - 1) * stride + kernel - length, 0)
    return functional.pad(signals, (total // 2, total - total // 2))


class TwoBranchNetwork(nn.Module):
    """Both branches, whose embeddings stand one after the other.

    Parameters
    ----------
    bins : (int, int)
        Of a frame of the spectrogram, and of the spectrum.
    channels, spectrum_channels, embedding
        See the branches.
    unit : float
        What spectra are divided by.
    """

    def __init__(
        self,
        bins: tuple[int, int],
        channels: Sequence[int],
        spectrum_channels: int,
        embedding: int,
        unit: float = 1.0,
    ):
        super().__init__()
        self.spectrogram = SpectrogramBranch(bins[0], channels, embedding)
        self.spectrum = SpectrumBranch(bins[1], spectrum_channels, embedding)
        self.size, self._unit = 2 * embedding, unit

    def forward(self, spectrograms: torch.Tensor, spectra: torch.Tensor) -> torch.Tensor:
        """Return the embeddings (example, 2 · embedding).

        Parameters
        ----------
        spectrograms : tensor (example, frame, bin)
        spectra : tensor (example, 1, bin)
        """
        parts = self.spectrogram(spectrograms), self.spectrum(spectra[:, 0] / self._unit)
        return torch.cat(parts, dim=1)
