"""The installed command: it brings its workflow, and knows no checkout."""

import json
import subprocess

import pytest

import mimii_bench
from samples import ROOT

pytestmark = pytest.mark.whole


def test_it_runs_the_workflow_that_came_with_it(bench, installed):
    printed = bench("--version").stdout
    assert printed.startswith(f"mimii-bench {mimii_bench.__version__} (packaged workflow ")
    assert str(installed.parents[1]) in printed
    assert str(ROOT) not in printed


def test_help_names_all_commands(bench):
    from mimii_bench.cli.main import COMMANDS

    printed = bench("--help").stdout
    assert all(f"  {name} " in printed for name in COMMANDS)


def test_systems_are_those_of_the_checkout(bench):
    from mimii_bench.leaderboard.catalog import named_systems

    found = json.loads(bench("systems", "--format", "json").stdout)
    assert [one["name"] for one in found] == list(named_systems())


def test_the_packaged_workflow_plans_a_run_in_the_users_folder(bench, installed, tmp_path):
    workflow = installed.parents[1] / "lib"
    (snakefile,) = workflow.glob("python*/site-packages/mimii_bench/checkout/Snakefile")
    python = installed.with_name("python")
    done = subprocess.run(
        [
            *(python, "-m", "snakemake", "--snakefile", snakefile, "--cores", "1", "--dry-run"),
            *("--configfile", snakefile.parent / "config/tiny.yaml"),
        ],
        cwd=tmp_path,
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "fit_and_score" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing"], "No such command 'nothing'"),
        (["systems", "--nothing"], "No such option"),
        (["systems", "knn_men"], "mimii-bench: 'knn_men' is no system; did you mean knn_mean"),
    ],
)
def test_what_the_user_can_mend_ends_with_status_2(bench, arguments, said):
    done = bench(*arguments, status=2)
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
