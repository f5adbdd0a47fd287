"""Contests: several ways of doing the same work, timed in rounds that take turns.

Times are CPU seconds, of this process and of those that it has started: other work on the machine
changes them less than the clock. What counts are ratios within a round; over the rounds, their
median, least and greatest.
"""

import resource
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Literal, NamedTuple

#: Does the work once, and returns what it took.
Run = Callable[[], float]


class Target(NamedTuple):
    """A ratio that is wanted: the time of `of` over that of `against`.

    Attributes
    ----------
    of, against : str
        Names of runs. Without `against` it is what `of` took, in the unit of the contest.
    wanted : float
    bound : "at most" or "at least"
    """

    of: str
    against: str
    wanted: float
    bound: Literal["at most", "at least"]

    def met(self, ratio: float) -> bool:
        """Tell whether a ratio is as good as wanted."""
        return ratio <= self.wanted if self.bound == "at most" else ratio >= self.wanted

    def ratio(self, taken: Mapping[str, float]) -> float:
        """Return the ratio in one round."""
        return taken[self.of] / taken[self.against] if self.against else taken[self.of]


class Contest(NamedTuple):
    """Runs that do the same work, and the targets that are read off them.

    Attributes
    ----------
    name : str
        Of the work.
    unit : str
        Of what runs return, as in "ms a clip".
    runs : {name: Run}
    targets : sequence of Target
    """

    name: str
    unit: str
    runs: Mapping[str, Run]
    targets: Sequence[Target] = ()


class Verdict(NamedTuple):
    """What came of a target: the median ratio, the least and the greatest of the rounds."""

    contest: str
    target: Target
    ratio: float
    least: float
    most: float

    @property
    def met(self) -> bool:
        """Whether the median is as good as wanted."""
        return self.target.met(self.ratio)


class Outcome(NamedTuple):
    """A contest that was held: median of each run, and its verdicts."""

    contest: str
    unit: str
    medians: dict[str, float]
    verdicts: list[Verdict]


def hold(contest: Contest, rounds: int) -> Outcome:
    """Hold a contest: every run once a round, the first of a round another one each time."""
    names = list(contest.runs)
    taken = []
    for number in range(rounds):
        turn = names[number % len(names) :] + names[: number % len(names)]
        taken.append({name: contest.runs[name]() for name in turn})
    medians = {name: statistics.median(one[name] for one in taken) for name in names}
    return Outcome(
        contest.name,
        contest.unit,
        medians,
        [_verdict(contest.name, target, taken) for target in contest.targets],
    )


def _verdict(name: str, target: Target, taken: Sequence[Mapping[str, float]]) -> Verdict:
    ratios = [target.ratio(one) for one in taken]
    return Verdict(name, target, statistics.median(ratios), min(ratios), max(ratios))


def cpu_seconds() -> float:
    """Return the CPU time of this process and of all that it has started and waited for."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def timed(work: Callable[[], object], repeat: int = 1, scale: float = 1.0) -> Run:
    """Return a run that does `work` so often, and returns `scale` times the seconds of one."""

    def run() -> float:
        start = cpu_seconds()
        for _ in range(repeat):
            work()
        return scale * (cpu_seconds() - start) / repeat

    return run
