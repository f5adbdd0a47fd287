"""Memory of a training at its peak, against what the plan declares for it.

    .venv/bin/python benchmarks/training_memory.py [--only complex_net/] [--folder /tmp/memory]

For every system of the reports and for the leaderboard's own: its largest pool of the whole
corpus, with stores of real shapes and counts (`_stubs.py`), two steps, and the scores of twenty
clips, in a process of its own as the rule `fit_and_score` runs it. The largest one writes and holds
5 GB. Prints a table in Markdown.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from _stubs import ROOT, full_project, high_water, manifest, write_inputs
from mimii_bench.features.build import build_feature
from mimii_bench.splits.manifests import SplitRow
from mimii_bench.systems.base import system_class
from mimii_bench.training.job import TrainingJob
from mimii_bench.util.plugins import load

STEPS = 2
#: What a system can hold its inputs by beside the clips: those alike are measured once.
ALIKE = ("network", "width", "heads", "mixtures", "hidden", "batch_size", "micro_batch", "alphas")


def jobs(project) -> Iterator[TrainingJob]:
    """The first job of the largest pool of each system that is like none before it."""
    seen = set()
    for protocol, one in project.trainings.protocols.items():
        for system in one.systems:
            found = project.trainings.of_system(protocol, system)
            if not found:
                continue
            largest = max(found.values(), key=lambda job: declared(project, job))
            options = {key: largest.options.get(key) for key in ALIKE}
            key = repr((largest.class_name, options, largest.features))
            if key not in seen:
                seen.add(key)
                yield largest


def declared(project, job: TrainingJob) -> float:
    """What the rule reserves, in MB."""
    wildcards = SimpleNamespace(protocol=job.protocol, system=job.system, job=job.path)
    return project.reserved.training(wildcards)


def peak(job: TrainingJob, files, folder: Path) -> float:
    """MB that the process of a training had in memory at most."""
    options = {**job.options, "max_steps": STEPS} if "max_steps" in job.options else job.options
    given = {"job": replace(job, options=options).plain(), "files": files, "to": str(folder)}
    (folder / "job.json").write_text(json.dumps(given))
    child = subprocess.run(
        [sys.executable, __file__, "--train", str(folder / "job.json")],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return float(child.stdout)


def fewer(rows: list[SplitRow], clips: int | None) -> list[SplitRow]:
    """Every so manieth row, so that about so many train."""
    return rows[:: max(1, len(rows) // clips)] if clips else rows


def train(path: Path) -> None:
    """Fit and score as the rule's script does."""
    from mimii_bench.training import running
    from mimii_bench.training.job import Files

    given = json.loads(path.read_text())
    job = TrainingJob.from_plain(given["job"])
    running.fit_and_score(job, Files(*given["files"]), Path(given["to"], "models"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", help="what the names of systems begin with")
    parser.add_argument("--clips", type=int, help="train on so many clips alone, not on all")
    parser.add_argument("--folder", type=Path, default=ROOT / "results/benchmarks/memory")
    parser.add_argument("--train", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.train:
        train(asked.train)
        print(high_water())
        return
    project = full_project(jobs="pool")
    print("| system | pool | clips held | their MB | declared, MB | peak, MB | declared / peak |")
    print("|---|---|---|---|---|---|---|", flush=True)
    for job in jobs(project):
        name = f"{job.protocol}/{job.system}"
        if not name.startswith(asked.only):
            continue
        (pool,) = job.pools
        rows = fewer(manifest(project, job.protocol, pool), asked.clips)
        folder = asked.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        files = write_inputs(project, job, rows, folder, project.inventory.samples)
        found, wanted = peak(job, files, folder), declared(project, job)
        held = len(held_of(job, rows))
        size = sum(bytes_of(project, feature) for feature in job.features) / 1e6
        print(
            f"| {name} | {pool} | {held} | {held * size:.0f} | {wanted:.0f} | {found:.0f} "
            f"| {wanted / found:.2f} |",
            flush=True,
        )
        shutil.rmtree(folder)


def bytes_of(project, given: dict) -> int:
    """Bytes of the frames of one clip."""
    feature = build_feature(given, project.inventory.sample_rate)
    frames = feature.frames(project.inventory.samples)
    return frames * feature.n_bins * np.dtype(feature.dtype).itemsize


def held_of(job: TrainingJob, rows: list[SplitRow]) -> list[SplitRow]:
    """The rows whose clips a training has in memory at once."""
    learned = system_class(load("systems", job.class_name)).learns == "label"
    roles = {*job.roles, "validation"}
    return [row for row in rows if row.role in roles and (learned or row.label == "normal")]


if __name__ == "__main__":
    main()
