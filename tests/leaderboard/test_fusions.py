"""Fusions that are named beforehand: who is in them, and what is averaged."""

import re

import numpy as np
import pandas as pd
import pytest
import yaml

from mimii_bench.corpus.base import Unit
from mimii_bench.leaderboard import standings
from mimii_bench.leaderboard.entries import load_entries
from mimii_bench.leaderboard.fusions import fusions_of, load_fusions
from mimii_bench.leaderboard.rules import Fusion
from mimii_bench.leaderboard.standings import Contender
from mimii_bench.util.errors import UserError
from samples import read_schema

UNIT = Unit("fan", "0dB", "00")
INPUTS = [{"feature": "logmel64", "mix": "ch0"}]
SYSTEMS = {
    "knn": {"class": "classical.NearestNeighbours", "inputs": INPUTS, "options": {}},
    "gmm": {"class": "classical.GaussianMixture", "inputs": INPUTS, "options": {}},
    "pooled": {
        "class": "pooled_features.PooledFeatures",
        "inputs": INPUTS,
        "options": {"back_ends": ["means", "mixture"]},
        "scores": ["means", "mixture"],
    },
}


def loaded(folder, fusions):
    file = folder / "leaderboard.yaml"
    spec = {"features": {"logmel64": {"class": "logmel.LogMel", "n_mels": 64}}, "systems": SYSTEMS}
    file.write_text(yaml.safe_dump(spec | {"fusions": fusions}))
    schema = read_schema("leaderboard")
    entries = load_entries(file, schema, {})
    return load_fusions(file, schema, entries), entries


def test_a_system_stands_for_all_of_its_rows(tmp_path):
    given = {"both": {"rows": ["knn", "pooled"], "scores": "ranks"}}
    (found,), entries = loaded(tmp_path, given)
    assert found == Fusion("both", ["knn", "pooled:means", "pooled:mixture"], "ranks", False)
    assert fusions_of([found], entries) == ([found], [])
    assert fusions_of([found], entries[:2]) == ([], ["both: pooled:means is not ranked"])


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("f", {"rows": ["knn", "none"], "scores": "ranks"}, "f.rows: there is no row none"),
        ("f", {"rows": ["pooled:mse", "knn"], "scores": "ranks"}, "there is no row pooled:mse"),
        ("f", {"rows": ["knn"], "scores": "ranks"}, "f.rows: knn alone is no fusion"),
        ("f", {"rows": ["knn", "knn"], "scores": "ranks"}, "f.rows: knn stands twice"),
        ("f", {"rows": ["pooled", "pooled:means"], "scores": "ranks"}, "pooled:means stands twice"),
        ("knn", {"rows": ["knn", "gmm"], "scores": "ranks"}, "fusions.knn: a system"),
        ("fusion", {"rows": ["knn", "gmm"], "scores": "ranks"}, "fusions.fusion: a system"),
        ("f", {"rows": ["knn", "gmm"], "scores": "mean"}, "mean"),
        ("f", {"rows": [], "scores": "ranks"}, "fusions.f.rows"),
        ("f", {"rows": [7, "gmm"], "scores": "ranks"}, "7"),
        ("f", {"rows": ["knn", "gmm"]}, "scores"),
        ("f", {"rows": ["knn", "gmm"], "scores": "ranks", "weights": [1, 2]}, "weights"),
        ("../f", {"rows": ["knn", "gmm"], "scores": "ranks"}, "../f"),
        ("f", None, "fusions.f"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(tmp_path, name, given, said):
    with pytest.raises(UserError, match=re.escape(said)) as raised:
        loaded(tmp_path, {name: given})
    assert "\n" not in str(raised.value)
    assert "leaderboard.yaml" in str(raised.value)


def row(name, scores, normals, entry="", supervised=False):
    """A row of two seeds, whose second training gives ten times the scores of the first."""

    def table(values, labels, role):
        runs = [
            pd.DataFrame({"score": np.multiply(values, 10**seed), "label": labels, "seed": seed})
            for seed in range(2)
        ]
        clips = [*range(len(values))] * 2
        return pd.concat(runs, ignore_index=True).assign(clip=clips, role=role, **UNIT._asdict())

    labels = ["normal"] * (len(scores) // 2) + ["abnormal"] * (len(scores) - len(scores) // 2)
    tested, trained = table(scores, labels, "test"), table(normals, "normal", "train")
    return Contender(name, entry or name, supervised, {UNIT: tested}, {UNIT: trained})


def test_standardised_scores_are_averaged_by_entry_and_seed():
    one = row("a", [1.0, 2.0, 3.0, 9.0], [1.0, 3.0])
    kinds = [row(f"b:{k}", [5.0, 0.0, 1.0, 2.0 + k], [2.0, 6.0], "b") for k in range(2)]
    found = standings.fuse_standardised("f", [one, *kinds])
    first = (np.array([1.0, 2.0, 3.0, 9.0]) - 2) / 1
    second = [(np.array([5.0, 0.0, 1.0, 2.0 + k]) - 4) / 2 for k in range(2)]
    expected = first / 2 + np.mean(second, axis=0) / 2
    for _, run in found.clips[UNIT].groupby("seed"):
        np.testing.assert_allclose(run["score"], expected)
    for _, run in found.normals[UNIT].groupby("seed"):
        np.testing.assert_allclose(run["score"], [-1, 1])


def test_a_fusion_of_ranks_has_no_scores_of_training_clips_and_knows_who_was_taught():
    rows = [row("a", [1.0, 2.0], [1.0, 3.0]), row("b", [3.0, 1.0], [1.0, 3.0], supervised=True)]
    found = standings.fuse("f", rows)
    assert (found.supervised, dict(found.normals)) == (True, {})
    assert found.clips[UNIT]["score"].tolist() == [0.75] * 4


def test_a_row_without_any_spread_among_training_clips_cannot_be_standardised():
    rows = [row("a", [1.0, 2.0], [1.0, 3.0]), row("near", [3.0, 1.0], [0.0, 0.0])]
    said = "fusions.f: near gives all normal training clips of fan/0dB/id_00 the same score"
    with pytest.raises(UserError, match=re.escape(said)):
        standings.fuse_standardised("f", rows)
