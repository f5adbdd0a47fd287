"""A job from its files to its files: seeds, folders, scores, and what an interruption costs."""

import csv
import json
from dataclasses import replace

import numpy as np
import pytest

from mimii_bench.systems.dense_autoencoder import DenseAutoencoder
from mimii_bench.training import running, scoring
from mimii_bench.training.job import TrainingJob
from mimii_bench.util.errors import UserError
from training.conftest import UNITS

POOLS = [unit.path for unit in UNITS]


def content(folder):
    """Return the files below a folder with their bytes; times differ from run to run."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(p.relative_to(folder)): p.read_bytes() for p in files if p.stem[:5] != "times"}


def test_a_job_is_made_again_from_its_plain_values(job):
    assert TrainingJob.from_plain(json.loads(json.dumps(job.plain()))) == replace(
        job, pools={pool: [list(unit)] for pool, (unit,) in job.pools.items()}
    )
    assert "checkpoints" not in job.plain()


def test_every_pool_and_number_has_a_seed_of_its_own(job):
    several = replace(job, numbers=[0, 1])
    assert len({several.seed(training) for training in several.trainings}) == 4


def test_every_training_has_its_folder(job, files, tmp_path):
    running.fit_and_score(job, files, tmp_path / "models")
    assert set(content(tmp_path / "models")) == {
        "scored_by",
        *(
            f"0dB/id_{id}/{name}"
            for id in ("00", "02")
            for name in (
                *("history.csv", "model.json", "model.safetensors", "SHA256SUMS"),
                *("scores/score.csv", "scores/SHA256SUMS"),
            )
        ),
    }
    with (tmp_path / "models/times.csv").open() as file:
        times = list(csv.DictReader(file))
    assert [row["pool"] for row in times] == POOLS
    assert all(float(row["fit_seconds"]) > 0 < float(row["score_seconds"]) for row in times)


def test_scores_are_taken_over_or_made_again_to_the_same_bytes(job, files, tmp_path):
    models = tmp_path / "models"
    running.fit_and_score(job, files, models)
    running.score_job(job, files, models, tmp_path / "taken")
    (models / "scored_by").write_text("other code")
    for file in models.rglob("scores/*.csv"):
        file.write_text("from other code")
    running.score_job(job, files, models, tmp_path / "made")
    assert content(tmp_path / "made") == content(tmp_path / "taken")
    assert len(content(tmp_path / "made")) == 4


def test_a_job_of_one_training_has_its_files_at_the_top(job, files, tmp_path):
    pool = POOLS[0]
    alone = replace(job, path=f"{pool}/seed0", group=pool, pools={pool: job.pools[pool]})
    models = tmp_path / "models"
    running.fit_and_score(alone, files._replace(stores=files.stores[:1]), models)
    names = {"history.csv", "model.json", "model.safetensors", "scores/score.csv", "scored_by"}
    assert set(content(models)) == {*names, "SHA256SUMS", "scores/SHA256SUMS"}
    running.score_job(alone, files._replace(stores=files.stores[:1]), models, tmp_path / "scores")
    assert set(content(tmp_path / "scores")) == {"score.csv", "SHA256SUMS"}


def test_a_job_of_all_seeds_has_a_folder_for_each(job, files, tmp_path):
    several = replace(job, path="fan/seeds", numbers=[0, 1])
    running.fit_and_score(several, files, tmp_path / "models")
    running.score_job(several, files, tmp_path / "models", tmp_path / "scores")
    assert set(content(tmp_path / "scores")) == {
        f"seed{seed}/0dB/id_{id}/{name}"
        for seed in (0, 1)
        for id in ("00", "02")
        for name in ("score.csv", "SHA256SUMS")
    }


def test_a_kind_of_score_that_the_system_does_not_give_is_named(job, files, tmp_path):
    running.fit_and_score(job, files, tmp_path / "models")
    with pytest.raises(UserError, match=r"^ae: no score 'msee', which leaderboard\.yaml ranks by"):
        running.score_job(job, files, tmp_path / "models", tmp_path / "scores", ["msee"])
    assert not (tmp_path / "scores").exists()


def test_an_array_alone_is_the_score_called_score():
    class Plain:
        learns = None

        def score(self, clips):
            return np.array([1.0] * len(list(clips)))

    assert scoring.score(Plain(), [], [])["score"].shape == (0,)


def stop_at_the_second(monkeypatch, error):
    """Let the second training raise; return the epochs that each one took."""
    fit, epochs = DenseAutoencoder.fit, []

    def fitted(self, *inputs, **given):
        if len(epochs) == 1 and error:
            raise error
        kept = []
        keep = self.checkpoint.keep
        self.checkpoint.keep = lambda *state: (kept.append(1), keep(*state))
        epochs.append(kept)
        return fit(self, *inputs, **given)

    monkeypatch.setattr(DenseAutoencoder, "fit", fitted)
    return epochs


def test_what_was_trained_before_a_kill_is_not_trained_again(job, files, tmp_path, monkeypatch):
    running.fit_and_score(job, files, tmp_path / "whole")
    models = tmp_path / "models"
    with monkeypatch.context() as patch:
        stop_at_the_second(patch, KeyboardInterrupt())
        with pytest.raises(KeyboardInterrupt):
            running.fit_and_score(job, files, models)
    assert not models.exists()
    (left,) = (tmp_path / "models.checkpoints").rglob("*.checkpoint")
    assert left.parent.name == "id_00"
    epochs = stop_at_the_second(monkeypatch, None)
    running.fit_and_score(job, files, models)
    assert list(map(len, epochs)) == [0, 3]
    assert content(models) == content(tmp_path / "whole")
    assert not (tmp_path / "models.checkpoints").exists()


def test_an_error_names_its_pool(job, files, tmp_path, monkeypatch):
    stop_at_the_second(monkeypatch, UserError("stopped"))
    with pytest.raises(UserError, match=r"^fan/0dB/id_02: stopped"):
        running.fit_and_score(job, files, tmp_path / "models")
