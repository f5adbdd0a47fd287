"""When a log has a line: by the share of the work, by time, and at the end."""

from mimii_bench.progress.pace import Pace
from mimii_bench.progress.tally import Running, Tally


def course(took, jobs=100):
    """How many lines a run of equal jobs has, one after the other, each of so many seconds."""
    tally = Tally({str(n): took for n in range(jobs)}, jobs=jobs, cores=1, start=0.0)
    pace, lines = Pace(), 0
    for number in range(jobs):
        tally.starts(number, Running("mix", took, took * number))
        tally.ends(number, took * (number + 1))
        lines += pace.is_due(tally, took * (number + 1))
    return lines


def test_short_jobs_have_a_line_for_each_twentieth_of_the_work():
    assert 15 <= course(0.1) <= 21


def test_long_jobs_have_a_line_each():
    assert course(300.0) == 100


def test_the_last_job_always_has_one():
    assert course(0.1, jobs=1) == 1


def test_silence_ends_after_ten_minutes_and_begins_again():
    tally = Tally({"a": 1e5}, jobs=2, cores=1, start=50.0)
    tally.starts(1, Running("fit_and_score", 1e5, 50.0))
    pace = Pace()
    assert not pace.is_due(tally, 60.0)
    assert not pace.is_overdue(tally, 640.0)
    assert pace.is_overdue(tally, 660.0)
    pace.told(tally, 660.0)
    assert not pace.is_overdue(tally, 700.0)
