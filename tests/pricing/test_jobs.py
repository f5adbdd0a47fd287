"""The jobs that a plan counts are those that Snakemake would start."""

import os
import re
import subprocess
import sys
from collections import Counter

import pytest

from mimii_bench.pricing.jobs import Jobs
from mimii_bench.util.errors import UserError
from mimii_bench.util.runs import kind_of
from samples import ROOT

#: Of the rules that only name targets.
TARGETS = {"all", "audio", "features", "figures", "leaderboard_figures", "reports", "total"}


def counted(project, *targets):
    jobs = Jobs(project)
    files = [file for target in targets for file in jobs.files_of(target)]
    return Counter(job.kind for job in jobs.of(files))


def dry_run(folder, *arguments):
    """How many jobs of each rule Snakemake would start from nothing."""
    command = [sys.executable, "-m", "snakemake", "--cores", "2", "--dry-run"]
    command += ["--snakefile", str(ROOT / "Snakefile"), *arguments]
    own = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        command,
        cwd=folder,
        env=own,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    found = dict(re.findall(r"^(\w+) +(\d+)$", done.stdout, re.MULTILINE))
    kinds = Counter()
    for rule, number in found.items():
        kinds[kind_of(rule)] += int(number)
    return {kind: number for kind, number in kinds.items() if kind not in TARGETS}


def test_jobs_are_those_of_snakemake_on_the_tiny_corpus(tiny, tmp_path):
    assert counted(tiny, "all") == dry_run(tmp_path, "--configfile", str(ROOT / "config/tiny.yaml"))


@pytest.mark.whole
@pytest.mark.parametrize(
    ("target", "asked"),
    [
        ("all", []),
        ("leaderboard", ["results/tables/leaderboard.csv"]),
        ("figures", ["figures"]),
        ("features", ["features"]),
        ("audio", ["audio"]),
        ("reports", ["reports"]),
    ],
)
def test_jobs_are_those_of_snakemake_on_all_machines(project, tmp_path, target, asked):
    setting = ["--config", "jobs={training: machine}"]
    assert counted(project, target) == dry_run(tmp_path, *asked, *setting)


def test_a_job_stands_after_those_that_it_needs(tiny):
    jobs = Jobs(tiny)
    found = jobs.of(jobs.files_of("all"))
    place = {job: number for number, job in enumerate(found)}
    assert all(place[one] < place[job] for job in found for one in job.needs)
    assert len(place) == len(found)


def test_what_lies_there_is_not_made_again(tiny):
    there = set(tiny.stores())
    jobs = Jobs(tiny, there.__contains__)
    kinds = Counter(job.kind for job in jobs.of(jobs.files_of("all")))
    assert not kinds["feature_store"]
    assert kinds["fit_and_score"] == 2


def test_a_file_is_a_target_and_others_are_refused(tiny):
    assert counted(tiny, "results/corpus/index/fan/6dB.csv") == {
        "noise_bank": 1,
        "simulate": 1,
        "clip_index": 1,
    }
    with pytest.raises(UserError, match="no rule makes it; name a file of a run or one of all"):
        Jobs(tiny).files_of("results/nothing.csv")
