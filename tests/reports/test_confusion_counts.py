"""Confusion counts as a table."""

import numpy as np

from mimii_bench.evaluation.scores import write_scores
from mimii_bench.reports.confusion_counts import confusion_rows
from mimii_bench.reports.published import Cell
from mimii_bench.reports.reproduction import Reproduction
from mimii_bench.splits.manifests import SplitRow

RULE = {"class": "thresholds.FixedThreshold", "value": 0.5}
SPEC = {
    "units": {"machine": ["fan"], "snr": ["0dB"], "id": ["00", "02"]},
    "tables": {"apart": {"over": "unit"}, "together": {"over": "pool"}},
    "evaluation": {"default": {"threshold": RULE}},
}


def reproduction(folder):
    """Per id, of three normal clips one raises an alarm, of two abnormal ones both."""
    folder.mkdir()
    rows, values = [], []
    for id in SPEC["units"]["id"]:
        for label, scores in (("normal", (0.1, 0.2, 0.9)), ("abnormal", (0.8, 0.9))):
            rows += [
                SplitRow(f"{label}/{k}", "fan", "0dB", id, label, "test")
                for k in range(len(scores))
            ]
            values += scores
    write_scores(rows, np.array(values), folder / "score.csv")
    return Reproduction({"ae": [[str(folder)]]}, SPEC, replicates=10)


def cell(**fields):
    return Cell(**{"table": "apart", "system": "ae", "metric": "f1", **fields})


def test_one_row_per_group_however_many_cells_rest_on_it(tmp_path):
    asked = [cell(metric=metric) for metric in ("f1", "recall", "auc")]
    assert list(confusion_rows(asked, reproduction(tmp_path / "scores"))) == [
        ("ae", "", f"fan/0dB/id_{id}", 0, "0.5", 2, 1, 0, 2) for id in ("00", "02")
    ]


def test_clips_of_a_pool_together(tmp_path):
    (row,) = confusion_rows([cell(table="together")], reproduction(tmp_path / "scores"))
    assert row[2:] == ("fan/0dB/id_00 fan/0dB/id_02", 0, "0.5", 4, 2, 0, 4)


def test_a_ranking_has_no_row(tmp_path):
    assert not list(confusion_rows([cell(metric="auc")], reproduction(tmp_path / "scores")))
