"""Log-mel spectrograms, with the parameters in which the reports differ."""

import numpy as np

from mimii_bench.features.mel import mel_filters
from mimii_bench.features.stft import PowerSpectrogram, frame_count, periodic_window

#: Bands whose filters are applied together; see `_Bands`.
_BANDS_PER_BLOCK = 16


class LogMel:
    """Log-mel spectrogram of a clip: scale · log10(mel power + eps).

    Parameters
    ----------
    n_mels, n_fft, hop : int
        Bands, frame length and step in samples.
    window : {"hann", "hamming"}
        Periodic window.
    window_norm : bool
        Divide the window by its sum, as MATLAB's audioFeatureExtractor does.
    one_sided : bool
        Double the power, for the half of the spectrum that is not looked at, as it does too.
    padding : {"reflect", "constant", "none", "block"}
        See `mimii_bench.features.stft.pad`.
    mel_scale : {"slaney", "htk"}
        Scale on which the bands are equally wide.
    scale : float
        10 for decibels of power, 1 for the plain logarithm.
    eps : float
        Added to the power before the logarithm.
    sample_rate, f_min, f_max : float
        In Hz.
    """

    dtype = np.float32

    def __init__(
        self,
        *,
        n_mels: int,
        n_fft: int = 1024,
        hop: int = 512,
        window: str = "hann",
        window_norm: bool = False,
        one_sided: bool = False,
        padding: str = "constant",
        mel_scale: str = "slaney",
        scale: float = 10.0,
        eps: float = float(np.finfo(float).eps),
        sample_rate: int = 16_000,
        f_min: float = 0.0,
        f_max: float = 8_000.0,
    ):
        self.parameters = {k: v for k, v in locals().items() if k not in ("self", "__class__")}
        taps = periodic_window(window, n_fft)
        taps = taps / taps.sum() if window_norm else taps
        taps = taps * np.sqrt(2) if one_sided else taps
        self._power = PowerSpectrogram(taps, hop, padding)
        self._bands = _Bands(mel_filters(sample_rate, n_fft, n_mels, f_min, f_max, mel_scale))
        self._hop, self._padding, self._n_fft = hop, padding, n_fft
        self._factor, self._eps = np.float32(scale / np.log(10)), np.float32(eps)
        self.n_bins = n_mels

    def frames(self, samples: int) -> int:
        """Return the number of frames for a clip of that many samples."""
        return frame_count(samples, self._n_fft, self._hop, self._padding)

    def transform(self, samples: np.ndarray) -> np.ndarray:
        """Return the log-mel spectrogram (frame, n_mels) of float32 `samples` (sample,)."""
        mel = self._bands.apply(self._power.transform(samples))
        mel += self._eps
        # The natural logarithm is the one that NumPy vectorises.
        return np.multiply(np.log(mel, out=mel), self._factor, out=mel)


class _Bands:
    """A mel filter bank in blocks of neighbouring bands, each over the bins that it touches.

    Nearly all entries of the full (band, bin) matrix are zero: four blocks need a quarter of the
    multiplications.
    """

    def __init__(self, filters: np.ndarray):
        self._n_bands = len(filters)
        self._blocks = []
        for start in range(0, len(filters), _BANDS_PER_BLOCK):
            block = filters[start : start + _BANDS_PER_BLOCK]
            touched = np.flatnonzero(block.any(axis=0))
            bins = slice(touched[0], touched[-1] + 1)
            weights = np.ascontiguousarray(block[:, bins].T, np.float32)
            self._blocks.append((slice(start, start + len(block)), bins, weights))

    def apply(self, power: np.ndarray) -> np.ndarray:
        """Return the band powers (frame, band) of `power` (frame, bin)."""
        result = np.empty((len(power), self._n_bands), np.float32)
        for bands, bins, weights in self._blocks:
            result[:, bands] = power[:, bins] @ weights
        return result
