"""The memory that a training is given: the frames that it holds at once, and what works on them."""

from __future__ import annotations

from collections import Counter
from functools import cache

from mimii_bench.features.build import build_feature
from mimii_bench.splits.base import make_split, recalled
from mimii_bench.systems.base import system_class
from mimii_bench.util.plugins import load

#: Times what is measured: processors, libraries and the order of allocations differ.
SPARE = 1.15
#: Times the frames that are held: the places of their windows, in several orders, lie beside them.
BESIDE = 1.3
#: Seconds that a recording is taken to have where recordings differ in length.
TYPICAL_SECONDS = 10


class Reserved:
    """What the trainings of a project take at most.

    docs/measurements.md holds it against what they took.
    """

    def __init__(self, project):
        self._project = project
        self._labels = cache(self._labels_of)
        self._clip = cache(self._clip_of)

    def training(self, wildcards) -> int:
        """Return the MB of a job of trainings, which are done one after the other."""
        job = self._project.trainings.job(wildcards)
        trained = self._project.trainings.system(wildcards)
        found = system_class(load("systems", job.class_name))
        clips = max(self._held(wildcards.protocol, pool, trained, found) for pool in job.pools)
        frames = [self._clip(source["feature"]) for source in trained.inputs]
        own = found.working_memory(job.options, [shape for shape, _ in frames])
        held = clips * sum(size for _, size in frames) / 1e6
        return round(SPARE * (own + BESIDE * held))

    def _held(self, protocol: str, pool: str, trained, found: type) -> int:
        """Return how many clips of a pool are in memory at once: those that train or validate."""
        # Of a class from elsewhere only its objects may say what they learn.
        learned = ("normal",) if found.learns in (None, "id") else ("normal", "abnormal")
        roles = {*trained.roles, "validation"}
        there = self._labels(protocol, pool)
        return sum(there.get(f"{role} {label}", 0) for role in roles for label in learned)

    def _labels_of(self, protocol: str, pool: str) -> dict[str, int]:
        """Return how many clips of each role and label a pool has, before copies are left out."""
        one = self._project.trainings.protocols[protocol]
        units = self._project.inventory.units
        clips = {unit: units[unit] for unit in one.pools[pool]}

        def compute() -> dict[str, int]:
            return Counter(f"{row.role} {row.label}" for row in make_split(clips, **one.split))

        return recalled(["labels"], clips, compute, **one.split)

    def _clip_of(self, feature: str) -> tuple[tuple[int, int], int]:
        """Return the frames and bins of a clip, and its bytes."""
        inventory = self._project.inventory
        rate = inventory.sample_rate
        made = build_feature(self._project.feature_files.by_name[feature], rate)
        shape = made.frames(inventory.samples or TYPICAL_SECONDS * rate), made.n_bins
        return shape, shape[0] * shape[1] * made.dtype().itemsize
