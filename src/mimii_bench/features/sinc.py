"""Band-pass filters of SincNet: cut-offs equally wide in mel, taps from two sinc functions.

Ravanelli & Bengio, "Speaker recognition from raw waveform with SincNet", SLT 2018, and its released
code. Report kim-ims-cnn, section 2.4, prints the taps without window or scale; both are SincNet's,
and either can be left out.
"""

from typing import Literal

import numpy as np

from mimii_bench.features.mel import hz_to_mel, mel_to_hz

#: Where the mel-spaced grid starts, and the least cut-off and width of a filter, in Hz.
GRID_START_HZ = 30.0
MIN_LOW_HZ = 50.0
MIN_BAND_HZ = 50.0

#: What the taps are multiplied by, and what they are divided by.
Taper = Literal["hamming", "none"]
Gain = Literal["middle", "band"]


def mel_cutoffs(n_filters: int, sample_rate: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the cut-offs of band-pass filters that are equally wide in mel.

    SincNet's initialisation: a grid of n_filters + 1 points, equally spaced on the HTK mel scale
    from 30 Hz to half the sample rate less 100 Hz. A filter reaches from its point + 50 Hz to its
    next point + 100 Hz, so that no filter lies below 50 Hz or is narrower than 50 Hz, whatever is
    learned; neighbours overlap by 50 Hz, and the last one ends at half the sample rate.

    Returns
    -------
    low, high : ndarray, shape (n_filters,)
        In Hz.

    Examples
    --------
    >>> low, high = mel_cutoffs(40, 16_000)
    >>> round(float(low[0])), round(float(high[-1]))
    (80, 8000)
    """
    end = sample_rate / 2 - MIN_LOW_HZ - MIN_BAND_HZ
    mels = np.linspace(hz_to_mel(GRID_START_HZ, "htk"), hz_to_mel(end, "htk"), n_filters + 1)
    grid = mel_to_hz(mels, "htk")
    return grid[:-1] + MIN_LOW_HZ, grid[1:] + MIN_LOW_HZ + MIN_BAND_HZ


def sinc_filters(
    low: np.ndarray,
    high: np.ndarray,
    length: int,
    sample_rate: int,
    taper: Taper = "hamming",
    gain: Gain = "middle",
) -> np.ndarray:
    """Return the taps of band-pass filters.

    The difference of the two low-pass filters of report kim-ims-cnn, section 2.4, by default under
    a symmetric Hamming window and divided by the tap in the middle, so that this one is 1: a band's
    gain is sample_rate / (2 (high - low)). (The window of SincNet's first release is this one; that
    of its later release differs by less than 1e-4.) With taper "none" and gain "band" they are the
    printed formula, whose cut-offs are fractions of the sample rate.

    Parameters
    ----------
    low, high : array_like, shape (filter,)
        Cut-offs in Hz.
    length : int
        Taps of a filter, odd.
    sample_rate : int
        In Hz.
    taper : {"hamming", "none"}
    gain : {"middle", "band"}
        What is 1: the tap in the middle, or what is passed of a tone within the band.

    Returns
    -------
    ndarray of float64, shape (filter, length)

    Raises
    ------
    ValueError
        When `length` is even.
    """
    if length % 2 == 0:
        raise ValueError(f"a filter of {length} taps has no middle; take an odd length")
    seconds = (np.arange(length) - length // 2) / sample_rate
    low, high = (np.asarray(hz, float)[:, None] for hz in (low, high))
    taps = 2 * high * np.sinc(2 * high * seconds) - 2 * low * np.sinc(2 * low * seconds)
    taps = taps / (2 * (high - low) if gain == "middle" else sample_rate)
    return taps * np.hamming(length) if taper == "hamming" else taps
