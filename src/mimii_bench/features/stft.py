"""Short-time Fourier transform of one clip."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from mimii_bench.util.options import Options

#: What is transformed at a time.
_SAMPLES_PER_BLOCK = 32_768

Padding = Literal["reflect", "constant", "none", "block"]
Window = Literal["hann", "hamming"]


class FrameOptions(Options):
    """How a clip is cut into frames."""

    n_fft: Annotated[int, Field(ge=2, le=1_000_000, description="Samples in a frame.")] = 1024
    hop: Annotated[int, Field(ge=1, description="Samples from a frame to the next.")] = 512

    @model_validator(mode="after")
    def _leave_nothing_out(self) -> Self:
        if self.hop > self.n_fft:
            raise ValueError(
                f"hop {self.hop} is longer than a frame of n_fft {self.n_fft}: the samples in "
                "between would be lost"
            )
        return self


class StftOptions(FrameOptions):
    """How a clip is transformed."""

    window: Annotated[Window, Field(description="Periodic window.")] = "hann"
    padding: Annotated[
        Padding,
        Field(
            description="What stands before and behind the clip: half a frame of it mirrored "
            "(reflect) or of zeros (constant), nothing (none), or zeros up to whole frames (block)."
        ),
    ] = "constant"


def periodic_window(name: Window, length: int) -> np.ndarray:
    """Return a periodic window of shape (length,).

    Examples
    --------
    >>> periodic_window("hann", 4)
    array([0. , 0.5, 1. , 0.5])
    """
    share = {"hann": 0.5, "hamming": 0.54}[name]
    return share - (1 - share) * np.cos(2 * np.pi * np.arange(length) / length)


def pad(samples: np.ndarray, n_fft: int, padding: Padding) -> np.ndarray:
    """Pad a clip of shape (sample,) in front and behind.

    Parameters
    ----------
    samples : ndarray, shape (sample,)
    n_fft : int
        Samples in a frame.
    padding : {"reflect", "constant", "none", "block"}
        `reflect` and `constant` centre the frames (half a frame mirrored, or of zeros); `none`
        leaves the clip; `block` puts zeros half in front and half behind up to a multiple of
        n_fft (report gamma-ae).
    """
    if padding == "none":
        return samples
    if padding == "block":
        total = -len(samples) % n_fft
        return np.pad(samples, (total // 2, total - total // 2))
    return np.pad(samples, n_fft // 2, mode=padding)


def frame_count(samples: int, n_fft: int, hop: int, padding: Padding) -> int:
    """Return how many frames there are in a clip of that many samples.

    Examples
    --------
    >>> [frame_count(160_000, 1024, 512, padding) for padding in ("constant", "none", "block")]
    [313, 311, 313]
    """
    extra = {"none": 0, "block": -samples % n_fft}.get(padding, 2 * (n_fft // 2))
    return 1 + (samples + extra - n_fft) // hop


class Stft:
    """Short-time Fourier transform in double precision.

    Frames are transformed in blocks, in buffers that are used again: 5 MB of frames and spectra for
    every clip leave the core's cache between one step and the next.
    """

    def __init__(self, window: np.ndarray, hop: int, padding: Padding):
        self._window, self._hop, self._padding = window, hop, padding
        block = max(1, _SAMPLES_PER_BLOCK // len(window))
        self._frames = np.empty((block, len(window)))
        self._spectra = np.empty((block, len(window) // 2 + 1), complex)

    def transform(self, samples: np.ndarray, dtype: type = complex) -> np.ndarray:
        """Return the spectra (frame, n_fft // 2 + 1) of `samples` (sample,) as a complex type."""
        result = np.empty(self.shape(samples), dtype)
        for frames, spectra in self.blocks(samples):
            result[frames] = spectra
        return result

    def shape(self, samples: np.ndarray) -> tuple[int, int]:
        """Return the numbers of frames and bins of `samples` (sample,)."""
        frames = frame_count(len(samples), len(self._window), self._hop, self._padding)
        return frames, self._spectra.shape[1]

    def blocks(self, samples: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
        """Yield which frames, and their spectra (frame, n_fft // 2 + 1) as complex128.

        The next ones are written into the same array.
        """
        size, most = len(self._window), len(self._frames)
        padded = pad(samples, size, self._padding)
        frames = np.lib.stride_tricks.sliding_window_view(padded, size)[:: self._hop]
        for start in range(0, len(frames), most):
            block = frames[start : start + most]
            count = len(block)
            windowed = np.multiply(block, self._window, out=self._frames[:count])
            yield (
                slice(start, start + count),
                np.fft.rfft(windowed, out=self._spectra[:count]),
            )


class PowerSpectrogram:
    """Squared magnitude of the short-time Fourier transform.

    The transform is in double precision: in single precision, bands 60 dB below the loudest would
    be off by 1e-4 dB and more.
    """

    def __init__(self, window: np.ndarray, hop: int, padding: Padding):
        self._stft = Stft(window, hop, padding)

    def transform(self, samples: np.ndarray) -> np.ndarray:
        """Return the power (frame, n_fft // 2 + 1) of `samples` (sample,), as float32."""
        result = np.empty(self._stft.shape(samples), np.float32)
        for frames, spectra in self._stft.blocks(samples):
            parts = spectra.view(float)
            squares = np.empty(parts.shape, np.float32)
            np.multiply(parts, parts, out=squares, casting="same_kind")
            np.add(squares[:, ::2], squares[:, 1::2], out=result[frames])
        return result
