"""Plain spectra, all bins: magnitudes and complex numbers, as report complex-net compares them.

Its section on training gives frames of 64 ms in steps of 32 ms and 513 bins of a 1024-point
transform; window (Hann) and padding (half a frame of zeros at both ends) are our choice.
"""

import numpy as np

from mimii_bench.features.stft import PowerSpectrogram, Stft, frame_count, periodic_window


class _Spectrum:
    """What the two have in common: parameters and shape."""

    def __init__(
        self,
        *,
        n_fft: int = 1024,
        hop: int = 512,
        window: str = "hann",
        padding: str = "constant",
    ):
        self.parameters = {"n_fft": n_fft, "hop": hop, "window": window, "padding": padding}
        self._shape = n_fft, hop, padding
        self._transform = self._kind(periodic_window(window, n_fft), hop, padding)
        self.n_bins = n_fft // 2 + 1

    def frames(self, samples: int) -> int:
        """Return the number of frames for a clip of that many samples."""
        return frame_count(samples, *self._shape)


class Magnitude(_Spectrum):
    """Magnitudes of the short-time Fourier transform of a clip, linear, not normalised.

    Parameters
    ----------
    n_fft, hop : int
        Frame length and step in samples.
    window : {"hann", "hamming"}
        Periodic window.
    padding : {"reflect", "constant", "none", "block"}
        See `mimii_bench.features.stft.pad`.
    """

    dtype = np.float32
    _kind = PowerSpectrogram

    def transform(self, samples: np.ndarray) -> np.ndarray:
        """Return the magnitudes (frame, n_fft // 2 + 1) of float32 `samples` (sample,)."""
        power = self._transform.transform(samples)
        return np.sqrt(power, out=power)


class ComplexStft(_Spectrum):
    """The short-time Fourier transform of a clip, not normalised; parameters as `Magnitude`."""

    dtype = np.complex64
    _kind = Stft

    def transform(self, samples: np.ndarray) -> np.ndarray:
        """Return the spectra (frame, n_fft // 2 + 1), complex64, of float32 `samples` (sample,)."""
        return self._transform.transform(samples).astype(np.complex64)
