"""Exported systems beside ours: how far scores differ, how large a file is, how fast it scores.

    .venv/bin/python benchmarks/onnx_export.py [../shared/data] [--only knn_mean]

Every system of the leaderboard that can be exported, with its own features and options, is fitted
on half of the genuine clips of fan id_00 at 0 dB (few epochs: how good it is is no matter),
exported, and scores all of them, whole and cut to 3 s. Times are of one core, alternately, from
samples to score; the median of each is compared. Prints the table of docs/export.md; 10 minutes.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
import soundfile
import torch

from mimii_bench.export.detector_module import frames_of
from mimii_bench.export.onnx_file import export_onnx
from mimii_bench.export.proof import our_score, relative, session_of
from mimii_bench.features.build import build_feature
from mimii_bench.leaderboard.catalog import NamedSystem, named_systems
from mimii_bench.systems.base import System, make_system
from mimii_bench.systems.learning.schedule import Schedule
from mimii_bench.util.plugins import load

ROOT = Path(__file__).resolve().parents[1]
UNIT = "mimii/0dB/fan/id_00"
SHORT = 48_000
ROUNDS = 7
NOT_EXPORTED = ("discriminative_embedding.DiscriminativeEmbedding",)
COLUMNS = (
    *("system", "begins at", "of mean score", "of own score", "MB"),
    *("onnxruntime, ms", "ours, ms", "ratio"),
)


@dataclass
class Rules:
    """What the recordings are like."""

    sample_rate: int
    channels: int


@dataclass
class Fitted:
    """A detector as the export takes it."""

    system: System
    features: list
    mixes: list[str]
    front_end: Rules
    kind: str
    threshold: float
    description: dict


def read_clips(folder: Path) -> tuple[list[np.ndarray], list[str], int]:
    """Return the clips (channel, sample), their labels and the sample rate."""
    clips, labels, rate = [], [], 0
    for label in ("normal", "abnormal"):
        for path in sorted((folder / UNIT / label).glob("*.flac")):
            samples, rate = soundfile.read(path, dtype="float32")
            clips.append(np.ascontiguousarray(samples.T))
            labels.append(label)
    if not clips:
        raise SystemExit(f"{folder / UNIT}: no recordings; name the folder of the genuine clips")
    return clips, labels, rate


def fit(named: NamedSystem, clips: list[np.ndarray], labels: list[str], rate: int) -> Fitted:
    """Return a detector of one system, fitted on every other clip."""
    found = load("systems", named.class_name)
    options = dict(named.options)
    if issubclass(found.Options, Schedule):
        # Classifiers must have learned something, or they call all clips the same.
        options["epochs"] = 20 if found.learns else 1
    detector = Fitted(
        system=make_system(found, options),
        features=[build_feature(source["feature"], rate) for source in named.inputs],
        mixes=[source["mix"] for source in named.inputs],
        front_end=Rules(rate, len(clips[0])),
        kind=named.kinds[0],
        threshold=0.0,
        description={"system": {"name": named.name}},
    )
    half = clips[::2]
    targets = {
        "label": labels[::2],
        "id": ["00" if place % 2 else "02" for place in range(len(half))],
    }.get(named.learns)
    inputs = map(np.stack, zip(*(frames_of(detector, clip) for clip in half), strict=True))
    detector.system.fit(*inputs, *((np.array(targets),) if targets else ()))
    return detector


def medians(*runs: Callable[[], object]) -> list[float]:
    """Return the median milliseconds of each of several functions, run alternately."""
    times: list[list[float]] = [[] for _ in runs]
    for _ in range(ROUNDS):
        for run, own in zip(runs, times, strict=True):
            start = time.perf_counter()
            run()
            own.append(1000 * (time.perf_counter() - start))
    return [statistics.median(own) for own in times]


def row(detector: Fitted, clips: list[np.ndarray], path: Path) -> str:
    """Export a detector and return its row of the table."""
    told = export_onnx(detector, path)
    session = session_of(str(path))
    ids = {"id": np.array(0)} if detector.system.learns == "id" else {}

    def exported(samples: np.ndarray) -> float:
        return float(session.run(None, {"samples": samples, **ids})[0])

    every = [*clips, *(clip[:, :SHORT] for clip in clips)]
    found = np.array([exported(clip) for clip in every])
    wanted = np.array([our_score(detector, clip) for clip in every])
    # The nearest neighbour of a training clip is itself, at a distance of 0.
    own = np.abs(found / wanted - 1)[np.abs(wanted) > 1e-6 * np.abs(wanted).mean()].max()
    theirs, ours = medians(lambda: exported(clips[0]), lambda: our_score(detector, clips[0]))
    return (
        f"| {detector.description['system']['name']} | {told.facts['begins_at']} "
        f"| {relative(found, wanted):.0e} | {own:.0e} | {path.stat().st_size / 1e6:.2f} "
        f"| {theirs:.1f} | {ours:.1f} | {theirs / ours:.2f} |"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", nargs="?", type=Path, default=ROOT.parent / "shared/data")
    parser.add_argument("--only", nargs="*", help="Some systems.")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    clips, labels, rate = read_clips(asked.data)
    print(f"| {' | '.join(COLUMNS)} |")
    print(f"|{'---|' * len(COLUMNS)}")
    with TemporaryDirectory() as folder:
        for name, named in named_systems().items():
            if asked.only and name not in asked.only:
                continue
            if named.class_name in NOT_EXPORTED:
                continue
            detector = fit(named, clips, labels, rate)
            print(row(detector, clips, Path(folder) / f"{name}.onnx"), flush=True)


if __name__ == "__main__":
    main()
