"""Score files."""

import re

import numpy as np
import pandas as pd
import pytest

from mimii_bench.evaluation.scores import fit_threshold, read_scores, write_scores
from mimii_bench.evaluation.thresholds import GammaThreshold
from mimii_bench.splits.manifests import SplitRow
from mimii_bench.util.errors import UserError

ROWS = [
    SplitRow("normal/00000000", "fan", "0dB", "00", "normal", "train"),
    SplitRow("normal/00000001", "fan", "0dB", "00", "normal", "test"),
    SplitRow("abnormal/00000000", "fan", "0dB", "00", "abnormal", "test"),
]


HEADER = "clip,machine,snr,id,label,role,score"


def test_a_score_file_has_the_contract_s_columns_and_all_digits(tmp_path):
    write_scores(ROWS, np.array([1, 1 / 3, 1e-12]), tmp_path / "scores.csv")
    lines = (tmp_path / "scores.csv").read_text().splitlines()
    assert lines[0] == HEADER
    assert [line.split(",")[-1] for line in lines[1:]] == ["1.0", "0.3333333333333333", "1e-12"]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_scores_are_read_back_to_the_bit(tmp_path, dtype):
    """With nine digits, those near 1 would be ties, and their clips without a rank."""
    rng = np.random.default_rng(0)
    near_one = 1 - rng.exponential(1e-9, 2000)
    wide = np.exp(rng.normal(0, 15, 2000))
    scores = np.concatenate([near_one, wide]).astype(dtype)
    rows = [ROWS[1]._replace(clip=f"normal/{k:08d}") for k in range(len(scores))]
    write_scores(rows, scores, tmp_path / "score.csv")
    found = read_scores([tmp_path / "score.csv"])["score"].to_numpy()
    np.testing.assert_array_equal(found, scores.astype(np.float64))
    if dtype == np.float64:
        assert len(np.unique(found)) == len(scores)
        assert len({f"{score:.9g}" for score in near_one}) < 100


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


GOOD = "normal/0,fan,0dB,00,normal,test,0.5"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["clip,score", "a,1"], "line 1: columns must be clip,machine,snr,id,label,role,score"),
        ([HEADER, GOOD, GOOD.replace(",normal", ",odd")], "line 3: label 'odd' is not allowed"),
        ([HEADER, GOOD, GOOD.replace("test", "tests")], "line 3: role 'tests' is not allowed"),
        ([HEADER, GOOD.replace("0.5", "inf")], "line 2: score 'inf' is not allowed"),
        ([HEADER, GOOD.replace("0.5", "")], "line 2: score '' is not allowed"),
        ([HEADER, GOOD, GOOD], "line 3: the clip stands twice"),
        ([HEADER, GOOD, GOOD.replace("/0", "/1") + ",1"], "line 3"),
        ([HEADER, GOOD, "normal/1,fan"], "line 3: label '' is not allowed"),
    ],
)
def test_a_file_is_verified_when_it_is_read(tmp_path, lines, message):
    path = tmp_path / "score.csv"
    path.write_text("\n".join(lines) + "\n")
    with pytest.raises(UserError) as caught:
        read_scores([path])
    assert re.match(f"{re.escape(str(path))}: .*{re.escape(message)}", str(caught.value))
    assert "\n" not in str(caught.value)


def test_seeds_score_the_same_clips(tmp_path):
    write_scores(ROWS, np.arange(3), tmp_path / "0.csv")
    write_scores(ROWS[1:], np.arange(2), tmp_path / "1.csv")
    with pytest.raises(UserError, match=r"1.csv: other clips than in .*0.csv; delete .*1.csv"):
        read_scores([tmp_path / "0.csv", tmp_path / "1.csv"])


def test_a_threshold_is_fitted_on_the_roles_that_its_rule_names():
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"label": "normal", "role": ["train", "test"] * 20})
    table["score"] = rng.gamma(2.0, size=40)
    for role in ("train", "test"):
        rule = {"class": "thresholds.GammaThreshold", "p": 0.1, "fitted_on": [role]}
        clips = table[table["role"] == role]["score"]
        assert fit_threshold(table, rule) == GammaThreshold(p=0.1).fit(clips).threshold_
    assert fit_threshold(table, None) is None
