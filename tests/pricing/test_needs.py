"""What jobs ask of a queue: memory and time for every one, more after a kill."""

import pytest

from mimii_bench.pricing.costs import Costs
from mimii_bench.pricing.jobs import Jobs
from mimii_bench.pricing.needs import Needs
from mimii_bench.pricing.rates import Rates


@pytest.fixture(scope="module")
def needs(project):
    return Needs(project)


@pytest.fixture(scope="module")
def jobs(project):
    found = Jobs(project)
    targets = ("all", "figures", "leaderboard")
    return found.of([file for target in targets for file in found.files_of(target)])


def asked(needs, job, attempt=1):
    """MB and minutes of a job."""
    rule, wildcards = job.rule.batch or job.kind, job.wildcards
    return (
        needs.memory(rule)(wildcards=wildcards, attempt=attempt),
        needs.runtime(rule)(wildcards=wildcards, attempt=attempt),
    )


def test_every_job_asks_for_more_than_it_is_expected_to_take(project, needs, jobs):
    costs = Costs(project, Rates.shipped())
    for job in jobs:
        megabytes, minutes = asked(needs, job)
        assert megabytes > costs.memory(job) / 1e6 > 0, job.place
        assert minutes * 60 > 2 * costs.passed(job), job.place
        assert isinstance(megabytes, int)
        assert isinstance(minutes, int)


def test_a_job_that_was_killed_asks_for_more_each_time(needs, jobs):
    for job in jobs:
        first, second, third = (asked(needs, job, attempt) for attempt in (1, 2, 3))
        assert first < second < third, job.place
        assert all(later > before for before, later in zip(first, second, strict=True)), job.place


def test_a_training_asks_for_what_it_is_reserved(project, needs, jobs):
    training = next(job for job in jobs if job.kind == "fit_and_score")

    def megabytes(attempt=1):
        return asked(needs, training, attempt)[0]

    assert megabytes() >= project.reserved.training(training.wildcards)
    assert megabytes(attempt=2) == pytest.approx(1.5 * megabytes(), rel=0.1)
