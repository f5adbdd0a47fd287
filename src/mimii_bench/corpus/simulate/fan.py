"""Fan: blade-pass and shaft tones, motor hum, turbulence of the flow."""

from dataclasses import dataclass

import numpy as np

from mimii_bench.corpus.simulate import signals
from mimii_bench.corpus.simulate.part_sound import PartSound


@dataclass(frozen=True)
class Fan:
    """One fan; levels are in dB against its turbulence noise."""

    rpm: float
    blades: int
    turbulence: signals.Envelope
    modes: tuple[signals.Mode, ...]
    blade_level: float
    hum_level: float


UNITS = {
    "00": Fan(
        1380,
        7,
        ((20, 0), (90, 6), (300, -1), (1000, -9), (3000, -17), (8000, -30)),
        ((420, 6, 6), (1250, 8, 5)),
        -7.0,
        -15.0,
    ),
    "02": Fan(
        2080,
        5,
        ((20, -6), (120, 0), (500, 1), (1500, -5), (4000, -14), (8000, -25)),
        ((760, 7, 7), (2300, 9, 6)),
        -4.0,
        -14.0,
    ),
    "04": Fan(
        1130,
        9,
        ((20, 2), (80, 4), (400, 0), (1200, -8), (3000, -16), (8000, -28)),
        ((310, 5, 5), (1750, 8, 7)),
        -8.0,
        -12.0,
    ),
    "06": Fan(
        1690,
        6,
        ((20, -3), (100, 3), (600, 0), (2000, -8), (4000, -15), (8000, -27)),
        ((560, 6, 6), (980, 9, 6), (3100, 10, 5)),
        -6.0,
        -16.0,
    ),
}

MAINS = 50.0
#: Spectrum of a clogged fan's flow against the sound one's.
CLOGGED = ((20, 2.0), (150, 5.0), (500, 5.0), (1000, 1.0), (2500, 7.0), (4500, 12.0), (8000, 12.0))
#: Rub of an unbalanced rotor on its housing, once per revolution, and its level.
RUB = ((20, -40.0), (1000, -12.0), (2500, 0.0), (4500, 0.0), (8000, -6.0))
RUB_LEVEL = -8.5
#: Slots of the motor's rotor: at the wrong voltage they whine, at this level.
SLOTS = 28
WHINE_LEVEL = -9.5


def sounds(unit: Fan, fault: str | None, rng: np.random.Generator) -> list[PartSound]:
    """Return one recording's sounds; `fault` is a name in `faults.FAULTS["fan"]` or None."""
    speed = unit.rpm / 60 * (0.86 if fault == "voltage_change" else 1.0)
    phase = signals.rotation(rng, speed, jitter=0.006, wander=0.0012)
    level = signals.decibel(rng.normal(0, 0.5))
    tonal = level * _tones(unit, fault, phase, rng)
    flow = level * _turbulence(unit, fault, phase, rng)
    hum = level * _hum(unit, fault, rng)
    return [
        PartSound("rotor", signals.to_spectrum(tonal) + flow),
        PartSound("motor", signals.to_spectrum(hum)),
    ]


def _tones(unit: Fan, fault: str | None, phase: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return shaft and blade-pass lines; the loading of the blades differs from clip to clip."""
    count = 5 * unit.blades
    order = np.arange(1, count + 1)
    amplitudes = 0.06 * 10 ** (rng.normal(0, 2, count) / 20) / order**0.3
    blade = signals.decibel(unit.blade_level + rng.normal(0, 1.0))
    if fault == "clogging":
        blade *= signals.decibel(-6)
    for harmonic in range(1, 6):
        spread = signals.decibel(rng.normal(0, 1.5))
        amplitudes[harmonic * unit.blades - 1] = 1.6 * blade * spread / harmonic
    if fault == "imbalance":
        amplitudes[:4] += blade * np.array([3.2, 3.0, 2.4, 1.8])
    tones = signals.tones(phase, amplitudes, rng.uniform(0, 2 * np.pi, count))
    if fault == "voltage_change":
        tones += _slot_whine(phase, rng)
    if fault == "imbalance":
        tones *= 1 + 0.6 * np.cos(phase)
    return tones


def _slot_whine(phase: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return lines at multiples of the slot frequency, with the mains beside them."""
    amplitudes = signals.decibel(WHINE_LEVEL + rng.normal(0, 1.0)) * np.array([1.0, 0.8, 0.6, 0.5])
    mains = 4 * np.pi * MAINS * signals.times()
    sides = [SLOTS * phase + side * mains for side in (-1, 0, 1)]
    return sum(signals.tones(side, amplitudes, rng.uniform(0, 2 * np.pi, 4)) for side in sides)


def _turbulence(
    unit: Fan, fault: str | None, phase: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Return the spectrum of the flow's noise; load tilts it a little from clip to clip."""
    magnitude = signals.envelope(unit.turbulence, unit.modes)
    magnitude = magnitude * signals.tilt(rng.normal(0, 0.25))
    if fault == "clogging":
        magnitude = magnitude * signals.filter_curve(CLOGGED)
    if fault == "voltage_change":
        magnitude = magnitude * np.float32(signals.decibel(-2.0))
    if fault == "imbalance":
        rub = signals.decibel(RUB_LEVEL + rng.normal(0, 1.0)) * signals.envelope(RUB)
        touch = signals.unit_power(np.maximum(np.cos(phase + 1.0), 0) ** 3)
        swung = signals.modulated_noise(rng, magnitude, 1 + 0.5 * np.cos(phase))
        return swung + signals.modulated_noise(rng, rub, touch)
    if fault == "surge":
        return signals.modulated_noise(rng, magnitude, _surge(rng))
    return signals.noise(rng, magnitude)


def _surge(rng: np.random.Generator) -> np.ndarray:
    rate = rng.uniform(0.8, 2.0)
    swing = np.cos(2 * np.pi * (rate * signals.times() + rng.uniform()))
    depth = 8.5 + 2.0 * signals.fluctuation(rng, 1.0)
    return signals.unit_power(10 ** (depth * swing / 20))


def _hum(unit: Fan, fault: str | None, rng: np.random.Generator) -> np.ndarray:
    """Return the motor's hum: twice the mains frequency and its harmonics."""
    level = unit.hum_level + rng.normal(0, 1.0) + (14.0 if fault == "voltage_change" else 0.0)
    amplitudes = signals.decibel(level) * np.array([1.4, 0.7, 0.5, 0.3, 0.25, 0.15, 0.1, 0.1])
    phase = signals.rotation(rng, 2 * MAINS, jitter=0.001, wander=0.0)
    return signals.tones(phase, amplitudes, rng.uniform(0, 2 * np.pi, len(amplitudes)))
