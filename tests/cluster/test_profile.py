"""The profile for Slurm, and what the rules ask of it, without a Slurm."""

import json
import re

import pytest
import yaml

from mimii_bench.pricing.rates import Rates
from samples import ROOT, printed_by

#: Seconds under which a submission is not worth its place in a queue, and the share that may be so.
SHORT, SHARE = 120, 0.1
#: Builds the DAG of a run as Snakemake does, without running it, and tells of each submission the
#: rules of its jobs and how many seconds they are expected to take together.
DAG = """
    import contextlib, io, json, os, sys
    from snakemake import cli
    from snakemake.dag import DAG
    from mimii_bench.pricing.costs import Costs
    from mimii_bench.pricing.jobs import Job
    from mimii_bench.pricing.rates import Rates
    from mimii_bench.pricing.rules import Rule

    jobs, grouped = {}, DAG.update_groups

    def keep(dag):
        grouped(dag)
        # None needs to run when the dry run has ended.
        jobs.update({job: dag.get_job_group(job) or job for job in dag.needrun_jobs()})

    DAG.update_groups = keep
    root, folder, *asked = sys.argv[1:]
    os.chdir(folder)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
        cli.main(["--snakefile", root + "/Snakefile", "--dry-run", "--quiet", "all", *asked])
    workflow = next(iter(jobs)).dag.workflow
    costs = Costs(workflow.globals["PROJECT"], Rates.shipped())
    found = {}
    for job, one in jobs.items():
        # In a dry run all are local.
        if not (job.rule.norun or job.rule.name in workflow._localrules):
            of_costs = Job(Rule(job.rule.name, (), None), job.wildcards, (), ())
            found.setdefault(id(one), []).append([job.rule.name, costs.passed(of_costs)])
    told = [[[rule for rule, _ in own], sum(s for _, s in own)] for own in found.values()]
    print(json.dumps(told))
"""
PROFILE = yaml.safe_load((ROOT / "profiles/slurm/config.yaml").read_text())


def submissions(folder, *arguments):
    """The rules of each submission of a run from nothing, and its seconds."""
    profile = ["--workflow-profile", str(ROOT / "profiles/slurm")]
    told = printed_by(DAG, str(ROOT), str(folder), *profile, *arguments)
    return json.loads(told.splitlines()[-1])


@pytest.mark.whole
def test_few_submissions_of_the_whole_corpus_are_short(tmp_path):
    """Every report, picture and the leaderboard, at the real counts; no zip is there."""
    (tmp_path / "full.yaml").write_text(
        "corpus: mimii\nbudget: full\nmimii: {folder: zips, download: true}\n"
    )
    targets = ("all", "figures", "leaderboard")
    asked = submissions(tmp_path, "--configfile", "full.yaml", "--", *targets)
    short = [rules for rules, seconds in asked if seconds < SHORT]
    assert len(asked) > 300
    assert len(short) < SHARE * len(asked), short


def test_what_is_not_the_clusters_is_as_on_one_machine():
    default = yaml.safe_load((ROOT / "profiles/default/config.yaml").read_text())
    assert {*default.pop("resources")} <= {*PROFILE["resources"]}
    assert {key: PROFILE[key] for key in default} == default


def test_every_rule_declares_memory_and_time_and_has_rates_for_them():
    rates = Rates.shipped()
    for path in (ROOT / "workflow/rules").glob("*.smk"):
        for rule in path.read_text().split("\nrule ")[1:]:
            name = rule.partition(":")[0]
            wanted = (
                "NEEDS.training_memory" if name == "fit_and_score" else f'NEEDS.memory("{name}")'
            )
            assert f"mem_mb={wanted}," in rule, name
            assert f'runtime=NEEDS.runtime("{name}"),' in rule, name
            assert name in rates.jobs
            assert name == "fit_and_score" or name in rates.memory


def test_what_needs_the_internet_or_takes_a_second_is_not_submitted():
    local = {
        name
        for path in (ROOT / "workflow/rules").glob("*.smk")
        for names in re.findall(r"^localrules:\n((?:    .*\n)+)", path.read_text(), re.MULTILINE)
        for name in re.findall(r"\w+", names)
    }
    assert local == {"check_archive", "clip_index", "quality_of_all", "all_tables", "audit", "page"}
    grouped = {entry.partition("=")[0] for entry in PROFILE["groups"]}
    assert not local & grouped
