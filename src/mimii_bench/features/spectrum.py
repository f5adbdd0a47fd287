"""Plain spectra, all bins: magnitudes and complex numbers, of frames and of whole clips.

Those of frames are as report complex-net compares them. Its section on training gives frames of
64 ms in steps of 32 ms and 513 bins of a 1024-point transform; window (Hann) and padding (half a
frame of zeros at both ends) are our choice.
"""

from typing import Annotated

import numpy as np
from pydantic import Field

from mimii_bench.features.base import Feature
from mimii_bench.features.stft import (
    PowerSpectrogram,
    Stft,
    StftOptions,
    frame_count,
    periodic_window,
)


class _Spectrum(Feature):
    """What the two have in common: options and shape."""

    class Options(StftOptions):
        """How the spectrum is made."""

    def __init__(self, *, sample_rate: int, **options):
        super().__init__(sample_rate=sample_rate, **options)
        o = self.options
        self._transform = self._kind(periodic_window(o.window, o.n_fft), o.hop, o.padding)
        self.n_bins = o.n_fft // 2 + 1

    def frames(self, samples: int) -> int:
        """Return the number of frames for a clip of that many samples."""
        return frame_count(samples, self.options.n_fft, self.options.hop, self.options.padding)


class Magnitude(_Spectrum):
    """Magnitudes of the short-time Fourier transform of a clip, linear, not normalised."""

    _kind = PowerSpectrogram

    def transform(self, samples: np.ndarray) -> np.ndarray:
        """Return the magnitudes (frame, n_fft // 2 + 1) of float32 `samples` (sample,)."""
        power = self._transform.transform(samples)
        return np.sqrt(power, out=power)


class ComplexStft(_Spectrum):
    """The short-time Fourier transform of a clip, complex, not normalised."""

    dtype = np.complex64
    _kind = Stft

    def transform(self, samples: np.ndarray) -> np.ndarray:
        """Return the spectra (frame, n_fft // 2 + 1), complex64, of float32 `samples` (sample,)."""
        return self._transform.transform(samples, self.dtype)


class ClipSpectrum(Feature):
    """Magnitudes of the Fourier transform of a whole clip, in one frame, linear, not normalised."""

    class Options(Feature.Options):
        """How long a clip is taken to be."""

        n_fft: Annotated[
            int,
            Field(
                ge=2,
                le=10_000_000,
                description="Samples that are transformed, without a window: longer clips are cut, "
                "behind shorter ones are zeros.",
            ),
        ] = 160_000

    def __init__(self, *, sample_rate: int, **options):
        super().__init__(sample_rate=sample_rate, **options)
        self.n_bins = self.options.n_fft // 2 + 1

    def frames(self, samples: int) -> int:
        """Return 1."""
        return 1

    def transform(self, samples: np.ndarray) -> np.ndarray:
        """Return the magnitudes (1, n_fft // 2 + 1) of float32 `samples` (sample,)."""
        spectrum = np.fft.rfft(samples.astype(float), self.options.n_fft)
        return np.abs(spectrum).astype(np.float32)[None]
