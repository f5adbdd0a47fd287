"""What the jobs of a run are expected to take: told by the workflow, asked for by its display.

Both are in one process, and neither knows the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from mimii_bench.pricing.costs import Costs
from mimii_bench.pricing.forecast import rates_of
from mimii_bench.pricing.jobs import Jobs


@dataclass
class Expected:
    """What is expected of a run: seconds by the first output of each job, and cores."""

    seconds: dict[str, float] = field(default_factory=dict)
    cores: int = 1


#: Of the run of this process.
EXPECTED = Expected()


def expect(project, outputs: Iterable[str], cores: int) -> None:
    """Work out what jobs will take.

    Parameters
    ----------
    project : Project
    outputs : iterable of str
        A file of each job that will run; those that no rule of the project makes are left out.
    cores : int
        Jobs side by side.
    """
    jobs = Jobs(project)
    found = {output: job for output in outputs if (job := jobs.making(output))}
    rates, _ = rates_of(project, list(found.values()))
    costs = Costs(project, rates)
    EXPECTED.cores = cores
    EXPECTED.seconds = {output: costs.passed(job) for output, job in found.items()}
