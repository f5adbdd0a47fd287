"""One machine in the hall, heard by the array, without noise."""

from importlib import import_module

import numpy as np
from scipy import fft

from mimii_bench.corpus.mimii import SAMPLES
from mimii_bench.corpus.simulate import model_module, signals
from mimii_bench.corpus.simulate.faults import fault_of
from mimii_bench.corpus.simulate.part_sound import PartSound
from mimii_bench.util.seeds import generator

#: Amplitude of each unit in steps of 16-bit samples per unit of its model's level, so that the mix
#: at -6 dB has about the RMS of the real one.
GAINS = {
    "fan": {"00": 69.2, "02": 66.3, "04": 63.8, "06": 74.6},
    "pump": {"00": 72.3, "02": 78.6, "04": 65.8, "06": 83.2},
    "slider": {"00": 90.5, "02": 89.6, "04": 77.0, "06": 96.6},
    "valve": {"00": 37.4, "02": 49.0, "04": 31.0, "06": 48.6},
}

#: Hz over which a response's power is smoothed before two places are matched.
MATCHING_BANDWIDTH = 30.0
#: No more than this is amplified or damped, in dB.
MATCHING_LIMIT = 25.0


class Model:
    """A machine model in MIMII's sense, machine type and id, standing in the hall.

    Parameters
    ----------
    responses : dict[str, np.ndarray]
        Part -> impulse responses to the microphones, float32 (8, taps).
    seed : int
        Of the corpus.
    """

    def __init__(self, machine: str, id: str, responses: dict[str, np.ndarray], seed: int) -> None:
        self.machine, self.id, self.seed = machine, id, seed
        self._module = import_module(model_module(machine))
        self._unit = self._module.UNITS[id]
        self._gain = np.float32(GAINS[machine][id])
        self._transfer = {
            part: fft.rfft(response, signals.LENGTH) for part, response in responses.items()
        }

    def recording(self, label: str, number: int) -> np.ndarray:
        """Return a clip's machine sound at the microphones, float32 (8, 160000).

        It depends on the seed, the machine, its id, the label and the number alone; the unit of
        amplitude is one step of a 16-bit sample.
        """
        fault = fault_of(self.machine, label, number)
        rng = generator("simulate", "recording", self.seed, self.machine, self.id, label, number)
        return self.heard(self._module.sounds(self._unit, fault.name if fault else None, rng))

    def heard(self, sounds: list[PartSound]) -> np.ndarray:
        """Return sounds at the microphones, float32 (8, 160000)."""
        total = 0
        for sound in sounds:
            spectrum = sound.spectrum
            if sound.heard_as:
                spectrum = spectrum * self._matching(sound.part, sound.heard_as)
            total = total + self._transfer[sound.part] * spectrum
        return self._gain * fft.irfft(total, signals.LENGTH)[:, -SAMPLES:]

    def _matching(self, part: str, heard_as: tuple[tuple[str, float], ...]) -> np.ndarray:
        """Return the filter's magnitude that makes `part` sound like others at microphone 0."""
        there = _smoothed(np.abs(self._transfer[part][0]) ** 2)
        meant = sum(
            share * _smoothed(np.abs(self._transfer[other][0]) ** 2) for other, share in heard_as
        )
        limit = 10 ** (MATCHING_LIMIT / 20)
        return np.clip(np.sqrt(meant / there), 1 / limit, limit).astype(np.float32)


def _smoothed(power: np.ndarray) -> np.ndarray:
    """Return the moving mean of a power spectrum over `MATCHING_BANDWIDTH`."""
    half = round(MATCHING_BANDWIDTH / 2 / signals.SAMPLE_RATE * signals.LENGTH)
    padded = np.pad(power.astype(np.float64), half + 1, mode="reflect")
    total = np.cumsum(padded)
    return (total[2 * half + 1 :] - total[: -2 * half - 1])[: len(power)] / (2 * half + 1)
