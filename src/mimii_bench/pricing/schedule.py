"""A run in the head: jobs side by side on some cores, and the disk at every moment.

As Snakemake's greedy scheduler does it: a job starts as soon as all that it needs is there and a
core is free.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from mimii_bench.pricing.jobs import Job


class Course(NamedTuple):
    """How a run goes.

    Attributes
    ----------
    seconds : float
        From the start of the first job to the end of the last.
    peak : float
        The most bytes that lie on the disk at once.
    folder_peaks : {folder: bytes}
    final : {folder: bytes}
        What lies there in the end.
    """

    seconds: float
    peak: float
    folder_peaks: Mapping[str, float]
    final: Mapping[str, float]


class Step(NamedTuple):
    """What a schedule must know of a job.

    Attributes
    ----------
    seconds : float
    cores : int
    disk : {folder: bytes}
        That it makes.
    """

    seconds: float
    cores: int
    disk: Mapping[str, float]


def run_through(jobs: Sequence[Job], step: Callable[[Job], Step], cores: int) -> Course:
    """Return the course of a run.

    Parameters
    ----------
    jobs : sequence of Job
        Each after those that it needs.
    step : callable
    cores : int
        A job that asks for more has all of them.
    """
    return _Run(jobs, step, cores).through()


class _Run:
    def __init__(self, jobs: Sequence[Job], step: Callable[[Job], Step], cores: int):
        self._step, self._free = step, cores
        self._cores = cores
        there = set(jobs)
        self._waits = {job: sum(one in there for one in job.needs) for job in jobs}
        self._after: dict[Job, list[Job]] = {job: [] for job in jobs}
        for job in jobs:
            for one in job.needs:
                if one in there:
                    self._after[one].append(job)
        self._place = {job: number for number, job in enumerate(jobs)}
        self._disk: Counter[str] = Counter()
        self._peaks: Counter[str] = Counter()
        self._peak = 0.0

    def through(self) -> Course:
        ready = [self._rank(job) for job, waits in self._waits.items() if not waits]
        heapq.heapify(ready)
        running: list[tuple[float, int, Job]] = []
        now = 0.0
        while ready or running:
            while ready and self._starts(ready[0][-1]):
                job = heapq.heappop(ready)[-1]
                heapq.heappush(running, (now + self._step(job).seconds, self._place[job], job))
            now, _, job = heapq.heappop(running)
            for one in self._ended(job):
                heapq.heappush(ready, self._rank(one))
        return Course(
            now, self._peak, dict(self._peaks), {k: v for k, v in self._disk.items() if v}
        )

    def _rank(self, job: Job) -> tuple[int, Job]:
        return self._place[job], job

    def _starts(self, job: Job) -> bool:
        """Take the cores and the disk of a job, if there are any."""
        wanted = min(self._step(job).cores, self._cores)
        if wanted > self._free:
            return False
        self._free -= wanted
        for folder, size in self._step(job).disk.items():
            self._disk[folder] += size
            self._peaks[folder] = max(self._peaks[folder], self._disk[folder])
        self._peak = max(self._peak, sum(self._disk.values()))
        return True

    def _ended(self, job: Job) -> list[Job]:
        """Give back what a job had, and return those that may start now."""
        self._free += min(self._step(job).cores, self._cores)
        found = []
        for one in self._after[job]:
            self._waits[one] -= 1
            if not self._waits[one]:
                found.append(one)
        return found
