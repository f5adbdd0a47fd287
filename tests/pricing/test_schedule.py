from types import SimpleNamespace

import pytest

from mimii_bench.pricing.jobs import Job
from mimii_bench.pricing.rules import Rule
from mimii_bench.pricing.schedule import Step, run_through


def job(name, *needs, priority=0):
    rule = Rule(name, (name,), lambda w: (), priority)
    return Job(rule, SimpleNamespace(), (name,), tuple(n.rule.name for n in needs), needs)


def course(jobs, steps, cores):
    return run_through(jobs, lambda one: steps[one.kind], cores)


def step(seconds=1.0, cores=1, disk=0.0, temporary=False):
    sizes = {"there": disk}
    return Step(seconds, cores, sizes, sizes if temporary else {})


@pytest.mark.parametrize(("cores", "seconds"), [(1, 6.0), (2, 4.0), (3, 3.0), (9, 3.0)])
def test_jobs_stand_side_by_side_as_far_as_there_are_cores(cores, seconds):
    first, second, third = job("a"), job("b"), job("c")
    jobs = [first, second, third, job("d", first, second, third)]
    steps = {"a": step(2), "b": step(1), "c": step(2), "d": step(1)}
    assert course(jobs, steps, cores).seconds == pytest.approx(seconds)


def test_what_is_temporary_goes_when_the_last_that_reads_it_has_ended():
    mix = job("mix")
    jobs = [mix, job("a", mix), job("b", mix), job("later", mix)]
    steps = {"mix": step(disk=100, temporary=True)} | {n: step(disk=10) for n in "ab"}
    found = course(jobs[:3], steps, 1)
    assert (found.peak, found.final) == (120, {"there": 20})
    # One that is no part of the run does not keep it.
    assert course(jobs[:2], steps, 1).final == {"there": 10}


def test_what_has_priority_frees_the_disk_first():
    mixes = [job(f"mix{n}") for n in range(5)]
    stores = [job(f"store{n}", mix, priority=1) for n, mix in enumerate(mixes)]
    steps = {f"mix{n}": step(disk=100, temporary=True) for n in range(5)}
    steps |= {f"store{n}": step(disk=1) for n in range(5)}
    assert course([*mixes, *stores], steps, 1).peak == 105


def test_a_job_of_many_cores_has_all_there_are():
    jobs = [job("a"), job("b")]
    steps = {"a": step(2, cores=8), "b": step(2)}
    assert course(jobs, steps, 2).seconds == pytest.approx(4)
    assert course(jobs, steps, 9).seconds == pytest.approx(2)
    assert course([], {}, 2).seconds == 0
