"""Slide rail: a carriage driven to and fro, with friction, motor whine and end stops."""

from dataclasses import dataclass

import numpy as np

from mimii_bench.corpus.simulate import signals
from mimii_bench.corpus.simulate.part_sound import PartSound


@dataclass(frozen=True)
class Slider:
    """One slide rail; levels are in dB against the friction's mean power."""

    #: Seconds of one stroke and of the pause behind it.
    stroke: float
    pause: float
    friction: signals.Envelope
    modes: tuple[signals.Mode, ...]
    #: Frequency of the motor's whine at full speed, its level, and that of the stops' thump.
    whine: float
    whine_level: float
    stop_level: float
    stop_modes: tuple[float, ...]


UNITS = {
    "00": Slider(
        1.05,
        0.10,
        ((20, -30), (300, -14), (1000, -6), (2500, 0), (4500, 0), (8000, -4)),
        ((2450, 8, 5), (4600, 10, 6)),
        1240.0,
        -12.0,
        -13.0,
        (160, 420, 1300),
    ),
    "02": Slider(
        1.45,
        0.16,
        ((20, -26), (300, -8), (1000, -2), (2500, 0), (5000, -4), (8000, -8)),
        ((1650, 7, 5), (3300, 9, 5)),
        980.0,
        -13.0,
        -12.0,
        (130, 370, 980),
    ),
    "04": Slider(
        0.46,
        0.62,
        ((20, -36), (600, -18), (1400, -5), (3600, 0), (6000, -2), (8000, -5)),
        ((3700, 12, 9), (4200, 14, 8), (6150, 20, 7)),
        3050.0,
        -9.0,
        -14.0,
        (210, 640, 1500),
    ),
    "06": Slider(
        0.34,
        0.66,
        ((20, -36), (600, -20), (2000, -8), (4500, -3), (6500, 0), (8000, 0)),
        ((4850, 14, 8), (7100, 12, 6)),
        2420.0,
        -13.0,
        -14.0,
        (190, 520, 1900),
    ),
}

#: Friction without grease against greased: harsher.
DRY = ((20, 0.0), (1000, 0.0), (3000, 2.0), (8000, 3.5))
SQUEAL_LEVEL = -11.0
#: Noise of the drive, which does not stop with the carriage: amplifier, coolant, bearings.
DRIVE = ((20, 0.0), (200, 0.0), (1000, -6.0), (3000, -10.0), (8000, -16.0))
DRIVE_LEVEL = -7.0
#: Level of the notch's rattle in dB against the friction's mean power, and the filter that colours
#: it: blows of metal on metal have little below 500 Hz.
DAMAGE_LEVEL = -2.0
RATTLE = np.array([-0.25, -0.25, 1.0, -0.25, -0.25], np.float32)
#: Jerks a second of a carriage on a loose belt.
JERKS = 9.0
#: Share of friction power that comes from the worn end.
WORN = 0.9
#: Samples between the points at which the carriage's motion is computed.
GRID = 64


@dataclass(frozen=True)
class Motion:
    """The carriage in time: position in 0..1, speed in 0..1 of full, and moments of stopping."""

    position: np.ndarray
    speed: np.ndarray
    stops: np.ndarray


def sounds(unit: Slider, fault: str | None, rng: np.random.Generator) -> list[PartSound]:
    """Return one recording's sounds; `fault` is a name in `faults.FAULTS["slider"]` or None."""
    motion = travel(unit, fault == "loose_belt", rng)
    level = signals.decibel(rng.normal(0, 0.6))
    friction = level * _friction(unit, fault, motion, rng)
    whine = level * _whine(unit, motion, rng)
    stops = _knocks(unit, motion.stops, unit.stop_level, rng)
    if fault == "rail_damage":
        stops += _damage(unit, motion, rng)
    idle = signals.decibel(DRIVE_LEVEL + rng.normal(0, 0.5)) * signals.envelope(DRIVE)
    drive = PartSound("motor", signals.to_spectrum(whine) + signals.noise(rng, idle))
    thump = PartSound("centre", signals.to_spectrum(stops))
    carriage = _along_rail(friction, motion.position)
    if fault == "worn_rail_end":
        return [drive, thump, *_mostly_from_the_end(friction, carriage)]
    return [drive, thump, *(PartSound(part, spectrum) for part, spectrum in carriage.items())]


def travel(unit: Slider, loose: bool, rng: np.random.Generator) -> Motion:
    """Return the carriage's motion: strokes of trapezoidal speed with pauses between.

    A loose belt makes strokes and pauses uneven, and the carriage jerks; the means of both stay.
    """
    seconds = signals.LENGTH / signals.SAMPLE_RATE
    cycle = unit.stroke + unit.pause
    count = int(2 * seconds / cycle) + 4
    spread = 0.35 if loose else 0.012
    strokes = unit.stroke * np.exp(spread * rng.standard_normal(count) - spread**2 / 2)
    pauses = unit.pause * rng.gamma(3.0, 1 / 3.0, count) if loose else np.full(count, unit.pause)
    edges = np.concatenate([[0], np.cumsum(np.stack([strokes, pauses], 1).ravel())])
    edges -= rng.uniform(0, 2 * cycle)
    starts, ends = edges[0:-1:2], edges[1::2]
    time = np.arange(0, signals.LENGTH, GRID) / signals.SAMPLE_RATE
    index = np.clip(np.searchsorted(starts, time) - 1, 0, count - 1)
    progress = np.clip((time - starts[index]) / (ends - starts)[index], 0, 1)
    speed = np.clip(np.minimum(progress, 1 - progress) / 0.25, 0, 1)
    if loose:
        speed *= _jerks(time, rng)
    position = np.where(index % 2 == 0, progress, 1 - progress)
    grid, samples = time * signals.SAMPLE_RATE, np.arange(signals.LENGTH)
    return Motion(
        np.interp(samples, grid, position).astype(np.float32),
        np.interp(samples, grid, speed).astype(np.float32),
        ends[(ends > -0.3) & (ends < seconds)],
    )


def _jerks(time: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the factor by which a slack belt checks the speed, several times a second."""
    rate = JERKS * (1 + 0.1 * rng.standard_normal())
    return np.clip(0.5 + 1.5 * np.cos(2 * np.pi * (rate * time + rng.uniform())), 0.02, 1)


def _friction(
    unit: Slider, fault: str | None, motion: Motion, rng: np.random.Generator
) -> np.ndarray:
    """Return friction noise: its amplitude follows the carriage's speed, uneven along the rail."""
    magnitude = signals.envelope(unit.friction, unit.modes) * signals.tilt(rng.normal(0, 0.3))
    if fault == "no_grease":
        magnitude = magnitude * signals.filter_curve(DRY)
    roughness = np.exp(0.15 * signals.fluctuation(rng, 8.0))
    gain = signals.unit_power(motion.speed * roughness).astype(np.float32)
    friction = signals.to_time(signals.noise(rng, magnitude)) * gain
    if fault == "no_grease":
        pitch = rng.uniform(3800, 5600) * (1 + 0.01 * signals.fluctuation(rng, 12.0))
        phase = 2 * np.pi * np.cumsum(pitch) / signals.SAMPLE_RATE
        friction += signals.decibel(SQUEAL_LEVEL) * gain * np.cos(phase).astype(np.float32)
    return friction


def _whine(unit: Slider, motion: Motion, rng: np.random.Generator) -> np.ndarray:
    """Return the motor's whine; frequency and amplitude follow the speed, as in the recordings."""
    top = unit.whine * (1 + 0.01 * rng.standard_normal())
    phase = 2 * np.pi * np.cumsum(top * (0.25 + 0.75 * motion.speed)) / signals.SAMPLE_RATE
    lines = signals.tones(phase, [1.0, 0.6], rng.uniform(0, 2 * np.pi, 2))
    gain = signals.unit_power(motion.speed)
    level = signals.decibel(unit.whine_level + rng.normal(0, 1.0))
    return (level * gain * lines).astype(np.float32)


def _knocks(
    unit: Slider, moments: np.ndarray, level: float, rng: np.random.Generator
) -> np.ndarray:
    """Return knocks at the given moments; `level` is that of an average unit's stops together."""
    signal = np.zeros(signals.LENGTH, np.float32)
    per_second = 1 / (unit.stroke + unit.pause)
    gain = signals.decibel(level) * np.sqrt(signals.SAMPLE_RATE / per_second)
    for moment in moments:
        force = gain * signals.decibel(rng.normal(0, 1.5))
        for mode in unit.stop_modes:
            tone = signals.ring(mode, min(0.12, 60 / mode), rng.uniform(0, 2 * np.pi))
            signals.add_burst(signal, moment, tone, 0.5 * force)
        signals.add_burst(signal, moment, signals.noise_burst(rng, 0.012), 0.35 * force)
    return signal


def _damage(unit: Slider, motion: Motion, rng: np.random.Generator) -> np.ndarray:
    """Return the rattle of the carriage at each pass over a notch in the rail."""
    signal = np.zeros(signals.LENGTH, np.float32)
    notch = rng.uniform(0.35, 0.65)
    passes = np.flatnonzero(np.diff(np.sign(motion.position - notch))) / signals.SAMPLE_RATE
    gain = signals.decibel(DAMAGE_LEVEL) * np.sqrt(signals.SAMPLE_RATE * (unit.stroke + unit.pause))
    for moment in passes:
        force = gain * signals.decibel(rng.normal(0, 1.5))
        for bounce in range(4):
            later = moment + 0.035 * bounce * rng.uniform(0.8, 1.2)
            burst = np.convolve(signals.noise_burst(rng, 0.03), RATTLE, mode="same")
            signals.add_burst(signal, later, burst, 0.5 * force * 0.8**bounce)
    return signal


def _along_rail(signal: np.ndarray, position: np.ndarray) -> dict[str, np.ndarray]:
    """Return the moving carriage's sound by the point of the rail where it is: part -> spectrum.

    It passes from one point to the next within a tenth of the rail: were it faded over the whole
    way, both would sound together and interfere.
    """
    left = np.clip((0.38 - position) / 0.1, 0, 1)
    right = np.clip((position - 0.62) / 0.1, 0, 1)
    shares = {"left": left, "centre": 1 - left - right, "right": right}
    return {part: signals.to_spectrum(signal * share) for part, share in shares.items()}


def _mostly_from_the_end(friction: np.ndarray, carriage: dict[str, np.ndarray]) -> list[PartSound]:
    """Return friction of which most sounds at the rail's worn end, wherever the carriage is."""
    power = {part: float(np.sum(np.abs(spectrum) ** 2)) for part, spectrum in carriage.items()}
    heard_as = tuple((part, value / sum(power.values())) for part, value in power.items())
    rest = np.float32(np.sqrt(1 - WORN))
    # 30 ms later: another noise at each moment, so that the two do not interfere.
    worn = np.float32(np.sqrt(WORN)) * signals.to_spectrum(np.roll(friction, 480))
    moving = [PartSound(part, rest * spectrum) for part, spectrum in carriage.items()]
    return [*moving, PartSound("damage", worn, heard_as)]
