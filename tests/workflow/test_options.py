"""Snakemake's own options, which name a rule: there is one for all trainings."""

import pytest

pytestmark = pytest.mark.whole


def test_trainings_can_be_forced(clone):
    planned = clone.planned("--forcerun", "fit_and_score")
    assert planned == {
        "fit_and_score": 2,
        "score": 2,
        "listening": 1,
        "report_tables": 1,
        "all_tables": 1,
        "page": 1,
    }


def test_a_run_can_end_with_the_trainings(clone):
    planned = clone.planned("--forceall", "--until", "fit_and_score")
    assert planned["fit_and_score"] == 2
    assert not {"score", "report_tables", "all_tables"} & set(planned)


def test_trainings_take_the_threads_that_are_set(clone):
    arguments = ("--forcerun", "fit_and_score", "--set-threads", "fit_and_score=2")
    jobs = clone.plan(*arguments).jobs("fit_and_score")
    assert len(jobs) == 2
    assert all("threads: 2" in job for job in jobs)


def test_trainings_take_the_resources_that_are_set(clone):
    arguments = ("--forcerun", "fit_and_score", "--set-resources", "fit_and_score:mem_mb=9999")
    jobs = clone.plan(*arguments).jobs("fit_and_score")
    assert len(jobs) == 2
    assert all("mem_mb=9999" in job for job in jobs)


def test_scores_can_be_made_again_without_training(clone):
    planned = clone.planned("--forcerun", "score")
    assert planned == {
        "score": 2,
        "listening": 1,
        "report_tables": 1,
        "all_tables": 1,
        "page": 1,
    }


def test_what_is_nested_can_be_set_on_the_command_line(finished):
    planned = finished.planned("--config", "simulated={keep_mixes: false, normal: 6}")
    assert planned["simulate"] == 1
    result = finished.snakemake("--dry-run", "--config", "simulated={normal: many}")
    assert "config.yaml: simulated.normal: 'many' is not of type 'integer'" in result.stdout
