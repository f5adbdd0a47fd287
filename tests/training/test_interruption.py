"""Where checkpoints stand: one name per training, another one after any change."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from mimii_bench.training import interruption
from mimii_bench.training.interruption import checkpoint_path, remove_checkpoints
from mimii_bench.training.job import Computing, Files


@pytest.fixture
def copied(files, tmp_path):
    """What the job reads, in files that may be changed."""
    stores = [shutil.copy(path, tmp_path / f"{k}.h5") for k, path in enumerate(files.stores)]
    return Files(files.splits, list(map(str, stores)))


def path_of(job, files):
    return checkpoint_path(job, job.trainings[0], files, Path("models/report/ae/fan/seed0"))


def test_the_same_training_has_the_same_name_beside_its_models(job, copied):
    path = path_of(job, copied)
    assert path == path_of(job, copied)
    assert path.parent == Path("models/report/ae/fan/seed0.checkpoints/0dB/id_00")


def test_trainings_have_names_of_their_own(job, copied):
    models = Path("models")
    names = {checkpoint_path(job, one, copied, models).name for one in job.trainings}
    assert len(names) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"options": {"epochs": 4}},
        {"computing": Computing("cpu", 2)},
        {"computing": Computing("cuda", 1)},
        {"roles": []},
    ],
)
def test_another_setting_gives_another_name(job, copied, change):
    assert path_of(replace(job, **change), copied) != path_of(job, copied)


def test_how_often_checkpoints_are_kept_and_what_else_a_job_holds_gives_the_same(job, copied):
    fewer = replace(job, checkpoints=9.0, numbers=[0, 1])
    assert path_of(fewer, copied) == path_of(job, copied)


def test_other_code_gives_another_name(job, copied, monkeypatch):
    before = path_of(job, copied)
    monkeypatch.setattr(interruption, "fitting_code", lambda job: "other code")
    assert path_of(job, copied) != before


def test_another_manifest_gives_another_name(job, copied):
    before = path_of(job, copied)
    Path(copied.splits["fan/0dB/id_00"]).write_text("something else")
    assert path_of(job, copied) != before


def test_a_store_made_again_gives_another_name(job, copied):
    before = path_of(job, copied)
    os.utime(copied.stores[0], (1, 1))
    assert path_of(job, copied) != before


def test_all_checkpoints_of_a_job_are_removed_and_no_others(job, copied, tmp_path):
    models, other = tmp_path / "fan/seed0", tmp_path / "fan/seed1"
    for folder in (models, other):
        path = checkpoint_path(job, job.trainings[0], copied, folder)
        path.parent.mkdir(parents=True)
        path.touch()
    remove_checkpoints(models)
    assert [path.name for path in (tmp_path / "fan").iterdir()] == ["seed1.checkpoints"]
    remove_checkpoints(models)
