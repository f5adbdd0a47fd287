"""Recordings of a hum, and of one that rattles, for the tests of detectors."""

import numpy as np
import soundfile

from mimii_bench.detector.fitting import Request, fit_detector
from mimii_bench.detector.recordings import find
from mimii_bench.leaderboard.catalog import find_system


def hum(seed, seconds=4.0, rate=16_000, channels=1, rattle=0.0):
    """Return a hum with noise (sample, channel); `rattle` adds so much above 2 kHz."""
    rng = np.random.default_rng(seed)
    count = round(seconds * rate)
    time = np.arange(count) / rate
    sound = np.sin(2 * np.pi * 120 * time + rng.uniform(0, 6)) + 0.3 * rng.normal(size=count)
    sound += rattle * np.sin(2 * np.pi * 3000 * time)
    heard = sound[:, None] + 0.1 * rng.normal(size=(count, channels))
    return (0.05 * rng.uniform(0.9, 1.1) * heard).astype(np.float32)


def write(path, samples, rate=16_000, **how):
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, samples, rate, **how)
    return path


def hums(folder, normal=8, abnormal=0, **how):
    """Write recordings into `folder`, in normal/ and abnormal/ where there are abnormal ones."""
    inside = folder / "normal" if abnormal else folder
    for seed in range(normal):
        write(inside / f"{seed:02d}.wav", hum(seed, **how), how.get("rate", 16_000))
    for seed in range(abnormal):
        sound = hum(100 + seed, rattle=1.0, **how)
        write(folder / "abnormal" / f"{seed:02d}.wav", sound, how.get("rate", 16_000))
    return folder


def fitted(folder, system="knn_mean", **asked):
    """Return the detector of the recordings in a folder, and what was said."""
    said = []
    request = Request(find_system(system), **asked)
    detector, learned = fit_detector(find(folder).recordings, request, say=said.append)
    return detector, learned, said
