"""The workflow from other folders, as a part of another one, and several runs of it."""

import re
import shutil
import subprocess
import sys

import pytest

pytestmark = pytest.mark.whole

ALL = "results/tables/all.csv"
#: What config/tiny.yaml says, for a folder that has no such file.
TINY = """\
reports: [mimii_baseline]
budgets:
  demo: {max_steps: 10, seeds: 2, bootstrap: 100}
simulated: {machines: [fan], snrs: ["-6dB", "6dB"], ids: ["00", "02"], normal: 5, abnormal: 2}
"""


def snakemake(project, folder, *arguments):
    """Run Snakemake in a folder with the library of a project; return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", "--cores", "2", *arguments],
        cwd=folder,
        env=project.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    return done.stdout


@pytest.fixture
def elsewhere(tmp_path):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return folder


def test_from_a_scratch_folder(finished, elsewhere):
    (elsewhere / "config.yaml").write_text(TINY)
    start = ("-s", str(finished.folder / "Snakefile"))
    snakemake(finished, elsewhere, *start, "results/splits/mimii_baseline/fan/6dB/id_00.csv")
    assert "report_tables" in snakemake(finished, elsewhere, *start, "--dry-run")
    assert (elsewhere / "results/corpus/index/fan/6dB.csv").is_file()


def test_by_the_door_of_the_workflow_catalog(finished, elsewhere):
    (elsewhere / "config.yaml").write_text(TINY)
    start = ("-s", str(finished.folder / "workflow/Snakefile"))
    assert re.search("fit_and_score +2", snakemake(finished, elsewhere, *start, "--dry-run"))


def test_in_another_directory(finished, elsewhere):
    tiny = elsewhere / "tiny.yaml"
    tiny.write_text(TINY)
    given = ("--directory", str(elsewhere), "--dry-run", "--configfile", str(tiny))
    assert re.search("fit_and_score +2", snakemake(finished, finished.folder, *given))


def test_as_a_module_of_another_workflow(finished, elsewhere):
    (elsewhere / "Snakefile").write_text(
        f"""
import yaml

module bench:
    snakefile: "{finished.folder}/Snakefile"
    config: yaml.safe_load('''{TINY}''')

use rule * from bench as bench_*

rule count:
    input: "{ALL}"
    output: "rows.txt"
    shell: "wc -l < {{input}} > {{output}}"
"""
    )
    printed = snakemake(finished, elsewhere, "rows.txt")
    assert "bench_fit_and_score" in printed
    assert (elsewhere / ALL).read_bytes() == finished.read(ALL)


def test_named_runs_stand_side_by_side(clone):
    before = clone.read(ALL)
    target = "results/longer/splits/mimii_baseline/fan/6dB/id_00.csv"
    clone.run(target, "--config", "run=longer")
    assert clone.read(ALL) == before
    assert clone.planned() == {}
    assert "fit_and_score" in clone.planned("--config", "run=longer")
    result = clone.snakemake("--dry-run", "--config", "run=../longer")
    assert "config.yaml: run: '../longer': write letters" in result.stdout


def test_results_that_are_moved_into_a_fresh_clone_are_finished(finished, project_class, tmp_path):
    """Every file of the clone is younger than all results."""
    fresh = project_class.fresh(tmp_path / "fresh")
    for folder in ("results", ".snakemake"):
        shutil.copytree(finished.folder / folder, fresh.folder / folder, symlinks=True)
    for file in fresh.folder.rglob("*"):
        if file.is_file() and not {"results", ".snakemake"} & set(file.parts):
            file.touch()
    assert fresh.planned() == {}
