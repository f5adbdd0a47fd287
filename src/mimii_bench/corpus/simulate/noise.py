"""Factory noise: what the array hears of the hall while the machine under test is silent.

A handful of scenes, each periodic (it may be read from any sample on, round its end): a diffuse
field, which has the coherence of sound from all directions, and single sources at places in the
hall, heard through its impulse responses.
"""

from collections.abc import Callable

import numpy as np
from scipy import fft

from mimii_bench.corpus.mimii import CHANNELS, SAMPLE_RATE
from mimii_bench.corpus.simulate import room, signals
from mimii_bench.util.seeds import generator

SCENES = 8
#: 2^10 * 5^3 * 7 samples = 56 s a scene.
SCENE_LENGTH = 896_000
#: Mean square of a stored scene is 1; int16 holds it at this scale (crest factors up to 54).
STORED_RMS = 600.0

#: Envelope of the diffuse field (ventilation, many far machines): falls like 1/f and faster.
DIFFUSE = ((20, 4.0), (60, 7.0), (150, 2.0), (400, -4.0), (1000, -10.5), (3000, -20.5), (8000, -32))


def diffuse_field(rng: np.random.Generator, tilt: float) -> np.ndarray:
    """Return noise of a spherically isotropic field at the array, shape (8, SCENE_LENGTH).

    The coherence matrix of a circular array is circulant: the discrete Fourier transform over the
    microphones diagonalises it, so that independent noises weighted by the square roots of its
    eigenvalues and transformed have that coherence (cf. Habets et al., 2008, for general arrays).

    Parameters
    ----------
    tilt : float
        DB per octave above 250 Hz, added to the envelope; scenes differ in brightness.
    """
    frequencies = np.arange(SCENE_LENGTH // 2 + 1) * (SAMPLE_RATE / SCENE_LENGTH)
    # Eigenvalues are smooth in frequency: 20-Hz steps are plenty.
    grid = np.arange(0, SAMPLE_RATE / 2 + 20, 20.0)
    eigenvalues = np.maximum(fft.fft(room.diffuse_coherence(grid), axis=0).real, 0.0)
    points = tuple((f, level + tilt * max(0.0, np.log2(f / 250))) for f, level in DIFFUSE)
    magnitude = signals.envelope(points, length=SCENE_LENGTH)
    modes = np.empty((CHANNELS, len(frequencies)), np.complex64)
    for order in range(CHANNELS):
        weight = np.sqrt(np.interp(frequencies, grid, eigenvalues[order]))
        modes[order] = signals.noise(rng, magnitude * weight.astype(np.float32))
    # Not irfft over the microphones: mode +m and mode -m are independent complex noises, and
    # only the time signal has to be real.
    spectra = fft.fft(modes, axis=0, overwrite_x=True) / np.float32(np.sqrt(CHANNELS))
    return fft.irfft(spectra, SCENE_LENGTH, axis=1)


def rotating_machine(rng: np.random.Generator) -> np.ndarray:
    """Return a distant rotating machine: lines up to 2.5 kHz and its bearings' hiss."""
    shaft = rng.uniform(14, 58)
    # A whole number of turns in the scene keeps it periodic.
    turns = round(shaft * SCENE_LENGTH / SAMPLE_RATE)
    time = np.arange(SCENE_LENGTH) / SCENE_LENGTH
    drift = sum(
        rng.normal(0, 0.004 * turns / cycles) * np.sin(2 * np.pi * (cycles * time + rng.uniform()))
        for cycles in (2, 3, 5, 8)
    ) / (2 * np.pi)
    phase = 2 * np.pi * (turns * time + drift)
    count = int(2500 / shaft)
    order = np.arange(1, count + 1)
    amplitudes = 10 ** (rng.normal(0, 5, count) / 20) / order**0.6
    amplitudes[rng.random(count) < 0.6] = 0.0
    strong = rng.integers(1, count + 1, 2)
    amplitudes[strong - 1] = rng.uniform(0.4, 1.0, 2)
    lines = signals.tones(phase, amplitudes, rng.uniform(0, 2 * np.pi, count))
    hiss = ((20, -20.0), (300, 0.0), (1500, -3.0), (8000, -22.0))
    bands = ((rng.uniform(1800, 3000), 8.0, 6.0), (rng.uniform(5500, 7500), 14.0, 10.0))
    rough = signals.envelope(hiss, bands, SCENE_LENGTH)
    return unit_rms(lines) + 0.4 * signals.to_time(signals.noise(rng, rough), SCENE_LENGTH)


def hammering(rng: np.random.Generator) -> np.ndarray:
    """Return distant blows on metal, in groups."""
    signal = np.zeros(SCENE_LENGTH, np.float32)
    modes = rng.uniform(300, 2800, 4)
    for start in np.cumsum(rng.uniform(3, 11, 8)):
        for stroke in range(rng.integers(2, 7)):
            moment = start + stroke * rng.uniform(0.35, 0.6)
            for mode in modes:
                burst = signals.ring(mode, rng.uniform(0.08, 0.25), rng.uniform(0, 6.28))
                signals.add_burst(signal, moment, burst, rng.uniform(0.3, 1), circular=True)
            signals.add_burst(signal, moment, signals.noise_burst(rng, 0.03), 0.7, circular=True)
    return unit_rms(signal)


def voices(rng: np.random.Generator) -> np.ndarray:
    """Return speech-like sound: a voiced source in moving formant bands, in syllables."""
    pitch = rng.uniform(95, 190) * (1 + 0.1 * signals.fluctuation(rng, 3.0, SCENE_LENGTH))
    phase = 2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE
    source = signals.tones(phase, [1 / k for k in range(1, 22)], rng.uniform(0, 6.28, 21))
    total = np.zeros(SCENE_LENGTH, np.float32)
    flat = ((20, -40.0), (300, -12.0), (1500, -10.0), (8000, -40.0))
    for formant in (rng.uniform(350, 750), rng.uniform(900, 1900), rng.uniform(2200, 3000)):
        band = signals.envelope(flat, ((formant, 9.0, 26.0),), SCENE_LENGTH)
        syllables = np.maximum(signals.fluctuation(rng, 5.0, SCENE_LENGTH), 0)
        voiced = signals.to_time(fft.rfft(source) * band, SCENE_LENGTH)
        total += unit_rms(voiced) * syllables.astype(np.float32)
    talking = signals.fluctuation(rng, 0.35, SCENE_LENGTH) > 0.2
    return unit_rms(total * smooth_gate(talking, 0.1))


def air_blow(rng: np.random.Generator) -> np.ndarray:
    """Return compressed air let out for seconds at a time: broadband, from one place."""
    band = ((20, -40.0), (300, -6.0), (2500, 0.0), (8000, -6.0))
    magnitude = signals.envelope(band, ((rng.uniform(1500, 5500), 3.0, 4.0),), SCENE_LENGTH)
    signal = signals.to_time(signals.noise(rng, magnitude), SCENE_LENGTH)
    blowing = signals.fluctuation(rng, 0.5, SCENE_LENGTH) > rng.uniform(0.9, 1.5)
    return unit_rms(signal * smooth_gate(blowing, 0.6) + 1e-3 * signal)


def reversing_beeper(rng: np.random.Generator) -> np.ndarray:
    """Return a vehicle's high warning beeps, near 6 kHz as in the recordings, now and then."""
    signal = np.zeros(SCENE_LENGTH, np.float32)
    pitch = rng.uniform(5900, 6250)
    count = int(0.35 * SAMPLE_RATE)
    n = np.arange(count)
    chirp = np.sin(2 * np.pi * (pitch - 60 * n / count) / SAMPLE_RATE * n) * np.hanning(count)
    for start in np.cumsum(rng.uniform(6, 16, 5)):
        for beep in range(rng.integers(1, 5)):
            signals.add_burst(signal, start + 2.0 * beep, chirp, 1.0, circular=True)
    return unit_rms(signal)


def rumble(rng: np.random.Generator) -> np.ndarray:
    """Return the low-frequency rumble of carts and doors, swelling and fading."""
    band = ((20, -6.0), (50, 0.0), (120, -6.0), (400, -26.0), (8000, -70.0))
    magnitude = signals.envelope(band, length=SCENE_LENGTH)
    signal = signals.to_time(signals.noise(rng, magnitude), SCENE_LENGTH)
    swell = np.exp(0.7 * signals.fluctuation(rng, 0.4, SCENE_LENGTH))
    return unit_rms(signal * swell.astype(np.float32))


#: What may sound in a scene: maker, places, level in dB against the diffuse field (mean, spread),
#: probability that a scene has it.
SOURCES: tuple[tuple[Callable, tuple[str, ...], float, float, float], ...] = (
    (rotating_machine, ("machine_hall_north", "machine_hall_east"), -3.0, 2.0, 1.0),
    (rotating_machine, ("machine_hall_south", "machine_hall_west"), -6.0, 2.5, 1.0),
    (rotating_machine, ("compressor", "ventilation"), -7.0, 3.0, 0.7),
    (rumble, ("gate", "crane"), -4.0, 3.5, 0.8),
    (air_blow, ("blow_gun", "press"), -13.0, 2.0, 0.4),
    (hammering, ("workbench", "press", "gate"), -18.0, 2.0, 0.5),
    (voices, ("aisle", "workbench"), -19.0, 2.0, 0.4),
    (reversing_beeper, ("aisle", "gate"), -24.0, 3.0, 0.5),
)


def unit_rms(signal: np.ndarray) -> np.ndarray:
    """Return the signal scaled to a mean square of 1, float32."""
    return (signal / np.sqrt(np.mean(np.square(signal, dtype=np.float64)))).astype(np.float32)


def smooth_gate(open_: np.ndarray, rise: float) -> np.ndarray:
    """Return a gate of 0 and 1 whose edges are `rise` seconds long, float32."""
    window = max(1, int(rise * SAMPLE_RATE))
    total = np.concatenate([[0.0], np.cumsum(np.concatenate([open_, open_[:window]]))])
    return ((total[window:] - total[:-window])[: len(open_)] / window).astype(np.float32)


def make_scene(seed: int, number: int, responses: dict[str, np.ndarray]) -> np.ndarray:
    """Return one scene's noise at the array, mean square 1, float32 (8, SCENE_LENGTH).

    Parameters
    ----------
    responses : dict[str, np.ndarray]
        Place -> impulse responses, shape (8, RESPONSE_LENGTH).
    """
    rng = generator("simulate", "noise", seed, number)
    scene = diffuse_field(rng, tilt=rng.normal(0.0, 1.2))
    scene /= np.sqrt(np.mean(scene**2))
    for index, (make, places, level, spread, probability) in enumerate(SOURCES):
        # A generator of its own, so that one source's presence does not move the others.
        rng = generator("simulate", "noise", seed, number, index)
        if rng.random() >= probability:
            continue
        place = places[rng.integers(len(places))]
        gain = signals.decibel(rng.normal(level, spread))
        signal = make(rng)
        heard = fft.irfft(fft.rfft(signal) * fft.rfft(responses[place], SCENE_LENGTH), SCENE_LENGTH)
        scene += np.float32(gain / np.sqrt(np.mean(heard**2))) * heard
    return scene / np.sqrt(np.mean(scene**2))


def stored(scene: np.ndarray) -> np.ndarray:
    """Return a scene as int16 at `STORED_RMS`, limited to the range."""
    return np.clip(np.rint(scene * STORED_RMS), -32768, 32767).astype(np.int16)
