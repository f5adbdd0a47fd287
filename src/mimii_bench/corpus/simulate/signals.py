"""Building blocks of the sources: shaped noise, harmonic tones, slow fluctuation, short events.

Everything lasts `LENGTH` samples: a lead-in that covers the longest impulse response, then the
clip's 160,000. Sources are handed on as spectra of that length, so that a recording is a sum of
products; the product's circular wrap falls into the lead-in, which is cut off.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from scipy import fft

from mimii_bench.corpus.mimii import SAMPLE_RATE, SAMPLES

#: 2^11 * 3^4: the next fast length that leaves room for an impulse response.
LENGTH = 165_888
LEAD = LENGTH - SAMPLES
BINS = LENGTH // 2 + 1

#: Breakpoints of a spectrum's envelope: (Hz, dB), interpolated over log frequency.
Envelope = tuple[tuple[float, float], ...]
#: A resonance: (Hz, quality factor, dB above the envelope at its peak).
Mode = tuple[float, float, float]


def times() -> np.ndarray:
    """Return the time of each sample in seconds, shape (LENGTH,); the clip starts at 0."""
    return (np.arange(LENGTH) - LEAD) / SAMPLE_RATE


@lru_cache(maxsize=64)
def envelope(points: Envelope, modes: tuple[Mode, ...] = (), length: int = LENGTH) -> np.ndarray:
    """Return the magnitude of a spectrum envelope with resonances, scaled to unit power.

    White complex Gaussian noise of variance 1 per bin, times this, is the `rfft` of a signal
    whose mean square is 1.

    Returns
    -------
    np.ndarray
        float32, shape (length // 2 + 1,).
    """
    frequencies = np.maximum(np.arange(length // 2 + 1) * SAMPLE_RATE / length, 1.0)
    hertz, decibel = np.array(points).T
    magnitude = 10 ** (np.interp(np.log(frequencies), np.log(hertz), decibel) / 20)
    for centre, quality, gain in modes:
        detuning = quality * (frequencies / centre - centre / frequencies)
        magnitude *= 1 + 10 ** (gain / 20) / np.sqrt(1 + detuning**2)
    magnitude[0] = 0.0
    scale = length / np.sqrt(2 * np.sum(magnitude**2))
    return (scale * magnitude).astype(np.float32)


def filter_curve(points: Envelope) -> np.ndarray:
    """Return a filter's magnitude through the points as they are, float32 (BINS,)."""
    frequencies = np.maximum(np.arange(BINS) * (SAMPLE_RATE / LENGTH), 1.0)
    hertz, decibel = np.array(points).T
    coarse = np.geomspace(1.0, SAMPLE_RATE / 2, 400)
    curve = 10 ** (np.interp(np.log(coarse), np.log(hertz), decibel) / 20)
    return np.interp(frequencies, coarse, curve).astype(np.float32)


def tilt(decibel_per_octave: float) -> np.ndarray:
    """Return a filter's magnitude that passes 500 Hz and rises by so much per octave."""
    return filter_curve(tuple((f, decibel_per_octave * np.log2(f / 500)) for f in (20.0, 8000.0)))


def noise(rng: np.random.Generator, magnitude: np.ndarray) -> np.ndarray:
    """Return the spectrum of Gaussian noise with the given magnitude envelope, complex64."""
    draws = rng.standard_normal(2 * len(magnitude), dtype=np.float32).view(np.complex64)
    draws *= magnitude * np.float32(np.sqrt(0.5))
    return draws


def to_time(spectrum: np.ndarray, length: int = LENGTH) -> np.ndarray:
    """Return the signal of a spectrum, float32, last axis `length`."""
    return fft.irfft(spectrum, length)


def to_spectrum(signal: np.ndarray) -> np.ndarray:
    """Return the spectrum of a signal, complex64 for float32."""
    return fft.rfft(signal.astype(np.float32, copy=False))


def modulated_noise(
    rng: np.random.Generator, magnitude: np.ndarray, gain: np.ndarray
) -> np.ndarray:
    """Return the spectrum of shaped noise multiplied in time by `gain`, shape (LENGTH,)."""
    return to_spectrum(to_time(noise(rng, magnitude)) * gain.astype(np.float32))


def fluctuation(rng: np.random.Generator, rate: float, length: int = LENGTH) -> np.ndarray:
    """Return a slow Gaussian fluctuation of variance about 1 that changes `rate` times a second.

    Linear interpolation between independent draws; float64, shape (length,).
    """
    knots = int(np.ceil(length / SAMPLE_RATE * rate)) + 2
    values = rng.standard_normal(knots) * np.sqrt(1.5)
    offset = rng.uniform()
    position = np.arange(length) * (rate / SAMPLE_RATE) + offset
    return np.interp(position, np.arange(knots), values)


def unit_power(gain: np.ndarray) -> np.ndarray:
    """Return `gain` scaled to a mean square of 1: it moves energy in time and adds none."""
    return gain / np.sqrt(np.mean(gain**2))


def tones(phase: np.ndarray, amplitudes: Sequence[float], starts: Sequence[float]) -> np.ndarray:
    """Return the sum of harmonics a_k cos(k phase + start_k), k = 1, 2, ...

    The k-th power of exp(j phase) by repeated multiplication: one cosine in all.

    Parameters
    ----------
    phase : np.ndarray
        Of the fundamental, radians, shape (LENGTH,).

    Returns
    -------
    np.ndarray
        float32, the shape of `phase`.
    """
    step = np.exp(1j * np.remainder(phase, 2 * np.pi)).astype(np.complex64)
    power = np.ones_like(step)
    total = np.zeros(len(phase), np.complex64)
    for amplitude, start in zip(amplitudes, starts, strict=True):
        power *= step
        if amplitude:
            total += np.complex64(amplitude * np.exp(1j * start)) * power
    return total.real


def rotation(
    rng: np.random.Generator, hertz: float, jitter: float, wander: float, length: int = LENGTH
) -> np.ndarray:
    """Return the phase in radians of a shaft: its speed differs by clip and drifts within it.

    Parameters
    ----------
    hertz : float
        Nominal speed in revolutions per second.
    jitter : float
        Relative standard deviation of the speed from clip to clip.
    wander : float
        Relative standard deviation of the speed within a clip (twice a second).
    """
    speed = hertz * (1 + jitter * rng.standard_normal())
    speed = speed * (1 + wander * fluctuation(rng, 2.0, length))
    return 2 * np.pi * (np.cumsum(speed) / SAMPLE_RATE + rng.uniform())


def add_burst(
    signal: np.ndarray, start: float, burst: np.ndarray, gain: float, circular: bool = False
) -> None:
    """Add a short sound to a signal in place at `start` seconds after the signal's beginning.

    What would stand outside is dropped, or wraps round to the beginning where `circular`.
    """
    first = round(start * SAMPLE_RATE)
    if circular:
        index = np.arange(first, first + len(burst)) % len(signal)
        signal[index] += gain * burst
        return
    skip = max(0, -first)
    stop = min(len(signal), first + len(burst))
    if stop > first + skip:
        signal[first + skip : stop] += gain * burst[skip : stop - first]


def noise_burst(rng: np.random.Generator, decay: float) -> np.ndarray:
    """Return white noise of unit energy that decays by 60 dB in `decay` seconds, float32."""
    count = max(8, round(decay * SAMPLE_RATE))
    burst = rng.standard_normal(count) * np.exp(-6.9 * np.arange(count) / count)
    return (burst / np.sqrt(np.sum(burst**2))).astype(np.float32)


def ring(frequency: float, decay: float, start: float) -> np.ndarray:
    """Return a decaying tone of unit energy: 60 dB in `decay` seconds, float32."""
    count = max(8, round(decay * SAMPLE_RATE))
    n = np.arange(count)
    tone = np.exp(-6.9 * n / count) * np.cos(2 * np.pi * frequency / SAMPLE_RATE * n + start)
    return (tone / np.sqrt(np.sum(tone**2))).astype(np.float32)


def decibel(value: float) -> float:
    """Return the amplitude factor of a level in dB."""
    return 10 ** (value / 20)
