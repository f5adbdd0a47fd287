"""The workflow on a real Slurm: what is computed, and that nothing a cluster does is lost."""

import os
import re
import shutil
import signal
import time

import pytest

pytestmark = pytest.mark.cluster

TABLES = ("all.csv", "claims.csv", "missing.csv", "audit.csv", "quality.csv")
BANK = "results/corpus/simulated/bank.h5"
MODEL = "results/models/mimii_baseline/dense_ae/fan/seed0"
#: One training of many short epochs, which takes long enough to be interrupted three times.
LONG = """\
reports: [mimii_baseline]
checkpoint_seconds: 0
budgets:
  demo: {max_steps: 20000, seeds: 1, bootstrap: 100}
simulated: {machines: [fan], snrs: ["6dB"], ids: ["00"], normal: 8, abnormal: 2}
"""
PATIENCE = 600


def wait_until(there, what, process):
    """Wait until something is so while a run goes on."""
    end = time.monotonic() + PATIENCE
    while not (found := there()):
        assert process.poll() is None, f"the run ended before {what}"
        assert time.monotonic() < end, f"{what} never came"
        time.sleep(0.2)
    return found


def test_the_tables_are_those_of_one_machine(finished, on_cluster, tmp_path):
    project = on_cluster(tmp_path / "project")
    said = project.run()
    for name in TABLES:
        path = f"results/tables/{name}"
        if (finished.folder / path).exists():
            assert project.read(path) == finished.read(path), name
    assert project.read("results/tables/all.csv")
    submitted = re.findall(r"submitted with SLURM jobid (\d+)", said)
    assert 5 <= len(submitted) <= 8, "the jobs of a group are one submission"
    assert project.planned() == {}


def test_a_job_over_its_memory_is_tried_again_with_more(finished, on_cluster, slurm, tmp_path):
    """The first attempt has too little for what it holds; the rule's own would be enough."""
    project = on_cluster(tmp_path / "project")
    little = "noise_bank:mem_mb=450 if attempt == 1 else 1200"
    before = len(slurm.jobs("all"))
    project.run(BANK, "--set-resources", little)
    states = slurm.told("squeue", "-h", "--states=all", "--sort=i", "-o", "%T %m").splitlines()
    first, second = states[before:]
    assert first in ("FAILED 450M", "OUT_OF_MEMORY 450M")
    assert second == "COMPLETED 1200M"
    assert project.read(BANK) == finished.read(BANK)


@pytest.fixture
def long(finished, project_class, on_cluster, tmp_path):
    """One training that nothing interrupts, and a project that is to make the same on a Slurm."""
    whole = project_class.fresh(tmp_path / "whole", "config/long.yaml")
    project = on_cluster(tmp_path / "project", "config/long.yaml")
    for one in (whole, project):
        (one.folder / "config/long.yaml").write_text(LONG)
        one.edit("reports/mimii_baseline/report.yaml", "batch_size: 512", "batch_size: 16")
        (one.folder / BANK).parent.mkdir(parents=True)
        for name in (BANK, f"{BANK}.sha256"):
            shutil.copy2(finished.folder / name, one.folder / name)
    store = "results/features/logmel64_reflect/ch0/fan/6dB/id_00.h5"
    whole.run(MODEL)
    project.run(store)
    return whole, project


def steps_kept(project):
    """The names and dates of the checkpoints: another one after each that is written."""
    kept = (project.folder / f"{MODEL}.checkpoints").rglob("*.checkpoint")
    return {(path.name, path.stat().st_mtime_ns) for path in kept}


def test_nothing_is_lost_by_a_cancelled_job_a_dead_node_and_a_killed_run(long, slurm):
    whole, project = long

    def goes_on(before):
        """A training runs, and has kept another checkpoint than there was."""
        now = steps_kept(project)
        return slurm.jobs("running") if now and not now & before else None

    run = project.start(MODEL)
    (job,) = wait_until(lambda: goes_on(set()), "a checkpoint", run)
    slurm.told("scancel", job)
    wait_until(lambda: job not in slurm.jobs("running,completing"), "its end", run)
    kept = steps_kept(project)
    assert len(kept) == 1
    log = next((project.folder / "results/logs/fit_and_score").rglob("*.log")).read_text()
    assert "told to end" in log

    (job,) = wait_until(lambda: goes_on(kept), "it to go on after being cancelled", run)
    kept = steps_kept(project)
    node = slurm.told("squeue", "-h", "-j", job, "-o", "%N").strip()
    slurm.kill_node(node)
    (job,) = wait_until(
        lambda: [] if slurm.processes_on(node) else goes_on(kept), "it to go on elsewhere", run
    )
    slurm.start_node(node)

    kept = steps_kept(project)
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    assert slurm.jobs("running") == [job], "a job outlives the run that submitted it"
    said = project.run(MODEL)
    assert "1 jobs that a killed run had left in the queue were cancelled" in said
    assert not steps_kept(project)
    for name in ("model.safetensors", "history.csv"):
        path = f"{MODEL}/6dB/id_00/{name}"
        assert project.read(path) == whole.read(path), name
