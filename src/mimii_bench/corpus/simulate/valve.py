"""Solenoid valve: clicks of the plunger on a schedule, a short hiss of gas behind each."""

from dataclasses import dataclass

import numpy as np

from mimii_bench.corpus.simulate import signals
from mimii_bench.corpus.simulate.part_sound import PartSound


@dataclass(frozen=True)
class Valve:
    """One valve and its schedule."""

    #: Seconds from opening to opening, and from opening to closing.
    cycle: float
    open_time: float
    #: Cycles in a group and seconds of rest behind it (0: it never rests).
    group: int
    rest: float
    strike: signals.Envelope
    modes: tuple[signals.Mode, ...]
    #: Seconds in which a click decays by 60 dB; dB of the closing click against the
    #: opening one, and of the gas at its peak against the mean power of clicks.
    decay: float
    closing_level: float
    gas_level: float


UNITS = {
    "00": Valve(
        1.10,
        0.52,
        9,
        1.1,
        ((20, -50), (300, -22), (1200, -9), (3000, -6), (6000, 0), (8000, 0)),
        ((1350, 8, 8), (5800, 6, 8), (6600, 8, 6)),
        0.07,
        -15.0,
        9.0,
    ),
    "02": Valve(
        1.10,
        0.40,
        4,
        5.0,
        ((20, -50), (300, -24), (1200, -10), (3500, -4), (6000, -1), (8000, 0)),
        ((1300, 8, 9), (5200, 6, 7)),
        0.09,
        -18.0,
        10.0,
    ),
    "04": Valve(
        1.10,
        0.55,
        9,
        1.1,
        ((20, -50), (300, -20), (1200, -9), (4000, -3), (6000, 0), (8000, -3)),
        ((1650, 9, 9), (4900, 7, 8), (7200, 8, 6)),
        0.06,
        -9.0,
        8.0,
    ),
    "06": Valve(
        1.08,
        0.60,
        4,
        4.4,
        ((20, -50), (300, -22), (1200, -8), (3000, -3), (6000, -2), (8000, -1)),
        ((1350, 9, 9), (2850, 9, 12), (6300, 7, 6)),
        0.08,
        -8.0,
        9.0,
    ),
}

#: A sticking plunger's click against a free one's, and how much longer the gas hisses.
STICKING = ((20, 1.0), (1500, 1.0), (4000, -2.0), (8000, -4.0))
#: Gas that passes a plunger that does not close, in dB against the puffs' peak.
STICKING_GAS = -21.0
#: Shares of a click's power by the place that sounds. Each rings in its own way, the farther ones
#: more: at a real valve opposite microphones are little coherent above 2 kHz, and only 4 dB apart.
SHARES = {"coil": 0.12, "port": 0.13, "pipe": 0.75}
GAS = ((20, -60.0), (1000, -20.0), (4000, -3.0), (6000, 0.0), (8000, 0.0))


def sounds(unit: Valve, fault: str | None, rng: np.random.Generator) -> list[PartSound]:
    """Return one recording's sounds; `fault` is a name in `faults.FAULTS["valve"]` or None."""
    openings, closings = schedule(unit, fault, rng)
    magnitude = signals.envelope(unit.strike, unit.modes) * signals.tilt(rng.normal(0, 0.25))
    if fault == "contamination_sticking":
        magnitude = magnitude * signals.filter_curve(STICKING)
    # From an envelope of noise to a filter that leaves the power of white noise as it is.
    magnitude = magnitude * np.float32(signals.decibel(rng.normal(0, 0.5)) / signals.LENGTH**0.5)
    strikes = _strikes(unit, openings, closings, fault == "contamination_delay", rng)
    clicks = {
        part: np.float32(np.sqrt(share))
        * magnitude
        * signals.to_spectrum(_ringing(unit, *strikes, rng))
        for part, share in SHARES.items()
    }
    gas = _gas(openings, unit.gas_level, fault == "contamination_sticking", rng)
    heard = [PartSound("port", signals.to_spectrum(gas) + clicks.pop("port"))]
    for part, spectrum in clicks.items():
        if fault == "contamination_port":
            heard.append(PartSound("far_port", spectrum, heard_as=((part, 1.0),)))
        else:
            heard.append(PartSound(part, spectrum))
    return heard


def schedule(
    unit: Valve, fault: str | None, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return the moments in seconds of opening and of closing, from the lead-in's start on."""
    cycle, group, rest = unit.cycle, unit.group, unit.rest
    if fault == "contamination_pattern":
        # As many openings in the long run, in another order: groups of half the size.
        group, rest = max(1, group // 2), rest * max(1, group // 2) / group
    seconds = signals.LENGTH / signals.SAMPLE_RATE
    period = group * cycle + rest
    groups = int(seconds / period) + 3
    first = -rng.uniform(0, period) - period / 2
    starts = first + period * np.arange(groups)
    openings = (starts[:, None] + cycle * np.arange(group)).ravel()
    openings = openings + rng.normal(0, 0.004, openings.shape)
    open_time = np.full(openings.shape, unit.open_time) + rng.normal(0, 0.004, openings.shape)
    if fault == "contamination_delay":
        openings = openings + rng.uniform(-0.3, 0.3, openings.shape) * cycle
        open_time = open_time * rng.uniform(0.3, 1.3, openings.shape)
    if fault == "contamination_pattern":
        open_time = open_time * 0.35
    return openings, openings + open_time


def _strikes(
    unit: Valve,
    openings: np.ndarray,
    closings: np.ndarray,
    bounces: bool,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the moments of all strikes and their levels in dB against an average opening.

    A plunger that `bounces` shares an opening's energy between three strikes.
    """
    opening = rng.normal(0, 1.0, openings.shape)
    closing = unit.closing_level + rng.normal(0, 1.0, closings.shape)
    if not bounces:
        return np.concatenate([openings, closings]), np.concatenate([opening, closing])
    again = openings + rng.uniform(0.05, 0.12, openings.shape)
    third = again + rng.uniform(0.05, 0.12, openings.shape)
    moments = np.concatenate([openings, again, third, closings])
    # Shares .5, .3 and .2 of the energy.
    return moments, np.concatenate([opening - 3.0, opening - 5.2, opening - 7.0, closing])


def _ringing(
    unit: Valve, moments: np.ndarray, levels: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Return what the strikes set ringing at one place, before the body's resonances."""
    signal = np.zeros(signals.LENGTH, np.float32)
    # Openings without rest have unit power.
    unit_gain = np.sqrt(signals.SAMPLE_RATE * unit.cycle)
    for moment, level in zip(moments, levels, strict=True):
        burst = signals.noise_burst(rng, unit.decay)
        signals.add_burst(signal, moment, burst, unit_gain * signals.decibel(level))
    return signal


def _gas(openings: np.ndarray, level: float, leaks: bool, rng: np.random.Generator) -> np.ndarray:
    """Return the gas let through at each opening: a puff of a tenth of a second.

    Where the plunger `leaks`, gas hisses on between the openings, unsteadily.
    """
    hiss = signals.to_time(signals.noise(rng, signals.envelope(GAS)))
    gate = np.zeros(signals.LENGTH, np.float32)
    n = np.arange(int(0.25 * signals.SAMPLE_RATE))
    puff = np.exp(-n / (0.05 * signals.SAMPLE_RATE)).astype(np.float32)
    for moment in openings:
        signals.add_burst(gate, moment, puff, signals.decibel(level + rng.normal(0, 1.0)))
    if leaks:
        steady = signals.decibel(level + STICKING_GAS + rng.normal(0, 1.0))
        gate += steady * np.exp(0.2 * signals.fluctuation(rng, 4.0)).astype(np.float32)
    return hiss * gate
