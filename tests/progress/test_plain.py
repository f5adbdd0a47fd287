"""A run where there is no terminal, from Snakemake's records to lines."""

import io
import logging

import pytest
from snakemake_interface_logger_plugins.common import LogEvent

from snakemake_logger_plugin_mimii.following import Following
from snakemake_logger_plugin_mimii.plain import Plain


class Run:
    """A run whose clock we move."""

    def __init__(self):
        self.now, self.stream = 0.0, io.StringIO()
        self.plain = Plain(self.stream, Following(lambda: self.now))

    def says(self, event, text="", level=logging.INFO, **fields):
        record = logging.LogRecord("snakemake", level, "", 0, text, None, None)
        vars(record).update(fields, event=event)
        self.plain.show(record, lambda one: one.getMessage())

    @property
    def lines(self):
        return self.stream.getvalue().splitlines()


@pytest.fixture
def run():
    run = Run()
    yield run
    run.plain.close()


def starts(run, number, log=()):
    about = {"rule_name": "mix", "wildcards": {"machine": "fan"}, "output": ["x"], "log": log}
    run.says(LogEvent.JOB_INFO, "rule mix: ...", jobid=number, **about)


def test_of_many_jobs_there_are_few_lines(run):
    run.says(None, "Building DAG of jobs...")
    run.says(LogEvent.RUN_INFO, "Job stats: ...", stats={"total": 200})
    for number in range(200):
        starts(run, number)
        run.now += 0.01
        run.says(LogEvent.JOB_FINISHED, "Finished jobid", job_id=number)
        run.says(LogEvent.PROGRESS, f"{number + 1} of 200 steps done")
    assert run.lines[0] == "200 jobs"
    assert 15 < len(run.lines) < 25
    assert run.lines[-1] == "200 of 200 steps done: 100 % of the work, 0:02 passed, done"


def test_what_failed_is_told_with_the_end_of_its_log(run, tmp_path):
    log = tmp_path / "mix.log"
    log.write_text("mix fan: ValueError: odd\nTraceback:\n" + "".join(f"{n}\n" for n in range(90)))
    run.says(LogEvent.RUN_INFO, stats={"total": 2})
    starts(run, 1, (str(log),))
    run.says(LogEvent.JOB_ERROR, jobid=1, rule_name="mix", log=[str(log)])
    assert run.lines[1:3] == ["failed: mix fan: ValueError: odd", f"  its log: {log}"]
    assert run.lines[3:] == [f"  | {n}" for n in range(50, 90)]


def test_what_is_said_of_no_job_is_kept(run):
    run.says(None, "Nothing to be done (all requested files are present and up to date).")
    run.says(LogEvent.ERROR, "LockException: locked", level=logging.ERROR)
    assert len(run.lines) == 2
