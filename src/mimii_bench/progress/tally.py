"""Which jobs of a run are done, by the seconds that each was expected to take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

#: A running job counts as this much of one at most, however long it takes.
_NEARLY = 0.95
#: Expected seconds of ended jobs, before what they really took says how fast this machine is.
_ENOUGH = 5.0


@dataclass(frozen=True)
class Running:
    """A job that runs.

    Attributes
    ----------
    name : str
        Its rule and the values of its wildcards.
    expected : float
        Seconds.
    since : float
        When it started.
    logs : sequence of str
    """

    name: str
    expected: float
    since: float
    logs: tuple[str, ...] = ()


@dataclass
class Tally:
    """The course of a run so far.

    Parameters
    ----------
    expected : {output: seconds}
        Of all jobs that will run, by the first file of each.
    jobs : int
        How many there are.
    cores : int
        Jobs side by side, at most.
    start : float
        When the first job started.
    """

    expected: Mapping[str, float]
    jobs: int
    cores: int
    start: float
    done: int = 0
    running: dict[int, Running] = field(default_factory=dict)
    _worked: float = 0.0
    _took: float = 0.0

    @property
    def work(self) -> float:
        """The expected seconds of all jobs; their number, where nothing is known of any."""
        return sum(self.expected.values()) if self.expected else float(self.jobs)

    def starts(self, number: int, job: Running) -> None:
        """Note that a job starts."""
        self.running[number] = job

    def expects(self, output: str) -> float:
        """Return the seconds that the job which makes a file is expected to take."""
        return self.expected.get(output, 0.0 if self.expected else 1.0)

    def ends(self, number: int, now: float) -> Running | None:
        """Note that a job ended well, and return it."""
        job = self.fails(number)
        if job:
            self.done += 1
            self._worked += job.expected
            self._took += now - job.since
        return job

    def fails(self, number: int) -> Running | None:
        """Note that a job ended without what it was to make, and return it."""
        return self.running.pop(number, None)

    def share(self, now: float) -> float:
        """Return the share of the work that is done, between 0 and 1."""
        half_done = sum(self._of(job, now) for job in self._now_running())
        return min((self._worked + half_done) / self.work, 1.0) if self.work else 1.0

    def left(self, now: float) -> float:
        """Return the seconds until all is done, as far as can be said."""
        pace = self._pace(now)
        rests = [(job.expected - self._of(job, now)) * pace for job in self._now_running()]
        work = self.work * (1 - self.share(now)) * pace
        return max([work / max(self.cores, 1), *rests])

    def _now_running(self) -> list[Running]:
        # Whoever shows it has a thread of its own, and jobs end meanwhile.
        return list(self.running.values())

    def _pace(self, now: float) -> float:
        """How much longer jobs take here than was expected: those that ended or are overdue."""
        overdue = [job for job in self._now_running() if now - job.since > job.expected]
        took = self._took + sum(now - job.since for job in overdue)
        worked = self._worked + sum(job.expected for job in overdue)
        # One that has not ended cannot say that this machine is faster.
        return max(took / worked, self._pace_of_ended) if worked > _ENOUGH else 1.0

    @property
    def _pace_of_ended(self) -> float:
        return self._took / self._worked if self._worked > _ENOUGH else 0.0

    def _of(self, job: Running, now: float) -> float:
        """Return the expected seconds of a running job that count as done."""
        return min((now - job.since) / self._pace(now), _NEARLY * job.expected)
