from types import SimpleNamespace

import pytest

from mimii_bench.pricing.jobs import Job
from mimii_bench.pricing.rules import Rule
from mimii_bench.pricing.schedule import Step, run_through


def job(name, *needs):
    rule = Rule(name, (name,), lambda w: ())
    return Job(rule, SimpleNamespace(), (name,), tuple(n.rule.name for n in needs), needs)


def course(jobs, steps, cores):
    return run_through(jobs, lambda one: steps[one.kind], cores)


def step(seconds=1.0, cores=1, disk=0.0):
    return Step(seconds, cores, {"there": disk})


@pytest.mark.parametrize(("cores", "seconds"), [(1, 6.0), (2, 4.0), (3, 3.0), (9, 3.0)])
def test_jobs_stand_side_by_side_as_far_as_there_are_cores(cores, seconds):
    first, second, third = job("a"), job("b"), job("c")
    jobs = [first, second, third, job("d", first, second, third)]
    steps = {"a": step(2), "b": step(1), "c": step(2), "d": step(1)}
    assert course(jobs, steps, cores).seconds == pytest.approx(seconds)


def test_the_disk_is_that_of_all_jobs_so_far():
    first = job("a")
    found = course([first, job("b", first)], {"a": step(disk=100), "b": step(disk=10)}, 1)
    assert (found.peak, found.final) == (110, {"there": 110})


def test_a_job_of_many_cores_has_all_there_are():
    jobs = [job("a"), job("b")]
    steps = {"a": step(2, cores=8), "b": step(2)}
    assert course(jobs, steps, 2).seconds == pytest.approx(4)
    assert course(jobs, steps, 9).seconds == pytest.approx(2)
    assert course([], {}, 2).seconds == 0
