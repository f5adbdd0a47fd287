"""Stubs: clips to rehearse a run of the real size with, in minutes and on little disk.

A stub is a sixteenth of a second of factory noise at all microphones, over and over, at a few steps
of amplitude: nothing of a machine is heard in it, and it packs to a thirtieth. What a run does with
clips it does with these. Every clip differs from every other; those of one recording at several
SNRs share the louder part of their sound.
"""

import numpy as np

from mimii_bench.corpus.simulate.bank import Bank
from mimii_bench.util.seeds import generator

#: Samples that are repeated: with 8 channels of 2 bytes, deflate's window holds them.
PERIOD = 1_000
#: Root mean square of the recording, and of what is added at 0 dB, in steps of 16 bits.
LEVEL, ADDED = 6.0, 3.0


def stub(
    bank: Bank, seed: int, machine: str, id: str, label: str, number: int, snr: str, samples: int
) -> np.ndarray:
    """Return a stub, int16 (8, samples); it depends on the arguments alone."""
    place = ("stub", seed, machine, id, label, number)
    decibels = float(snr.removesuffix("dB"))
    recording = LEVEL * _drawn(bank, *place)
    background = ADDED * 10 ** (-decibels / 20) * _drawn(bank, *place, snr)
    period = np.rint(recording + background).astype(np.int16)
    return np.tile(period, (1, -(-samples // PERIOD)))[:, :samples]


def _drawn(bank: Bank, *place: object) -> np.ndarray:
    """Return a period of noise from a random place of a random scene, of mean square 1."""
    rng = generator("simulate", *place)
    scene, start = rng.integers(bank.scenes), rng.integers(bank.scene_length)
    found = bank.noise(scene, start, PERIOD)
    return found / np.sqrt(np.mean(np.square(found), dtype=np.float64))
