"""From Snakemake's records to the tally of a run."""

from __future__ import annotations

import logging
from collections.abc import Callable

from snakemake_interface_logger_plugins.common import LogEvent

from mimii_bench.progress.expected import EXPECTED
from mimii_bench.progress.tally import Running, Tally
from mimii_bench.util.runs import kind_of


class Following:
    """Keeps the tally of a run.

    Parameters
    ----------
    clock : callable
        Of time, in seconds.

    Attributes
    ----------
    tally : Tally or None
        None before the first job starts.
    jobs : int
        How many will run.
    """

    def __init__(self, clock: Callable[[], float]):
        self.clock = clock
        self.tally: Tally | None = None
        self.jobs = 0

    def take(self, record: logging.LogRecord) -> Running | None:
        """Note what a record says, and return the job of which it says that it ended."""
        event = getattr(record, "event", None)
        if event == LogEvent.RUN_INFO:
            self.jobs = record.stats["total"]
        elif event == LogEvent.JOB_INFO:
            self._start(record)
        elif event == LogEvent.JOB_FINISHED and self.tally:
            return self.tally.ends(record.job_id, self.clock())
        elif event == LogEvent.JOB_ERROR and self.tally:
            return self.tally.fails(record.jobid)
        return None

    def _start(self, record: logging.LogRecord) -> None:
        if self.tally is None:
            self.tally = Tally(EXPECTED.seconds, self.jobs, EXPECTED.cores, self.clock())
        name = " ".join([kind_of(record.rule_name), *map(str, (record.wildcards or {}).values())])
        expected = self.tally.expects(record.output[0] if record.output else "")
        logs = tuple(map(str, record.log or ()))
        self.tally.starts(record.jobid, Running(name, expected, self.clock(), logs))
