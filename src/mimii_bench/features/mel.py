"""Mel filter banks: triangles that overlap by half on one of two mel scales."""

from typing import Literal

import numpy as np

MelScale = Literal["slaney", "htk"]

# Slaney, Auditory Toolbox (1998): linear below 1 kHz, 27 bands per factor 6.4 above.
_LINEAR_HZ_PER_MEL = 200 / 3
_BREAK_HZ = 1000.0
_BREAK_MEL = _BREAK_HZ / _LINEAR_HZ_PER_MEL
_LOG_STEP = np.log(6.4) / 27


def hz_to_mel(hz: np.ndarray | float, scale: MelScale) -> np.ndarray:
    """Convert Hz to mel on a scale.

    Slaney's is linear up to 1 kHz and logarithmic above (Auditory Toolbox, 1998); HTK's is
    2595 log10(1 + f / 700).

    Examples
    --------
    >>> round(float(hz_to_mel(1000, "slaney")))
    15
    """
    hz = np.asarray(hz, float)
    if scale == "htk":
        return 2595.0 * np.log10(1.0 + hz / 700.0)
    above = _BREAK_MEL + np.log(np.maximum(hz, _BREAK_HZ) / _BREAK_HZ) / _LOG_STEP
    return np.where(hz < _BREAK_HZ, hz / _LINEAR_HZ_PER_MEL, above)


def mel_to_hz(mel: np.ndarray | float, scale: MelScale) -> np.ndarray:
    """Convert mel to Hz: the inverse of `hz_to_mel`."""
    mel = np.asarray(mel, float)
    if scale == "htk":
        return 700.0 * (10.0 ** (mel / 2595.0) - 1.0)
    above = _BREAK_HZ * np.exp(_LOG_STEP * (np.maximum(mel, _BREAK_MEL) - _BREAK_MEL))
    return np.where(mel < _BREAK_MEL, mel * _LINEAR_HZ_PER_MEL, above)


def mel_filters(
    sample_rate: int, n_fft: int, n_mels: int, f_min: float, f_max: float, scale: MelScale
) -> np.ndarray:
    """Return triangular filters, each of unit area over Hz.

    Corners are equally spaced in mel; a triangle is divided by half the width of its base
    (Slaney's normalisation, MATLAB's "bandwidth"). The formula is librosa's `filters.mel`.

    Parameters
    ----------
    sample_rate : int
        In Hz.
    n_fft, n_mels : int
        Length of the transform in samples, and number of bands.
    f_min, f_max : float
        Where the first triangle begins and the last one ends, in Hz.
    scale : {"slaney", "htk"}
        On which the corners are equally spaced.

    Returns
    -------
    ndarray, shape (n_mels, n_fft // 2 + 1)
    """
    bins = np.linspace(0, sample_rate / 2, n_fft // 2 + 1)
    corners = mel_to_hz(
        np.linspace(hz_to_mel(f_min, scale), hz_to_mel(f_max, scale), n_mels + 2), scale
    )
    low, centre, high = (corners[i : i + n_mels, None] for i in range(3))
    rising = (bins - low) / (centre - low)
    falling = (high - bins) / (high - centre)
    triangles = np.maximum(0, np.minimum(rising, falling))
    return triangles * (2 / (high - low))
