"""Our number for a published count."""

import json

import pytest

from mimii_bench.reports.counts import CellCounts
from mimii_bench.reports.published import Cell
from mimii_bench.splits.manifests import SplitRow, write_split
from mimii_bench.util.checksums import write_checksum

TABLES = {
    "layers": {"layers": {"dense": "linear_1", "Total": "total", "input_layer": "input"}},
    "clips": {
        "clips": [
            {"row": "test", "column": "all", "roles": ["test"], "labels": ["normal", "abnormal"]},
            {"row": "train", "column": "normal", "roles": ["train"], "labels": ["normal"]},
        ]
    },
    "by_id": {
        "clips": [
            {
                "column": "normal",
                "by": ["machine", "id"],
                "roles": ["train", "test"],
                "labels": ["normal"],
            }
        ]
    },
}


@pytest.fixture
def counts(tmp_path):
    description = tmp_path / "model.json"
    description.write_text(json.dumps({"parameters": 60, "layers": {"linear_1": 50}}))
    write_checksum(description)
    splits = []
    for pool, training in enumerate((3, 5)):
        rows = [
            SplitRow(f"normal/{k}", "fan", "0dB", "00", "normal", "train") for k in range(training)
        ]
        rows += [SplitRow("normal/9", "fan", "0dB", "00", "normal", "test")]
        rows += [
            SplitRow(f"abnormal/{k}", "fan", "0dB", "00", "abnormal", "test") for k in range(3)
        ]
        splits.append(tmp_path / f"{pool}.csv")
        write_split(rows, splits[-1])
    return CellCounts({"ae": str(description)}, splits, TABLES)


def cell(table, row, column="Param #", metric="parameters", system="ae"):
    return Cell(table=table, row=row, column=column, metric=metric, system=system)


@pytest.mark.parametrize(("row", "expected"), [("dense", 50), ("Total", 60), ("input_layer", 0)])
def test_weights_are_those_of_the_layer_that_the_row_stands_for(counts, row, expected):
    estimate = counts.estimate(cell("layers", row))
    assert estimate.value == expected
    assert estimate.low is estimate.high is estimate.seeds is None


def test_clips_are_counted_by_role_and_label_as_a_mean_over_pools(counts):
    assert counts.estimate(cell("clips", "test", "all", "clips")).value == 4
    assert counts.estimate(cell("clips", "train", "normal", "clips")).value == 4


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
    assert counts.estimate(unknown) is None


def test_clips_of_one_id_are_counted_over_the_pools_that_hold_it(tmp_path):
    """Two ids at two SNRs, and one more id at one of them: a pool without an id does not count."""
    pools = {
        ("fan", "0dB"): {"00": 4, "02": 6},
        ("fan", "6dB"): {"00": 4},
        ("pump", "0dB"): {"00": 9},
    }
    splits = []
    for (machine, snr), counts in pools.items():
        rows = [
            SplitRow(f"{label}/{k}", machine, snr, id, label, "train" if k else "test")
            for id, count in counts.items()
            for label in ("normal", "abnormal")
            for k in range(count)
        ]
        splits.append(tmp_path / f"{machine}{snr}.csv")
        write_split(rows, splits[-1])
    counts = CellCounts({}, splits, TABLES)

    def counted(machine, id):
        named = {"machine": machine, "snr": "", "id": id}
        found = counts.estimate(
            cell("by_id", f"{machine} {id}", "normal", "clips")._replace(**named)
        )
        return found and found.value

    assert [counted("fan", "00"), counted("fan", "02"), counted("pump", "00")] == [4, 6, 9]
    assert counted("fan", "01") is None
    assert counted("", "") is None
