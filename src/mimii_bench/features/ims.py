"""The IMS spectrogram of report kim-ims-cnn: log-mel and sinc-filter spectrogram side by side."""

from functools import cached_property
from typing import Annotated

import numpy as np
import scipy
from pydantic import Field, field_validator

from mimii_bench.features.base import Feature
from mimii_bench.features.logmel import LogMel
from mimii_bench.features.sinc import Gain, Taper, mel_cutoffs, sinc_filters
from mimii_bench.features.stft import FrameOptions, frame_count, periodic_window

#: What is filtered and transformed at a time, so that it stays in a core's cache.
_FRAMES_PER_BLOCK = 13
_FILTERS_PER_BLOCK = 8


class Ims(Feature):
    """Log-mel spectrogram and sinc-filter spectrogram of a clip, joined along frequency.

    Report kim-ims-cnn, sections 2.3 to 2.5: the first `n_mels` bins are log10(mel power + eps),
    the other `n_filters` the linear magnitudes of `SincSpectrogram`. Frames are not centred: 311
    for 160,000 samples. The window is Hann's, which the report does not say. The bands of both
    parts end at half the sample rate.

    Attributes
    ----------
    logmel : LogMel
        The first part.
    filters : ndarray (n_filters, filter_length)
        Taps of the second part's filters.
    """

    class Options(FrameOptions):
        """How the two spectrograms are made."""

        n_mels: Annotated[int, Field(ge=1, le=65_536, description="Mel bands.")] = 128
        n_filters: Annotated[int, Field(ge=1, le=65_536, description="Band-pass filters.")] = 40
        filter_length: Annotated[
            int, Field(ge=3, le=100_000, description="Taps of a filter, odd.")
        ] = 251
        taper: Annotated[
            Taper, Field(description="Window that the taps of a filter are multiplied by.")
        ] = "hamming"
        gain: Annotated[
            Gain,
            Field(
                description="What of a filter is 1: its tap in the middle, as in SincNet, or what "
                "it passes of a tone in its band, as the report's formula has it."
            ),
        ] = "middle"
        eps: Annotated[
            float, Field(gt=0, description="Added to the mel power before the logarithm.")
        ] = 1e-6

        @field_validator("filter_length")
        @classmethod
        def _has_a_middle(cls, length: int) -> int:
            if length % 2 == 0:
                raise ValueError(f"a filter of {length} taps has no middle; take an odd length")
            return length

    def __init__(self, *, sample_rate: int, **options):
        super().__init__(sample_rate=sample_rate, **options)
        o = self.options
        self.logmel = LogMel(
            **{"n_mels": o.n_mels, "n_fft": o.n_fft, "hop": o.hop, "eps": o.eps},
            **{"padding": "none", "scale": 1.0, "sample_rate": sample_rate},
        )
        cutoffs = mel_cutoffs(o.n_filters, sample_rate)
        self.filters = sinc_filters(*cutoffs, o.filter_length, sample_rate, o.taper, o.gain)
        self._sinc = SincSpectrogram(self.filters, o.n_fft, o.hop)
        self.n_bins = o.n_mels + o.n_filters

    def frames(self, samples: int) -> int:
        """Return the number of frames for a clip of that many samples."""
        return self.logmel.frames(samples)

    def transform(self, samples: np.ndarray) -> np.ndarray:
        """Return the spectrogram (frame, n_mels + n_filters) of float32 `samples` (sample,)."""
        parts = self.logmel.transform(samples), self._sinc.transform(samples)
        return np.concatenate(parts, axis=1)


class SincSpectrogram:
    """Mean magnitude, over frequency, of the spectra of a clip behind each of several filters.

    Report kim-ims-cnn, section 2.4: the clip is convolved with each filter (as long as before,
    zeros beyond its ends), cut into Hann-windowed frames (not centred) and transformed; a frame's
    number is the mean of ``|X(k)|`` over the n_fft // 2 + 1 bins. So the report's formula; its
    sentence speaks of a mean over time, which would leave no frames.

    Filtering is a product of spectra, in blocks of frames. The clip's own spectrum is in double
    precision; what follows is in single precision, and off by less than 1e-6 of a number for noise,
    by up to 3e-4 behind filters that pass next to nothing of a pure tone.

    Parameters
    ----------
    filters : ndarray, shape (filter, tap)
        Symmetric, with an odd number of taps.
    n_fft, hop : int
        Frame length and step in samples.
    """

    def __init__(self, filters: np.ndarray, n_fft: int, hop: int):
        self._n_fft, self._hop = n_fft, hop
        self._window = periodic_window("hann", n_fft).astype(np.float32)
        self._reach = filters.shape[1] // 2
        self._block = (_FRAMES_PER_BLOCK - 1) * hop + n_fft
        self._filters = filters

    # Both when a clip is transformed: who asks how many frames there are, as a plan of a run does,
    # needs none of scipy's transforms.
    @cached_property
    def _size(self) -> int:
        return scipy.fft.next_fast_len(self._block + 2 * self._reach, real=True)

    @cached_property
    def _responses(self) -> np.ndarray:
        """Each filter's transfer function, every value twice: (filter, 2 · bin).

        A filter that is symmetric about time zero has a real one; twice, for the real and the
        imaginary part of what it multiplies.
        """
        centred = np.zeros((len(self._filters), self._size))
        centred[:, : self._filters.shape[1]] = self._filters
        transfer = scipy.fft.rfft(np.roll(centred, -self._reach, axis=1)).real
        return np.repeat(transfer, 2, axis=1).astype(np.float32)

    def transform(self, samples: np.ndarray) -> np.ndarray:
        """Return the spectrogram (frame, filter) of `samples` (sample,), as float32."""
        frames = frame_count(len(samples), self._n_fft, self._hop, "none")
        result = np.empty((frames, len(self._responses)), np.float32)
        for start, spectrum in self._spectra(samples, frames):
            stop = min(start + _FRAMES_PER_BLOCK, frames)
            for first in range(0, len(self._responses), _FILTERS_PER_BLOCK):
                filters = slice(first, first + _FILTERS_PER_BLOCK)
                filtered = self._filter(spectrum, self._responses[filters])
                magnitudes = self._magnitudes(filtered, stop - start)
                result[start:stop, filters] = magnitudes.mean(axis=2).T
        return result

    def _spectra(self, samples: np.ndarray, frames: int):
        """Yield (first frame, spectrum) of overlapping stretches of the clip, one per block."""
        step = _FRAMES_PER_BLOCK * self._hop
        starts = range(0, frames, _FRAMES_PER_BLOCK)
        padded = np.zeros((len(starts) - 1) * step + self._size)
        used = samples[: len(padded) - self._reach]
        padded[self._reach : self._reach + len(used)] = used
        stretches = np.lib.stride_tricks.sliding_window_view(padded, self._size)[::step]
        return zip(starts, scipy.fft.rfft(stretches).astype(np.complex64), strict=True)

    def _filter(self, spectrum: np.ndarray, responses: np.ndarray) -> np.ndarray:
        """Return a block of the clip behind some filters, of shape (filter, sample)."""
        products = np.multiply(spectrum.view(np.float32), responses).view(np.complex64)
        filtered = scipy.fft.irfft(products, self._size, overwrite_x=True)
        return filtered[:, self._reach : self._reach + self._block]

    def _magnitudes(self, filtered: np.ndarray, frames: int) -> np.ndarray:
        """Return the magnitudes (filter, frame, bin) of the first frames of a block."""
        windows = np.lib.stride_tricks.sliding_window_view(filtered, self._n_fft, axis=1)
        windowed = windows[:, :: self._hop][:, :frames] * self._window
        parts = scipy.fft.rfft(windowed, overwrite_x=True).view(np.float32)
        np.multiply(parts, parts, out=parts)
        power = np.add(parts[..., ::2], parts[..., 1::2])
        return np.sqrt(power, out=power)
