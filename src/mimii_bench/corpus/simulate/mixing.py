"""Background noise at a signal-to-noise ratio, by the definition of the MIMII paper.

Purohit et al., DCASE 2019, section 3: with a the average power over all segments of a machine
model, a background segment of power b is scaled so that 10 log10(a / b) is the ratio, and added.
"""

from collections.abc import Iterable

import numpy as np

from mimii_bench.corpus.simulate.bank import Bank
from mimii_bench.corpus.simulate.recording import Model
from mimii_bench.util.seeds import generator

#: Probability that a segment of a second scene is added, and the range of its level in dB.
SECOND_SCENE = 0.7
SECOND_LEVEL = (-8.0, 0.0)


def power(signal: np.ndarray) -> float:
    """Return the mean square over samples and microphones."""
    # Not a dot product: BLAS adds in another order with another number of threads.
    return float(np.mean(np.square(signal), dtype=np.float64))


def average_power(model: Model, clips: Iterable[tuple[str, int]]) -> float:
    """Return `a`: the mean over a model's clips (label, number) of their recordings' power."""
    return float(np.mean([power(model.recording(label, number)) for label, number in clips]))


def background(
    bank: Bank, model: Model, label: str, number: int, snr: str, average: float
) -> np.ndarray:
    """Return the scaled background of one clip at one SNR, float32 (8, 160000).

    Parameters
    ----------
    snr : str
        In the names' form, e.g. "-6dB".
    average : float
        `a`, the model's average power.
    """
    rng = generator(
        "simulate", "background", model.seed, model.machine, model.id, label, number, snr
    )
    segment = _draw(bank, rng)
    wanted = average / 10 ** (float(snr.removesuffix("dB")) / 10)
    segment *= np.float32(np.sqrt(wanted / power(segment)))
    return segment


def _draw(bank: Bank, rng: np.random.Generator) -> np.ndarray:
    """Return a random segment, of one scene or of two together."""
    first, second = rng.permutation(bank.scenes)[:2]
    starts = rng.integers(0, bank.scene_length, 2)
    segment = bank.noise(first, starts[0])
    if rng.random() < SECOND_SCENE:
        gain = 10 ** (rng.uniform(*SECOND_LEVEL) / 20)
        segment += np.float32(gain) * bank.noise(second, starts[1])
    return segment


def quantise(mix: np.ndarray) -> np.ndarray:
    """Return a mix as 16-bit samples, int16, same shape.

    Raises
    ------
    ValueError
        A sample is beyond 16 bits; the levels leave 30 dB above the mix's RMS.
    """
    rounded = np.rint(mix)
    if max(rounded.max(), -rounded.min()) > 32767:
        raise ValueError("a simulated clip does not fit 16 bits; check recording.GAINS")
    return rounded.astype(np.int16)
