"""How far a run is, by what its jobs were expected to take."""

import pytest

from mimii_bench.progress.tally import Running, Tally

EXPECTED = {"a": 10.0, "b": 10.0, "c": 80.0}


def started(tally, number, output, now):
    tally.starts(number, Running(output, tally.expects(output), now))


@pytest.fixture
def tally():
    return Tally(EXPECTED, jobs=4, cores=1, start=0.0)


def test_work_counts_by_time_and_not_by_jobs(tally):
    started(tally, 1, "a", 0)
    assert tally.ends(1, 10).name == "a"
    started(tally, 2, "b", 10)
    tally.ends(2, 20)
    assert (tally.done, tally.share(20)) == (2, 0.2)
    assert tally.left(20) == pytest.approx(80)


def test_a_running_job_counts_by_its_time_and_never_whole(tally):
    started(tally, 3, "c", 0)
    assert tally.share(40) == pytest.approx(0.4)
    assert tally.share(1e6) == pytest.approx(0.76)
    assert tally.left(1e6) > 0


def test_what_ended_says_how_fast_the_machine_is(tally):
    started(tally, 1, "a", 0)
    tally.ends(1, 30)
    assert tally.share(30) == 0.1
    assert tally.left(30) == pytest.approx(270)


def test_a_job_that_is_overdue_says_it_before_it_ends(tally):
    started(tally, 1, "a", 0)
    assert tally.left(10) == pytest.approx(90.5)
    # Of 100 expected seconds 9.5 are done, at a fifth of the speed.
    assert tally.left(50) == pytest.approx(5 * 90.5)


def test_a_job_that_is_a_little_overdue_does_not_say_that_the_machine_is_fast(tally):
    started(tally, 1, "a", 0)
    tally.ends(1, 50)
    started(tally, 2, "b", 50)
    assert tally.left(61) >= 5 * 80


def test_cores_share_the_work_but_not_the_longest_job():
    tally = Tally(EXPECTED, jobs=3, cores=4, start=0.0)
    assert tally.left(0) == pytest.approx(25)
    started(tally, 3, "c", 0)
    assert tally.left(0) == pytest.approx(80)


def test_what_fails_is_not_done(tally):
    started(tally, 1, "a", 0)
    assert tally.fails(1).name == "a"
    assert (tally.done, tally.share(10), tally.fails(1)) == (0, 0.0, None)


def test_a_target_takes_no_time(tally):
    assert tally.expects("") == 0
    for number, output in enumerate("abc"):
        started(tally, number, output, 0)
        tally.ends(number, 1)
    assert tally.share(1) == 1


def test_where_nothing_is_known_jobs_count():
    tally = Tally({}, jobs=4, cores=2, start=0.0)
    started(tally, 1, "x", 0)
    tally.ends(1, 8)
    assert tally.share(8) == 0.25
    assert tally.left(8) == pytest.approx(1.5)
