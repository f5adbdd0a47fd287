"""From the bytes of a 10-s WAV to a score, by loaded models, as multiples of real time.

    .venv/bin/python benchmarks/score_clip.py [SYSTEM...] [--normals 40] [--rounds 200]

Each system learns from noise here (networks for one epoch: the time of a score does not depend on
it), and scores one clip again and again on one core; medians of CPU time. The parts of a score:
decoding, mix and level checks; the feature; the system. Telling the seconds is counted apart.
"""

import os

for _library in ("OMP", "OPENBLAS", "MKL"):
    os.environ[f"{_library}_NUM_THREADS"] = "1"

import argparse
import io
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile
from tabulate import tabulate

from mimii_bench.audio.levels import Levels
from mimii_bench.audio.streams import stream_of_bytes
from mimii_bench.detector.detector import Detector, scores_of
from mimii_bench.detector.fitting import Request, fit_detector
from mimii_bench.detector.recordings import find
from mimii_bench.detector.scoring import Judge
from mimii_bench.leaderboard.catalog import find_system

SECONDS, RATE = 10, 16_000
SYSTEMS = ("knn_mean", "gmm", "one_class_svm", "isolation_forest", "baseline_ae", "dcase_ae")


def wav(seed: int) -> bytes:
    """Return a clip of noise as a 16-bit WAV of one channel."""
    samples = np.random.default_rng(seed).normal(0, 0.05, SECONDS * RATE)
    file = io.BytesIO()
    soundfile.write(file, samples, RATE, format="WAV", subtype="PCM_16")
    return file.getvalue()


def fitted(name: str, folder: Path) -> Detector:
    """Return a detector that learned from the clips in a folder."""
    system = find_system(name)
    options = {"epochs": 1} if "epochs" in system.options else {}
    return fit_detector(find(folder).recordings, Request(system, options, folds=2))[0]


def median_ms(function: Callable[[], object], rounds: int) -> float:
    """Return the median CPU milliseconds of a call, after some that do not count."""
    times = []
    for number in range(rounds + 5):
        begun = time.process_time()
        function()
        if number >= 5:
            times.append(time.process_time() - begun)
    return 1000 * statistics.median(times)


def row(name: str, folder: Path, rounds: int) -> list[str]:
    """Return a system's line of the table."""
    detector, data = fitted(name, folder), wav(-1 % 2**32)
    hearing = detector.hearing

    def mixed() -> list:
        stream = stream_of_bytes(data, "clip")
        return list(hearing.front_end.heard(stream, hearing.mixes, Levels()))

    [heard] = hearing.listen(stream_of_bytes(data, "clip"), Levels())
    judges = Judge(detector, seconds=False), Judge(detector)
    alone, all_of_it = (median_ms(lambda j=judge: j.data(data), rounds) for judge in judges)
    parts = [
        median_ms(mixed, rounds),
        sum(
            median_ms(lambda f=feature: f.transform(heard.sound), rounds)
            for feature in hearing.features
        ),
        median_ms(lambda: scores_of(detector.system, detector.kind, [heard.inputs]), rounds),
    ]
    shares = [f"{part / alone:.0%}" for part in parts]
    return [name, f"{alone:.1f}", times(alone), *shares, f"{all_of_it:.1f}", times(all_of_it)]


def times(milliseconds: float) -> str:
    """Return how many times faster than real time a clip is scored."""
    return f"{1000 * SECONDS / milliseconds:.0f}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("systems", nargs="*", default=SYSTEMS)
    parser.add_argument("--normals", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=200)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(given.normals):
            Path(folder, f"{seed:04d}.wav").write_bytes(wav(seed))
        rows = [row(name, Path(folder), given.rounds) for name in given.systems]
    headers = ["system", "ms a clip", "times real time", "decode, mix, levels", "feature"]
    headers += ["system alone", "ms with seconds", "times real time"]
    print(tabulate(rows, headers, tablefmt="github"))


if __name__ == "__main__":
    main()
