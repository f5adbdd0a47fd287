"""Snakemake and all its children killed at random moments: a plain rerun ends in the same bytes."""

import contextlib
import random
import subprocess
import time

import psutil
import pytest

KILLS = 5


def kill_tree(process: subprocess.Popen) -> None:
    """Send SIGKILL to a process and to all that descend from it, as a power cut would."""
    with contextlib.suppress(psutil.NoSuchProcess):
        family = psutil.Process(process.pid)
        for member in [family, *family.children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess):
                member.kill()
    process.wait()


def run_until(project, finished_jobs: int, then_s: float) -> bool:
    """Kill a run some seconds after it has finished so many jobs; tell whether it was running."""
    process = subprocess.Popen(
        project.command(),
        cwd=project.folder,
        env=project.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    for line in process.stdout:
        finished_jobs -= line.startswith("Finished jobid")
        if finished_jobs < 0:
            break
    time.sleep(then_s)
    running = process.poll() is None
    kill_tree(process)
    return running


@pytest.mark.fault
def test_killed_runs_end_in_the_same_bytes(finished, project_class, tmp_path):
    project = project_class.fresh(tmp_path / "killed")
    moments = random.Random(0)
    for _ in range(KILLS):
        assert run_until(project, moments.randint(0, 2), moments.uniform(0, 1))
        project.run("--unlock")
    project.run()
    assert not list(project.folder.glob("results/**/*.part"))
    for path in ("all.csv", "missing.csv"):
        assert project.read(f"results/tables/{path}") == finished.read(f"results/tables/{path}")
