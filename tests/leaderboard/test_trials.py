"""One trial: what is trained, scored and written."""

import numpy as np
import pytest

from mimii_bench.leaderboard import trials
from mimii_bench.splits.manifests import SplitRow
from mimii_bench.util.errors import UserError


class System:
    """Gives two kinds of score, and keeps how often it was fitted."""

    learns = None
    fitted = 0

    def fit(self, *inputs, validation=None):
        self.fitted += 1

    def score(self, clips):
        n = len(list(clips))
        return {"mse": np.arange(n, dtype=float), "other": np.zeros(n)}

    def save(self, weights, description):
        weights.write_text("")
        description.write_text("")


def rows():
    return [
        SplitRow(f"normal/{k}", "fan", "0dB", id, "normal", role)
        for id in ("00", "02")
        for k, role in enumerate(("train", "test", "test"))
    ]


def test_the_test_clips_of_the_ranked_ids_are_scored_in_every_kind(tmp_path):
    system = System()
    took = trials.run(system, rows(), [], ["02"], ["mse"], tmp_path)
    assert system.fitted == 1
    assert all(seconds >= 0 for seconds in took)
    assert {path.name for path in tmp_path.iterdir()} == {
        *("mse.csv", "other.csv", "model.safetensors", "model.json"),
    }
    lines = (tmp_path / "mse.csv").read_text().splitlines()[1:]
    assert [line.split(",")[:4] for line in lines] == [
        [f"normal/{k}", "fan", "0dB", "02"] for k in (1, 2)
    ]


def test_a_kind_of_score_that_the_system_does_not_give_is_named(tmp_path):
    with pytest.raises(UserError, match="no score 'msee', which leaderboard"):
        trials.run(System(), rows(), [], ["02"], ["msee"], tmp_path)
    assert not list(tmp_path.iterdir())
