"""Pump: motor hum and shaft tones, vane-pass pulsation, flow of water with bubbles."""

from dataclasses import dataclass

import numpy as np

from mimii_bench.corpus.simulate import signals
from mimii_bench.corpus.simulate.part_sound import PartSound


@dataclass(frozen=True)
class Pump:
    """One pump; levels are in dB against its flow noise."""

    rpm: float
    vanes: int
    flow: signals.Envelope
    modes: tuple[signals.Mode, ...]
    pulsation_level: float
    hum_level: float
    #: Bubbles per second and the range of their resonance frequencies in Hz.
    bubbles: float
    bubble_range: tuple[float, float]
    bubble_level: float


UNITS = {
    "00": Pump(
        2900,
        6,
        ((20, -8), (200, 0), (800, 1), (2500, -5), (5000, -12), (8000, -19)),
        ((640, 6, 6), (1450, 10, 7)),
        -4.0,
        -9.0,
        25.0,
        (500, 3500),
        -9.0,
    ),
    "02": Pump(
        1750,
        7,
        ((20, -6), (150, 2), (600, 0), (2000, -7), (4500, -14), (8000, -22)),
        ((380, 6, 6), (2700, 9, 8)),
        -6.0,
        -11.0,
        10.0,
        (1800, 4200),
        -12.0,
    ),
    "04": Pump(
        3460,
        5,
        ((20, -10), (300, 0), (1200, -1), (2500, -2), (5000, -10), (8000, -18)),
        ((580, 7, 7), (2280, 16, 11)),
        -5.0,
        -8.0,
        4.0,
        (800, 3000),
        -16.0,
    ),
    "06": Pump(
        2350,
        8,
        ((20, -4), (120, 3), (500, 1), (1500, -8), (4000, -13), (8000, -20)),
        ((470, 8, 7), (1080, 9, 6)),
        -5.0,
        -10.0,
        8.0,
        (400, 6000),
        -14.0,
    ),
}

MAINS = 50.0
#: Spectrum of a clogged pump's flow against the sound one's.
CLOGGED = ((20, 3.0), (250, 3.0), (700, 0.0), (2000, -4.0), (8000, -6.0))
#: Jet of a leak: high-frequency hiss.
JET = ((20, -40.0), (800, -14.0), (2500, -2.0), (4500, 0.0), (8000, -5.0))
JET_LEVEL = -7.5
#: Share of the flow's power that leaves at the leak.
LEAKED = 0.85


def sounds(unit: Pump, fault: str | None, rng: np.random.Generator) -> list[PartSound]:
    """Return one recording's sounds; `fault` is a name in `faults.FAULTS["pump"]` or None."""
    level = signals.decibel(rng.normal(0, 0.6))
    motor = level * _motor(unit, fault, rng)
    flow = level * _flow(unit, fault, rng)
    if fault == "leakage_jet":
        jet = signals.decibel(JET_LEVEL + rng.normal(0, 1.0)) * signals.envelope(JET)
        return [
            PartSound("motor", signals.to_spectrum(motor)),
            PartSound("casing", flow + signals.noise(rng, jet)),
        ]
    if fault == "leakage_elsewhere":
        return [
            PartSound("motor", signals.to_spectrum(motor)),
            PartSound("casing", np.float32(np.sqrt(1 - LEAKED)) * flow),
            PartSound(
                "leak", np.float32(np.sqrt(LEAKED)) * _delayed(flow), heard_as=(("casing", 1.0),)
            ),
        ]
    return [PartSound("motor", signals.to_spectrum(motor)), PartSound("casing", flow)]


def _delayed(spectrum: np.ndarray) -> np.ndarray:
    """Return the sound 30 ms later: at the leak the flow is another one, uncorrelated in place."""
    bins = np.arange(len(spectrum))
    return spectrum * np.exp(-2j * np.pi * bins * (480 / signals.LENGTH)).astype(np.complex64)


def _motor(unit: Pump, fault: str | None, rng: np.random.Generator) -> np.ndarray:
    """Return hum (twice the mains frequency), shaft and vane-pass lines."""
    hum = signals.decibel(unit.hum_level + rng.normal(0, 1.0))
    hum_amplitudes = hum * np.array([1.2, 0.8, 0.6, 0.3, 0.3, 0.15])
    hum_phase = signals.rotation(rng, 2 * MAINS, jitter=0.001, wander=0.0)
    phase = signals.rotation(rng, unit.rpm / 60, jitter=0.005, wander=0.001)
    count = 4 * unit.vanes
    order = np.arange(1, count + 1)
    amplitudes = 0.08 * 10 ** (rng.normal(0, 2, count) / 20) / order**0.3
    vane = signals.decibel(unit.pulsation_level + rng.normal(0, 1.0))
    if fault == "clogging":
        vane *= signals.decibel(4)
    for harmonic in range(1, 5):
        spread = signals.decibel(rng.normal(0, 1.5))
        amplitudes[harmonic * unit.vanes - 1] = 1.4 * vane * spread / harmonic
    hum_tones = signals.tones(hum_phase, hum_amplitudes, rng.uniform(0, 2 * np.pi, 6))
    return hum_tones + signals.tones(phase, amplitudes, rng.uniform(0, 2 * np.pi, count))


def _flow(unit: Pump, fault: str | None, rng: np.random.Generator) -> np.ndarray:
    """Return the spectrum of the water: turbulence and bubbles, in gushes if contaminated."""
    magnitude = signals.envelope(unit.flow, unit.modes) * signals.tilt(rng.normal(0, 0.3))
    if fault == "clogging":
        magnitude = magnitude * signals.filter_curve(CLOGGED)
    water = signals.to_time(signals.noise(rng, magnitude))
    water *= (1 + 0.1 * signals.fluctuation(rng, 6.0)).astype(np.float32)
    water += _bubbles(unit, rng)
    if fault == "contamination":
        water *= _gushes(rng).astype(np.float32)
    return signals.to_spectrum(water)


def _bubbles(unit: Pump, rng: np.random.Generator) -> np.ndarray:
    """Return bubbles: short decaying tones, Minnaert resonances of many sizes (Minnaert, 1933)."""
    signal = np.zeros(signals.LENGTH, np.float32)
    seconds = signals.LENGTH / signals.SAMPLE_RATE
    low, high = unit.bubble_range
    # Energy of each such that all together have the level against the flow's unit power.
    gain = signals.decibel(unit.bubble_level) * np.sqrt(signals.SAMPLE_RATE / unit.bubbles)
    for _ in range(rng.poisson(unit.bubbles * seconds)):
        tone = ring_of(low * (high / low) ** rng.uniform(), rng)
        signals.add_burst(signal, rng.uniform(0, seconds), tone, gain * rng.lognormal(-0.2, 0.6))
    return signal


def ring_of(frequency: float, rng: np.random.Generator) -> np.ndarray:
    """Return one bubble's tone: the smaller the bubble, the higher and shorter."""
    return signals.ring(frequency, min(0.08, 45 / frequency), rng.uniform(0, 2 * np.pi))


def _gushes(rng: np.random.Generator) -> np.ndarray:
    """Return the gain of a flow in slugs; it moves energy in time and adds none."""
    slow = signals.fluctuation(rng, rng.uniform(2.0, 5.0))
    return signals.unit_power(10 ** (4.0 * slow / 20))
