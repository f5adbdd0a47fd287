"""Our number for a published count."""

import json

import pytest

from mimii_bench.counts import Counts
from mimii_bench.splits import Row, write_split

TABLES = {
    "layers": {"layers": {"dense": "linear_1", "Total": "total", "input_layer": "input"}},
    "clips": {
        "clips": [
            {"row": "test", "column": "all", "roles": ["test"], "labels": ["normal", "abnormal"]},
            {"row": "train", "column": "normal", "roles": ["train"], "labels": ["normal"]},
        ]
    },
}


@pytest.fixture
def counts(tmp_path):
    description = tmp_path / "model.json"
    description.write_text(json.dumps({"parameters": 60, "layers": {"linear_1": 50}}))
    splits = []
    for pool, training in enumerate((3, 5)):
        rows = [Row(f"normal/{k}", "fan", "0dB", "00", "normal", "train") for k in range(training)]
        rows += [Row("normal/9", "fan", "0dB", "00", "normal", "test")]
        rows += [Row(f"abnormal/{k}", "fan", "0dB", "00", "abnormal", "test") for k in range(3)]
        splits.append(tmp_path / f"{pool}.csv")
        write_split(rows, splits[-1])
    return Counts({"ae": str(description)}, splits, TABLES)


def cell(table, row, column="Param #", metric="parameters", system="ae"):
    return {"table": table, "row": row, "column": column, "metric": metric, "system": system}


@pytest.mark.parametrize(("row", "expected"), [("dense", 50), ("Total", 60), ("input_layer", 0)])
def test_weights_are_those_of_the_layer_that_the_row_stands_for(counts, row, expected):
    estimate = counts(cell("layers", row))
    assert estimate.value == expected
    assert estimate.low is estimate.high is estimate.seeds is None


def test_clips_are_counted_by_role_and_label_as_a_mean_over_pools(counts):
    assert counts(cell("clips", "test", "all", "clips")).value == 4
    assert counts(cell("clips", "train", "normal", "clips")).value == 4


@pytest.mark.parametrize(
    "unknown",
    [
        cell("layers", "dense_9"),
        cell("layers", "dense", system="vae"),
        cell("clips", "test", "normal", "clips"),
        cell("other", "dense"),
        cell("layers", "dense", metric="auc"),
    ],
)
def test_a_cell_that_no_table_names_has_no_number(counts, unknown):
    assert counts(unknown) is None
