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
    from mimii_bench.pricing.jobs import Jobs
    from mimii_bench.pricing.rates import Rates

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
    project = workflow.globals["PROJECT"]
    costs, priced = Costs(project, Rates.shipped()), Jobs(project)
    found = {}
    for job, one in jobs.items():
        # In a dry run all are local.
        if not (job.rule.norun or job.rule.name in workflow._localrules):
            of_costs = priced.making(str(job.output[0]))
            found.setdefault(id(one), []).append([of_costs.kind, costs.passed(of_costs)])
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
    (tmp_path / "none.yaml").write_text("mimii: {folder: zips, download: true}\n")
    configured = (str(ROOT / "config/mimii.yaml"), "none.yaml")
    targets = ("all", "figures", "leaderboard")
    asked = submissions(tmp_path, "--configfile", *configured, "--", *targets)
    short = [rules for rules, seconds in asked if seconds < SHORT]
    assert len(asked) > 300
    assert len(short) < SHARE * len(asked), short


def test_what_is_not_the_clusters_is_as_on_one_machine():
    default = yaml.safe_load((ROOT / "profiles/default/config.yaml").read_text())
    assert {*default.pop("resources")} <= {*PROFILE["resources"]}
    assert {key: PROFILE[key] for key in default} == default


def rules():
    """What each rule does and what it asks for it by, with its text; some stand in loops."""
    for path in (ROOT / "workflow/rules").glob("*.smk"):
        for rule in re.split(r"\n *rule\b *", path.read_text())[1:]:
            kind = re.search(r'PATHS\.log\("(\w+)"', rule)[1]
            batch = re.search(r"name:\s+(\w+)\.name", rule)
            yield kind, batch[1] if batch else f'"{kind}"', rule


def test_every_rule_declares_memory_and_time_and_has_rates_for_them():
    rates = Rates.shipped()
    for kind, asked, rule in rules():
        assert f"mem_mb=NEEDS.memory({asked})," in rule, kind
        assert f"runtime=NEEDS.runtime({asked})," in rule, kind
        assert kind in rates.jobs
        assert kind == "fit_and_score" or kind in rates.memory


def test_what_needs_the_internet_or_takes_a_second_is_not_submitted():
    text = "\n".join(path.read_text() for path in (ROOT / "workflow/rules").glob("*.smk"))
    blocks = re.findall(r"^localrules:\n((?:    \w+,\n)+)", text, re.MULTILINE)
    local = {name for block in blocks for name in re.findall(r"\w+", block)}
    assert local == {"check_archive", "quality_of_all", "all_tables", "audit", "page"}
    batches = re.findall(r"workflow\.localrules\(.* in PROJECT\.batches\.(\w+)", text)
    assert sorted(batches) == ["indexes", "splits"]
    grouped = {entry.partition("=")[0] for entry in PROFILE["groups"]}
    assert not local & grouped
