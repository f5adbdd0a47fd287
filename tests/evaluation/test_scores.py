"""Score files."""

import numpy as np
import pytest

from mimii_bench.evaluation.scores import read_scores, write_scores
from mimii_bench.splits.manifests import SplitRow
from mimii_bench.util.errors import UserError

ROWS = [
    SplitRow("normal/00000000", "fan", "0dB", "00", "normal", "train"),
    SplitRow("normal/00000001", "fan", "0dB", "00", "normal", "test"),
    SplitRow("abnormal/00000000", "fan", "0dB", "00", "abnormal", "test"),
]


def test_a_score_file_has_the_contract_s_columns_and_nine_digits(tmp_path):
    write_scores(ROWS, np.array([1, 1 / 3, 1e-12]), tmp_path / "scores.csv")
    lines = (tmp_path / "scores.csv").read_text().splitlines()
    assert lines[0] == "clip,machine,snr,id,label,role,score"
    assert [line.split(",")[-1] for line in lines[1:]] == ["1", "0.333333333", "1e-12"]


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_score_that_is_no_number_names_its_clip_and_writes_nothing(tmp_path, bad):
    with pytest.raises(UserError, match=f"^fan/0dB/id_00/normal/00000001: its score is {bad}"):
        write_scores(ROWS, np.array([1, bad, 2]), tmp_path / "scores.csv")
    assert not list(tmp_path.iterdir())


def test_a_score_for_every_clip_or_none(tmp_path):
    with pytest.raises(ValueError, match="shorter"):
        write_scores(ROWS, np.array([1.0, 2.0]), tmp_path / "scores.csv")


def test_clips_are_read_back_with_their_role_and_seed(tmp_path):
    for seed in range(2):
        write_scores(ROWS, np.arange(3) + 10 * seed, tmp_path / f"{seed}.csv")
    scores = read_scores([tmp_path / "0.csv", tmp_path / "1.csv"])
    assert scores["score"].tolist() == [0, 1, 2, 10, 11, 12]
    assert scores["seed"].tolist() == [0, 0, 0, 1, 1, 1]
    assert scores["role"].tolist() == [row.role for row in ROWS] * 2
    assert set(scores["id"]) == {"00"}
