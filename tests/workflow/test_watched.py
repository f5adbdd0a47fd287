"""What is seen of a run: in a terminal, where there is none, and before it starts."""

import os
import pty
import re
import subprocess

import pytest

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def in_a_terminal(project, *arguments):
    """Run Snakemake in a terminal of its own; return its status and what was seen in there."""
    ours, theirs = pty.openpty()
    started = subprocess.Popen(
        project.command(*arguments),
        cwd=project.folder,
        env={**project.environment, "TERM": "xterm", "COLUMNS": "120"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    seen = bytearray()
    try:
        while part := os.read(ours, 65536):
            seen += part
    except OSError:
        # The other end was closed, which Linux tells so.
        pass
    os.close(ours)
    return started.wait(), ESCAPES.sub("", seen.decode(errors="replace")).replace("\r", "\n")


@pytest.mark.whole
def test_a_terminal_shows_how_far_a_run_is_and_where_the_results_are(project_class, tmp_path):
    project = project_class.fresh(tmp_path / "project")
    # Trainings as short as these would say nothing, and be over before they are looked at.
    project.edit("config/tiny.yaml", "max_steps: 10", "max_steps: 2000")
    project.edit("src/mimii_bench/systems/learning/telling.py", "EVERY = 5.0", "EVERY = 0.1")
    status, seen = in_a_terminal(project)
    assert status == 0
    assert re.search(
        r"━.* of \d+ jobs, \d+ % of the work, \d:\d\d passed, about \d:\d\d left", seen
    )
    assert re.search(
        r"fit_and_score mimii_baseline .*epoch \d+ of 50, step \d+ of 2000, loss", seen
    )
    for line in (
        r"all results on one page, for a browser: results/index\.html",
        r"\d+ printed numbers, and \d+ of ours of simulated recordings: results/tables/all\.csv",
        r"(nothing is missing|\d+ could not be computed): results/tables/missing\.csv; the fig",
    ):
        assert re.search(line, seen)
    for noise in ("Select jobs", "resources:", "Building DAG", "reason:"):
        assert noise not in seen


def with_a_fault(project_class, folder, script):
    """A project of which the jobs of one script fail."""
    project = project_class.fresh(folder / "project")
    begins = "with job(globals()) as snakemake:\n"
    fault = "    raise ValueError('a fault of ours')\n"
    project.edit(f"workflow/scripts/{script}.py", begins, begins + fault)
    return project


@pytest.mark.whole
def test_a_terminal_shows_what_failed_once_and_its_log(project_class, tmp_path):
    project = with_a_fault(project_class, tmp_path, "feature_store")
    status, seen = in_a_terminal(project)
    assert status == 1
    assert "failed: feature_store logmel64_reflect/ch0/fan: ValueError: a fault of ours" in seen
    assert "its log: results/logs/feature_store/logmel64_reflect/ch0/fan.log" in seen
    assert "the same command goes on" in seen
    assert "Traceback" not in seen


@pytest.mark.whole
def test_without_a_terminal_a_run_is_told_in_few_lines(project_class, tmp_path):
    project = project_class.fresh(tmp_path / "project")
    printed = project.run()
    lines = printed.splitlines()
    assert len(lines) < 50
    assert re.search(r"^\d+ jobs$", printed, re.MULTILINE)
    assert re.search(r"^\d+ of \d+ steps \(\d+%\) done: \d+ % of the work, ", printed, re.MULTILINE)
    assert re.search(
        r"missing for mimii_baseline: 44 units: 36 not in simulated\.machines", printed
    )
    for noise in ("resources:", "Building DAG", "reason:", "Finished jobid"):
        assert noise not in printed
    assert "results/index.html" in lines[-4]
    again = project.run("--forcerun", "page", "--verbose")
    assert "rule page:" in again


@pytest.mark.whole
def test_without_a_terminal_what_failed_is_told_with_its_log(project_class, tmp_path):
    project = with_a_fault(project_class, tmp_path, "noise_bank")
    result = project.snakemake()
    assert result.returncode != 0
    assert result.stdout.count("failed: noise_bank: ValueError: a fault of ours") == 1
    assert "  its log: results/logs/noise_bank.log" in result.stdout
    assert "  | ValueError: a fault of ours" in result.stdout
    assert len(result.stdout.splitlines()) < 60


def test_a_dry_run_is_short(project_class, tmp_path):
    project = project_class.fresh(tmp_path / "project")
    printed = project.run("--dry-run")
    assert len(printed.splitlines()) < 40
    assert re.search(r"^feature_store +1$", printed, re.MULTILINE)
    assert len(project.run("--dry-run", "--verbose").splitlines()) > 200
