"""A training killed in the middle goes on from its checkpoint, and ends in the same model."""

import subprocess
import time

import pytest

from workflow.test_kill import kill_tree

MODEL = "results/models/mimii_baseline/dense_ae/fan/6dB/id_00/seed0"
#: Many short epochs, and a checkpoint after each.
SETTINGS = """\
reports: [mimii_baseline]
jobs: {training: pool}
checkpoint_seconds: 0
budgets:
  demo: {max_steps: 6000, seeds: 1, bootstrap: 100}
simulated: {machines: [fan], snrs: ["6dB"], ids: ["00"], normal: 8, abnormal: 2}
"""


def long_training(project_class, folder, settings, batch_size):
    """A project whose one training takes long enough to be interrupted, and which has its input."""
    project = project_class.fresh(folder, "config/long.yaml")
    (project.folder / "config/long.yaml").write_text(settings)
    report = "reports/mimii_baseline/report.yaml"
    project.edit(report, "batch_size: 512", f"batch_size: {batch_size}")
    project.run("results/features/logmel64_reflect/ch0/fan/6dB/id_00.h5")
    return project


@pytest.fixture
def project(project_class, tmp_path):
    return long_training(project_class, tmp_path / "project", SETTINGS, batch_size=16)


def checkpoints(project):
    return list((project.folder / f"{MODEL}.checkpoints").rglob("*.checkpoint"))


@pytest.mark.fault
def test_a_killed_training_ends_in_the_same_model(project, tmp_path):
    whole = project.clone(tmp_path / "whole")
    whole.run()
    process = subprocess.Popen(
        project.command(),
        cwd=project.folder,
        env=project.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
    )
    while not checkpoints(project):
        assert process.poll() is None, "it ended before its first checkpoint"
        time.sleep(0.05)
    time.sleep(1)
    kill_tree(process)
    assert len(checkpoints(project)) == 1
    assert not (project.folder / MODEL).exists()
    project.run("--unlock")
    project.run()
    assert not checkpoints(project)
    for name in ("model.safetensors", "history.csv"):
        assert project.read(f"{MODEL}/{name}") == whole.read(f"{MODEL}/{name}")
    assert project.read("results/tables/all.csv") == whole.read("results/tables/all.csv")
