"""Mixes and features as modules of torch, for every length of clip.

They compute as the features do: the Fourier transform in double precision, all else in single.
Complex spectra are pairs (..., 2) of real numbers: ONNX has no others.
"""

import math
from collections.abc import Callable

import numpy as np
import torch
from torch import nn

from mimii_bench.audio.mixes import Mix
from mimii_bench.export.cutting import pieces
from mimii_bench.export.fourier import transform
from mimii_bench.features.base import Feature
from mimii_bench.features.ims import Ims
from mimii_bench.features.logmel import LogMel
from mimii_bench.features.samples import Samples
from mimii_bench.features.spectrum import ComplexStft, Magnitude
from mimii_bench.features.stft import Padding, periodic_window
from mimii_bench.util.errors import UserError


def mixed(mix: Mix, samples: torch.Tensor) -> torch.Tensor:
    """Return the mix (sample,) of `samples` (channel, sample)."""
    if mix.takes_all:
        return samples.sum(0) * np.float32(1 / samples.shape[0])
    chosen = samples[mix.channel]
    return chosen if mix.minus is None else chosen - samples[mix.minus]


def padded(samples: torch.Tensor, n_fft: int, padding: Padding) -> torch.Tensor:
    """Return `samples` (sample,) padded as `features.stft.pad` does."""
    if padding == "none":
        return samples
    if padding == "block":
        total = (n_fft - samples.shape[0] % n_fft) % n_fft
        sides = total // 2, total - total // 2
        return torch.cat([samples.new_zeros(sides[0]), samples, samples.new_zeros(sides[1])])
    half = n_fft // 2
    return nn.functional.pad(samples[None], (half, half), mode=padding)[0]


class Spectra(nn.Module):
    """Short-time Fourier transform of samples (sample,), in double precision."""

    def __init__(self, window: np.ndarray, hop: int, padding: Padding):
        super().__init__()
        self._size, self._hop, self._padding = len(window), hop, padding
        self.transform = transform(window, torch.double)

    def forward(self, samples: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return real and imaginary parts, each (bin, frame)."""
        whole = padded(samples.double(), self._size, self._padding)
        return self.transform(pieces(whole, self._size, self._hop).T)

    def power(self, samples: torch.Tensor) -> torch.Tensor:
        """Return the squared magnitudes (bin, frame), in single precision."""
        return squared(*self(samples)).float()


def squared(real: torch.Tensor, imaginary: torch.Tensor) -> torch.Tensor:
    """Return the squared magnitudes."""
    return real * real + imaginary * imaginary


class LogMelFrontEnd(nn.Module):
    """`features.logmel.LogMel`."""

    def __init__(self, feature: LogMel):
        super().__init__()
        options = feature.options
        self.spectra = Spectra(feature.window, options.hop, options.padding)
        self.register_buffer("filters", torch.from_numpy(feature.filters).float())
        self._eps, self._factor = options.eps, options.scale / math.log(10)

    def forward(self, samples: torch.Tensor) -> torch.Tensor:
        """Return the frames (frame, n_mels)."""
        mel = self.filters @ self.spectra.power(samples)
        return (torch.log(mel + self._eps) * self._factor).T


class _SpectrumFrontEnd(nn.Module):
    """The spectra of a feature that is nothing else."""

    def __init__(self, feature: Magnitude | ComplexStft):
        super().__init__()
        options = feature.options
        window = periodic_window(options.window, options.n_fft)
        self.spectra = Spectra(window, options.hop, options.padding)


class MagnitudeFrontEnd(_SpectrumFrontEnd):
    """`features.spectrum.Magnitude`."""

    def forward(self, samples: torch.Tensor) -> torch.Tensor:
        """Return the frames (frame, n_fft // 2 + 1)."""
        return self.spectra.power(samples).sqrt().T


class ComplexFrontEnd(_SpectrumFrontEnd):
    """`features.spectrum.ComplexStft`, as pairs."""

    def forward(self, samples: torch.Tensor) -> torch.Tensor:
        """Return the frames (frame, n_fft // 2 + 1, 2)."""
        return torch.stack(self.spectra(samples), dim=-1).float().transpose(0, 1)


class ImsFrontEnd(nn.Module):
    """`features.ims.Ims`, whose filters are a convolution here."""

    def __init__(self, feature: Ims):
        super().__init__()
        options = feature.options
        self._n_fft, self._hop = options.n_fft, options.hop
        self.logmel = LogMelFrontEnd(feature.logmel)
        # A convolution of torch is a correlation; symmetric filters are the same in both.
        self.register_buffer("filters", torch.from_numpy(feature.filters).float()[:, None])
        self.transform = transform(periodic_window("hann", options.n_fft), torch.float)

    def forward(self, samples: torch.Tensor) -> torch.Tensor:
        """Return the frames (frame, n_mels + n_filters)."""
        reach = self.filters.shape[2] // 2
        filtered = nn.functional.conv1d(samples[None, None], self.filters, padding=reach)[0]
        frames = pieces(filtered.T, self._n_fft, self._hop).transpose(0, 1).flatten(1)
        means = squared(*self.transform(frames)).sqrt().mean(0)
        parts = self.logmel(samples), means.reshape(-1, len(self.filters))
        return torch.cat(parts, dim=1)


class SamplesFrontEnd(nn.Module):
    """`features.samples.Samples`."""

    def __init__(self, feature: Samples):
        super().__init__()

    def forward(self, samples: torch.Tensor) -> torch.Tensor:
        """Return the samples as frames of one bin."""
        return samples[:, None]


_FRONT_ENDS: dict[type[Feature], Callable[..., nn.Module]] = {
    LogMel: LogMelFrontEnd,
    Magnitude: MagnitudeFrontEnd,
    ComplexStft: ComplexFrontEnd,
    Ims: ImsFrontEnd,
    Samples: SamplesFrontEnd,
}


def can_express(feature: Feature) -> bool:
    """Tell whether there is a module for a feature: for each of ours, not for one from outside."""
    return type(feature) in _FRONT_ENDS


def front_end(feature: Feature) -> nn.Module:
    """Return the module that maps samples (sample,) to the frames of a feature.

    Raises
    ------
    UserError
        For a feature from outside.
    """
    if not can_express(feature):
        raise UserError(f"{type(feature).__name__}: no front end in ONNX; begin at its frames")
    return _FRONT_ENDS[type(feature)](feature)
