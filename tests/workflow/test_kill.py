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
    family = [psutil.Process(process.pid)]
    family += family[0].children(recursive=True)
    for member in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            member.kill()
    process.wait()


@pytest.mark.fault
def test_killed_runs_end_in_the_same_bytes(finished, project_class, tmp_path):
    project = project_class.fresh(tmp_path / "killed")
    moments = random.Random(0)
    killed = 0
    for _ in range(KILLS):
        process = subprocess.Popen(
            project.command(),
            cwd=project.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(moments.uniform(4, 20))
        killed += process.poll() is None
        kill_tree(process)
        project.run("--unlock")
    project.run()
    assert killed >= KILLS - 1, "the runs ended before they could be killed"
    assert not list(project.folder.glob("results/**/*.part"))
    for path in ("all.csv", "missing.csv"):
        assert project.read(f"results/tables/{path}") == finished.read(f"results/tables/{path}")
