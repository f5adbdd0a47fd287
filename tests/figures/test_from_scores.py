"""The scores that are drawn are those of the tables, and so are their thresholds."""

import pandas as pd
import pytest

from mimii_bench.corpus.base import Unit
from mimii_bench.evaluation.metrics import Sample, measure
from mimii_bench.evaluation.scores import write_scores
from mimii_bench.figures.from_scores import read
from mimii_bench.reports.published import Cell
from mimii_bench.reports.reproduction import Reproduction
from mimii_bench.splits.manifests import SplitRow
from mimii_bench.util.errors import UserError

UNITS = [Unit("fan", "6dB", id) for id in ("00", "02")]
SPEC = {
    "units": {"machine": ["fan"], "snr": ["6dB"], "id": ["00", "02"]},
    "tables": {"main": {"caption": "", "comparable": True}},
}
RULE = {"class": "thresholds.GammaThreshold", "p": 0.2}


@pytest.fixture
def folder(tmp_path):
    """Scores of two units: ten training clips, five normal and five abnormal test clips each."""
    roles = [("train", "normal")] * 10 + [("test", "normal")] * 5 + [("test", "abnormal")] * 5
    rows = [
        SplitRow(f"{label}/{number:08d}", *unit, label, role)
        for unit in UNITS
        for number, (role, label) in enumerate(roles)
    ]
    scores = [1 + (7 * k % 40) / 10 + (row.label == "abnormal") for k, row in enumerate(rows)]
    write_scores(rows, scores, tmp_path / "score.csv")
    return tmp_path


def part(folder, units=UNITS, **changes):
    spec = {"title": "fan", "scores": "score", "roles": ["test"], "threshold": RULE}
    return spec | {"folder": folder, "units": [tuple(unit) for unit in units]} | changes


def table(folder):
    return pd.read_csv(folder / "score.csv", dtype={"id": str})


@pytest.mark.parametrize("units", [UNITS, UNITS[1:]])
@pytest.mark.parametrize("roles", [["test"], ["train"], ["train", "test"]])
def test_the_clips_are_those_of_the_units_and_roles(folder, units, roles):
    (found,) = read([part(folder, units, roles=roles)])
    clips = table(folder)
    wanted = clips[clips["role"].isin(roles) & clips["id"].isin([unit.id for unit in units])]
    assert found.scores.tolist() == wanted["score"].tolist()
    assert found.labels.tolist() == (wanted["label"] == "abnormal").tolist()


def test_the_threshold_is_that_of_the_table_whatever_is_shown(folder):
    (all_units,) = read([part(folder)])
    (one_unit,) = read([part(folder, UNITS[:1], roles=["train"])])
    assert all_units.threshold == one_unit.threshold
    spec = SPEC | {"evaluation": {"default": {"threshold": RULE, "over": "pool"}}}
    cell = Cell(table="main", system="ae", metric="fpr")
    estimate = Reproduction({"ae": [[folder]]}, spec, 100).estimate(cell)
    sample = Sample(all_units.labels, all_units.scores)
    assert measure(sample, "fpr", all_units.threshold)[0] == estimate.value
    assert 0 < estimate.value < 1


def test_without_a_rule_there_is_no_threshold(folder):
    spec = part(folder)
    del spec["threshold"]
    (found,) = read([spec])
    assert found.threshold is None
    assert found.rule is None


def test_an_unknown_score_and_a_role_without_clips_are_named(folder):
    with pytest.raises(UserError, match=r"no scores 'mse'; there are score"):
        read([part(folder, scores="mse")])
    with pytest.raises(UserError, match="no clip of fan is of validation"):
        read([part(folder, roles=["validation"])])
