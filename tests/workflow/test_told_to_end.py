"""A training that is told to end writes its checkpoint at once, and goes on to the same model.

As a queue does when time is up: SIGTERM to every process of a job, and a moment later their end.
"""

import signal
import subprocess
import time

import psutil
import pytest

from workflow.test_kill import family_of, kill_tree
from workflow.test_resume import MODEL, SETTINGS, checkpoints, long_training

#: No checkpoint by the clock, and epochs of many steps, so that what is kept is kept when told; all
#: of them take longer than until the first is told of.
HOUR = SETTINGS.replace("checkpoint_seconds: 0", "checkpoint_seconds: 3600").replace(
    "max_steps: 6000", "max_steps: 40000"
)


@pytest.fixture
def project(project_class, tmp_path):
    return long_training(project_class, tmp_path / "project", HOUR, batch_size=2)


def training_of(process):
    """The process that trains, once it does."""
    while process.poll() is None:
        for member in family_of(process):
            try:
                if "fit_and_score.py" in " ".join(member.cmdline()[:2]):
                    return member
            except psutil.Error:
                continue
        time.sleep(0.05)
    raise AssertionError("it ended before it trained")


def step_of(project):
    """The step that a log tells of, 0 before the first line."""
    logs = list((project.folder / "results/logs/fit_and_score").rglob("*.log"))
    said = logs[0].read_text() if logs else ""
    return int(said.rpartition("step ")[2].split()[0].rstrip(",")) if "step " in said else 0


def wait_for_a_step(project, process):
    while not step_of(project):
        assert process.poll() is None, "it ended before it told of a step"
        time.sleep(0.05)


@pytest.mark.fault
def test_it_keeps_what_it_has_learned_and_ends_in_the_same_model(project, tmp_path):
    whole = project.clone(tmp_path / "whole")
    whole.run(MODEL)
    process = subprocess.Popen(
        project.command(MODEL),
        cwd=project.folder,
        env=project.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    training = training_of(process)
    wait_for_a_step(project, process)
    assert not checkpoints(project)
    training.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "it was told to end; the same command goes on from its checkpoint" in said
    assert len(checkpoints(project)) == 1
    assert not (project.folder / MODEL).exists()
    project.run(MODEL)
    assert not checkpoints(project)
    for name in ("model.safetensors", "history.csv"):
        assert project.read(f"{MODEL}/{name}") == whole.read(f"{MODEL}/{name}")


@pytest.mark.fault
def test_one_that_is_killed_a_moment_later_has_kept_it(project):
    process = subprocess.Popen(
        project.command(MODEL),
        cwd=project.folder,
        env=project.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
    )
    training_of(process)
    wait_for_a_step(project, process)
    for member in family_of(process)[1:]:
        member.send_signal(signal.SIGTERM)
    time.sleep(5)
    kill_tree(process)
    assert len(checkpoints(project)) == 1
