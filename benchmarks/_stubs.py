"""Stores and manifests of real shapes and counts, of frames that mean nothing.

What a training holds and how long a step takes depends on how many clips there are and on their
shapes, not on what is heard in them. The frames are one clip of noise, shifted for each clip.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import h5py
import numpy as np

from mimii_bench.corpus.base import Unit
from mimii_bench.features import store as stores
from mimii_bench.features import writing
from mimii_bench.features.build import build_feature
from mimii_bench.planning.project import Project
from mimii_bench.splits.base import make_split
from mimii_bench.splits.manifests import SplitRow, write_split
from mimii_bench.training.job import Files, TrainingJob
from mimii_bench.util.documents import read_yaml

ROOT = Path(__file__).parents[1]
#: Clips of each label that are only scored, one at a time.
SCORED = 10


def high_water() -> float:
    """MB that this process has had in memory at most.

    Not as `resource` counts it, which begins with what the process held that started this one.
    """
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) * 1.024e-3


def full_project(**given) -> Project:
    """The whole corpus as it is published, whether it is there or not."""
    configuration = {**read_yaml(ROOT / "config/mimii.yaml"), **given}
    return Project(ROOT, {**configuration, "mimii": {"folder": str(ROOT / "benchmarks/none")}})


def write_store(path: Path, given: dict, samples: int, rate: int, clips: Sequence[str]) -> None:
    """Write a store of `clips` of noise that reads as one of the feature."""
    feature = build_feature(given, rate)
    shape = (feature.frames(samples), feature.n_bins)
    rng = np.random.default_rng(0)
    noise = rng.standard_normal(shape, np.float32).astype(feature.dtype)
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, "w", rdcc_nbytes=0) as file:
        kind = writing.stored_type(feature.dtype)
        x = file.create_dataset(
            "x", (len(clips), *shape), kind, chunks=(1, *shape), fletcher32=True
        )
        crcs = np.empty(len(clips), np.uint32)
        for row in range(len(clips)):
            frames = np.roll(noise, row, axis=0)
            x[row], crcs[row] = frames, stores.crc(frames)
        file["clip"], file["label"] = list(clips), [clip.split("/")[0] for clip in clips]
        for start in range(0, len(crcs), stores.CRCS):
            x.attrs[f"crc32_{start}"] = crcs[start : start + stores.CRCS]
        file.attrs.update({**writing.description(feature, samples, "noise"), "place": ""})
        file.attrs["words_sha256"] = stores.words(file)


def manifest(project: Project, protocol: str, pool: str) -> list[SplitRow]:
    """The rows of a pool that train or validate, and a few of each label that test."""
    one = project.trainings.protocols[protocol]
    held = project.inventory.units
    rows = make_split({unit: held[unit] for unit in one.pools[pool]}, **one.split)
    tested = [
        row
        for label in ("normal", "abnormal")
        for row in [r for r in rows if (r.role, r.label) == ("test", label)][:SCORED]
    ]
    return [*(row for row in rows if row.role != "test"), *tested]


def write_inputs(
    project: Project, job: TrainingJob, rows: Sequence[SplitRow], folder: Path, samples: int
) -> Files:
    """Write what a job of one pool reads, below a folder."""
    (pool,) = job.pools
    split = folder / "split.csv"
    write_split(list(rows), split)
    wildcards = SimpleNamespace(protocol=job.protocol, system=job.system, job=job.path)
    paths = [folder / path for path in project.trainings.stores(wildcards)]
    given = [feature for feature in job.features for _ in job.units]
    for path, feature, unit in zip(paths, given, job.units * len(job.features), strict=True):
        own = sorted(row.clip for row in rows if row.unit == Unit(*unit))
        write_store(path, feature, samples, project.inventory.sample_rate, own or ["normal/none"])
    return Files({pool: str(split)}, list(map(str, paths)))
