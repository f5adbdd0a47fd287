"""Recordings of a pump for docs/own-machine.md: simulated, close to one microphone.

    python docs/example_recordings.py FOLDER [--normal 40] [--abnormal 8]

Writes FOLDER/normal/ and FOLDER/abnormal/, 10 s each, 16-bit WAV at 16 kHz; and FOLDER/today.wav,
40 s, whose pump begins to leak after 20.
"""

import argparse
from pathlib import Path

import numpy as np
import soundfile

from mimii_bench.corpus.mimii import SAMPLE_RATE, SAMPLES
from mimii_bench.corpus.simulate import pump, signals
from mimii_bench.corpus.simulate.faults import fault_of
from mimii_bench.util.seeds import generator

#: Of the microphone and the hall, against the pump's own sound.
NOISE_DB = -12.0


def recording(label: str, number: int) -> np.ndarray:
    """Return 10 s of a pump (sample,), as float in [-1, 1)."""
    rng = generator("example", label, number)
    fault = fault_of("pump", label, number)
    parts = pump.sounds(pump.UNITS["00"], fault and fault.name, rng)
    sound = signals.to_time(sum(part.spectrum for part in parts))[:SAMPLES]
    noise = rng.normal(size=SAMPLES) * signals.decibel(NOISE_DB) * np.std(sound)
    # A tenth of full scale: no clip is loud enough to be cut.
    return 0.03 * (sound + noise) / signals.decibel(3.0)


def write(folder: Path, normal: int, abnormal: int) -> None:
    """Write all of them."""
    for label, count in (("normal", normal), ("abnormal", abnormal)):
        (folder / label).mkdir(parents=True, exist_ok=True)
        for number in range(count):
            path = folder / label / f"{number:03d}.wav"
            soundfile.write(path, recording(label, number), SAMPLE_RATE)
    today = [recording("normal", 1000), recording("normal", 1001)]
    # Fault 0 of the pump is a jet beside the casing.
    today += [recording("abnormal", 1000), recording("abnormal", 1004)]
    soundfile.write(folder / "today.wav", np.concatenate(today), SAMPLE_RATE)


def main() -> None:
    """Write the recordings into the folder that is named."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--normal", type=int, default=40)
    parser.add_argument("--abnormal", type=int, default=8)
    given = parser.parse_args()
    write(given.folder, given.normal, given.abnormal)


if __name__ == "__main__":
    main()
