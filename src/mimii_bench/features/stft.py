"""Short-time Fourier transform of one clip."""

from typing import Annotated, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from mimii_bench.util.options import Options

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
    """Short-time Fourier transform in double precision, in buffers that are used again.

    Allocating 5 MB for every clip costs more than transforming it.
    """

    def __init__(self, window: np.ndarray, hop: int, padding: Padding):
        self._window, self._hop, self._padding = window, hop, padding
        self._frames = np.empty((0, len(window)))
        self._spectra = np.empty((0, len(window) // 2 + 1), complex)

    def transform(self, samples: np.ndarray) -> np.ndarray:
        """Return the spectra (frame, n_fft // 2 + 1) of `samples` (sample,), as complex128.

        The next call writes into the same array.
        """
        padded = pad(samples.astype(float), len(self._window), self._padding)
        frames = np.lib.stride_tricks.sliding_window_view(padded, len(self._window))[:: self._hop]
        if len(frames) != len(self._frames):
            self._frames = np.empty(frames.shape)
            self._spectra = np.empty((len(frames), self._spectra.shape[1]), complex)
        np.multiply(frames, self._window, out=self._frames)
        return np.fft.rfft(self._frames, out=self._spectra)


class PowerSpectrogram:
    """Squared magnitude of the short-time Fourier transform.

    The transform is in double precision: in single precision, bands 60 dB below the loudest would
    be off by 1e-4 dB and more.
    """

    def __init__(self, window: np.ndarray, hop: int, padding: Padding):
        self._stft = Stft(window, hop, padding)

    def transform(self, samples: np.ndarray) -> np.ndarray:
        """Return the power (frame, n_fft // 2 + 1) of `samples` (sample,), as float32."""
        parts = self._stft.transform(samples).view(float)
        np.multiply(parts, parts, out=parts)
        return np.add(parts[:, ::2], parts[:, 1::2], dtype=np.float32, casting="same_kind")
