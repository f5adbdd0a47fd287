"""Log-mel spectrograms, with the parameters in which the reports differ."""

from typing import Annotated, Self

import numpy as np
from pydantic import Field, model_validator

from mimii_bench.features.base import Feature
from mimii_bench.features.mel import MelScale, mel_filters
from mimii_bench.features.stft import PowerSpectrogram, StftOptions, frame_count, periodic_window
from mimii_bench.util.errors import UserError

#: Bands whose filters are applied together; see `_Bands`.
_BANDS_PER_BLOCK = 16


class LogMel(Feature):
    """Log-mel spectrogram of a clip: scale · log10(mel power + eps).

    Raises UserError for an `f_max` above half the `sample_rate`.

    Attributes
    ----------
    window : ndarray (n_fft,)
        What a frame is multiplied by, norm and sides included.
    filters : ndarray (n_mels, n_fft // 2 + 1)
        What makes bands of a power spectrum.

    Examples
    --------
    >>> LogMel(n_mels=2, sample_rate=16_000).transform(np.zeros(2048, np.float32)).shape
    (5, 2)
    """

    class Options(StftOptions):
        """How the spectrogram is made."""

        n_mels: Annotated[int, Field(ge=1, le=65_536, description="Mel bands.")]
        window_norm: Annotated[
            bool,
            Field(
                description="Divide the window by its sum, as MATLAB's audioFeatureExtractor does."
            ),
        ] = False
        one_sided: Annotated[
            bool,
            Field(
                description="Double the power, for the half of the spectrum that is not looked at, "
                "as it does too."
            ),
        ] = False
        mel_scale: Annotated[
            MelScale, Field(description="Scale on which the bands are equally wide.")
        ] = "slaney"
        scale: Annotated[
            float,
            Field(gt=0, description="10 for decibels of power, 1 for the plain logarithm."),
        ] = 10.0
        eps: Annotated[
            float, Field(gt=0, description="Added to the power before the logarithm.")
        ] = float(np.finfo(float).eps)
        f_min: Annotated[float, Field(ge=0, description="Where the bands begin, in Hz.")] = 0.0
        f_max: Annotated[
            float | None,
            Field(gt=0, description="Where they end, in Hz; null for half the sample rate."),
        ] = None
        filter_rate: Annotated[
            int | None,
            Field(
                gt=0,
                description="Make the bands as if this were the sample rate, in Hz, as code does "
                "that does not tell librosa the rate; null for that of the recordings.",
            ),
        ] = None

        @model_validator(mode="after")
        def _leave_room_for_bands(self) -> Self:
            if self.f_max is not None and self.f_min >= self.f_max:
                raise ValueError(f"f_min {self.f_min:g} is not below f_max {self.f_max:g}")
            return self

    def __init__(self, *, sample_rate: int, **options):
        super().__init__(sample_rate=sample_rate, **options)
        o = self.options
        rate = o.filter_rate or sample_rate
        f_max = rate / 2 if o.f_max is None else o.f_max
        taps = periodic_window(o.window, o.n_fft)
        taps = taps / taps.sum() if o.window_norm else taps
        self.window = taps * np.sqrt(2) if o.one_sided else taps
        self._power = PowerSpectrogram(self.window, o.hop, o.padding)
        self.filters = mel_filters(rate, o.n_fft, o.n_mels, o.f_min, f_max, o.mel_scale)
        self._bands = _Bands(self.filters)
        self._factor, self._eps = np.float32(o.scale / np.log(10)), np.float32(o.eps)
        self.n_bins = o.n_mels

    @classmethod
    def check_rate(cls, options: Feature.Options, sample_rate: int) -> None:
        """Raise UserError where the bands go beyond half the sample rate."""
        half = (options.filter_rate or sample_rate) / 2
        name = "f_min" if options.f_max is None else "f_max"
        hertz = getattr(options, name)
        if hertz > half or (name == "f_min" and hertz == half):
            raise UserError(
                f"{name}: {hertz:g} Hz is beyond half the sample rate of the recordings, "
                f"{half:g} Hz; lower it or leave it out"
            )

    def frames(self, samples: int) -> int:
        """Return the number of frames for a clip of that many samples."""
        return frame_count(samples, self.options.n_fft, self.options.hop, self.options.padding)

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
            # With more bands than bins there are blocks that touch none.
            bins = slice(touched[0], touched[-1] + 1) if len(touched) else slice(0)
            weights = np.ascontiguousarray(block[:, bins].T, np.float32)
            self._blocks.append((slice(start, start + len(block)), bins, weights))

    def apply(self, power: np.ndarray) -> np.ndarray:
        """Return the band powers (frame, band) of `power` (frame, bin)."""
        result = np.empty((len(power), self._n_bands), np.float32)
        for bands, bins, weights in self._blocks:
            result[:, bands] = power[:, bins] @ weights
        return result
