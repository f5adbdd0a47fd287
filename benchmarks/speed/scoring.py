"""From the bytes of a 10-s WAV to its score, in multiples of real time; see `score_clip.py`."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import torch

import score_clip
from mimii_bench.detector.scoring import Judge
from speed.contests import Contest, Run, Target

NORMALS, CALLS = 20, 20
#: By how often real time a system is to score.
WANTED = {"baseline_ae": 500, "dcase_ae": 500} | dict.fromkeys(
    ("knn_mean", "gmm", "one_class_svm", "isolation_forest"), 100
)


def contests() -> Iterator[Contest]:
    """Yield one, with a run per system."""
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(NORMALS):
            Path(folder, f"{seed:04d}.wav").write_bytes(score_clip.wav(seed))
        runs = {name: times_real_time(name, Path(folder)) for name in WANTED}
    targets = [Target(name, "", wanted, "at least") for name, wanted in WANTED.items()]
    yield Contest("score of a WAV of 10 s", "times real time", runs, targets)


def times_real_time(name: str, folder: Path) -> Run:
    """Return a run that scores one clip by a system that has learned from a folder."""
    judge = Judge(score_clip.fitted(name, folder), seconds=False)
    data = score_clip.wav(NORMALS)

    def run() -> float:
        start = time.process_time()
        for _ in range(CALLS):
            judge.data(data)
        return score_clip.SECONDS * CALLS / (time.process_time() - start)

    return run
