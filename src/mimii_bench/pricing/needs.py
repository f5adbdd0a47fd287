"""What a job asks of the machine that it is sent to: memory and time, and more after a kill.

A queue ends a job that takes more than it asked for, so what is asked for is what the rates say
with room above it: nodes are slower than the machine of the rates, and each job starts the engine
twice before its script.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from mimii_bench.planning.batches import BatchRule
from mimii_bench.pricing.costs import Costs
from mimii_bench.pricing.forecast import kept_rates
from mimii_bench.pricing.jobs import Job
from mimii_bench.pricing.rates import Rates
from mimii_bench.pricing.rules import Rule

#: Minutes that a job may take beside its work: two starts of the engine, a slow file system.
SPARE_MINUTES = 10
#: Seconds below which a job is not worth a submission of its own.
SHORT = 120
#: By how much a node may be slower than the machine of the rates.
SLOWER = 3
#: MB of the two engines that stand around the script of a job on a node.
ENGINES_MB = 500
#: MB that are asked for are a multiple of this.
STEP_MB = 100


class Needs:
    """What the jobs of a project ask for, as the rules declare it.

    Parameters
    ----------
    project : Project
        Rates that were measured on this machine are used where its results have them.
    """

    def __init__(self, project):
        self._project = project
        kept = kept_rates(project)
        self._costs = Costs(project, Rates.read(kept) if kept.exists() else Rates.shipped())

    def memory(self, rule: str | BatchRule) -> Callable:
        """Return the function of a rule's jobs that gives the MB of one, at an attempt."""

        def megabytes(wildcards, attempt: int) -> int:
            return self._at(attempt, self._costs.memory(_job(rule, wildcards)) / 1e6)

        return megabytes

    def runtime(self, rule: str | BatchRule) -> Callable:
        """Return the function of a rule's jobs that gives the minutes of one, at an attempt."""

        def minutes(wildcards, attempt: int) -> int:
            seconds = self._costs.passed(_job(rule, wildcards))
            return attempt * (SPARE_MINUTES + math.ceil(SLOWER * seconds / 60))

        return minutes

    def group(self, rule: str | BatchRule) -> Callable:
        """Return the function of a rule's jobs that gives the group of the short ones, else None.

        What one submission holds of a group, a profile says.
        """

        def name(wildcards) -> str | None:
            return "short" if self._costs.passed(_job(rule, wildcards)) < SHORT else None

        return name

    def _at(self, attempt: int, megabytes: float) -> int:
        """Return what is asked for at an attempt: half as much again at each.

        Not as much again: a long training that is ended by the clock several times is not short of
        memory.
        """
        asked = (megabytes + ENGINES_MB) * (attempt + 1) / 2
        return STEP_MB * math.ceil(asked / STEP_MB)


def _job(rule: str | BatchRule, wildcards) -> Job:
    """Return a job as far as its costs depend on it."""
    batch = rule if isinstance(rule, BatchRule) else None
    kind = batch.kind if batch else rule
    return Job(Rule(kind, (), lambda w: (), batch=batch), wildcards, (), ())
