"""What earlier runs of a folder took: the CPU time in their logs against the rates.

Only of jobs that had the same to do: as many clips, the same system, whatever the budget.
"""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

from mimii_bench.pricing.costs import Costs
from mimii_bench.pricing.jobs import Job
from mimii_bench.pricing.rates import Rates, network_options
from mimii_bench.training.folder import DESCRIPTION
from mimii_bench.util.records import read_rows

#: From fewer jobs nothing follows for jobs of another kind.
FEW = 20
#: What every script writes into its log when it ends; see workflow/scripts/_door.py.
_DONE = re.compile(r"done in (?P<cpu>[\d.]+) s of CPU time")


class Took(NamedTuple):
    """What a finished job took and what it should have, in CPU seconds; and how much time passed.

    `passed` is None where it was not measured.
    """

    job: Job
    cpu: float
    expected: float
    passed: float | None


class Learned(NamedTuple):
    """Rates that earlier runs corrected, and from how many jobs."""

    rates: Rates
    jobs: int


def learned(project, rates: Rates, jobs: Iterable[Job]) -> Learned:
    """Return rates with the factors by which jobs of earlier runs took longer.

    Parameters
    ----------
    project : Project
        Its results are looked at.
    rates : Rates
    jobs : iterable of Job
        Those of the run that is planned.
    """
    found = list(_Finished(project, rates).of(jobs))
    costs = Costs(project, rates)
    sums: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for one in found:
        detail = costs.detail(one.job)
        for key in {(one.job.kind, detail), (one.job.kind, ""), ("", "")}:
            sums[key][0] += one.cpu
            sums[key][1] += one.expected
    factors = {key: cpu / expected for key, (cpu, expected) in sums.items() if cpu and expected}
    if len(found) < FEW:
        factors.pop(("", ""), None)
    return Learned(replace(rates, factors=factors, wall=_wall(found) or rates.wall), len(found))


def _wall(found: Sequence[Took]) -> float | None:
    """Return the seconds that passed for a CPU second; None from few jobs."""
    timed = [one for one in found if one.passed]
    if len(timed) < FEW:
        return None
    return max(1.0, sum(one.passed for one in timed) / sum(one.cpu for one in timed))


class _Finished:
    """The finished jobs of a project's folder."""

    def __init__(self, project, rates: Rates):
        self._project, self._results = project, Path(project.paths.results)
        self._costs = Costs(project, rates)
        self._same_clips = cache(self._has_same_clips)

    def of(self, jobs: Iterable[Job]) -> Iterator[Took]:
        """Yield those of `jobs` that have run before, on as many clips."""
        for job in jobs:
            cpu = self._cpu(job)
            if cpu is None or not self._has_the_clips(job):
                continue
            given = self._trained_with(job)
            if job.kind == "fit_and_score" and given is None:
                continue
            yield Took(job, cpu, self._costs.uncorrected(job, given), self._passed(job))

    def _cpu(self, job: Job) -> float | None:
        with suppress(OSError, UnicodeDecodeError):
            if match := _DONE.search(_named(self._project.paths.log, job).read_text()):
                return float(match["cpu"])
        return None

    def _passed(self, job: Job) -> float | None:
        with suppress(OSError, ValueError, KeyError, StopIteration):
            lines = _named(self._project.paths.benchmark, job).read_text().splitlines()
            return float(next(csv.DictReader(lines, delimiter="\t"))["s"])
        return None

    def _has_the_clips(self, job: Job) -> bool:
        if job.kind == "clip_index":
            return all(self._same_clips(*place) for place in job.members)
        if job.kind in ("quality", "feature_store"):
            return all(self._same_clips(*unit[:2]) for unit in set(job.units))
        machine = getattr(job.wildcards, "machine", None)
        own = {unit.snr for unit in self._project.inventory.units if unit.machine == machine}
        snrs = [job.wildcards.snr] if hasattr(job.wildcards, "snr") else own
        return all(self._same_clips(machine, snr) for snr in snrs)

    def _has_same_clips(self, machine: str, snr: str) -> bool:
        """Tell whether the clips of a condition that were listed are as many as now."""
        index = Path(self._project.paths.index.format(machine=machine, snr=snr))
        with suppress(OSError, UnicodeDecodeError):
            return len(read_rows(index)) == self._costs.works.of_condition(machine, snr)
        return False

    def _trained_with(self, job: Job) -> Mapping | None:
        """Return the options that the models of a job were trained with, if those of now."""
        if job.kind != "fit_and_score":
            return None
        found = self._project.trainings.job(job.wildcards)
        folder = Path(job.outputs[0], found.inside(found.trainings[0]))
        try:
            said = json.loads((folder / DESCRIPTION).read_text())["options"]
            asked = network_options(found.options)
            same = all(said.get(key) == value for key, value in asked.items())
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        limits = {key: said[key] for key in ("epochs", "max_steps") if key in said}
        return {**found.options, **limits} if same else None


def _named(pattern: Callable[[str, str], str], job: Job) -> Path:
    """Return the log of a job, or its times."""
    of_rule = pattern(job.kind, job.rule.logged or job.rule.outputs[0])
    return Path(of_rule.format(**vars(job.wildcards)))
