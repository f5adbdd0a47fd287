"""Thresholds that are fitted on normal clips, and the false alarms that they give on others."""

import re

import numpy as np
import pandas as pd
import pytest
import yaml

from interval_coverage import QUANTILE, _alarms
from mimii_bench.corpus.base import Unit
from mimii_bench.leaderboard.calibration import COLUMNS, calibration, parts, section
from mimii_bench.leaderboard.rules import ThresholdRule
from mimii_bench.leaderboard.standings import Contender
from mimii_bench.leaderboard.tables import write
from mimii_bench.leaderboard.threshold_rules import load_threshold_rules
from mimii_bench.util.errors import UserError
from samples import read_schema

UNIT = Unit("fan", "0dB", "00")


def rule(fitted_on="training", wanted=0.1, name="QuantileThreshold"):
    threshold = {"class": f"thresholds.{name}", "p": wanted}
    return ThresholdRule("quantile", threshold, fitted_on, wanted)


def clips(scores, labels, role, seeds):
    runs = [
        pd.DataFrame({"clip": range(len(scores)), "label": labels, "score": scores, "seed": seed})
        for seed in range(seeds)
    ]
    return pd.concat(runs, ignore_index=True).assign(role=role, **UNIT._asdict())


def row(normal, abnormal, trained, name="one", seeds=1):
    labels = ["normal"] * len(normal) + ["abnormal"] * len(abnormal)
    tested = clips([*normal, *abnormal], labels, "test", seeds)
    return Contender(
        name, name, False, {UNIT: tested}, {UNIT: clips(trained, "normal", "train", 1)}
    )


def test_the_rates_are_the_shares_of_test_clips_above_the_threshold():
    # Of nine scores the ceil(10 · .9)-th smallest is 9.
    one = row([1.0, 9.0, 10.0, 11.0], [9.0, 9.5, 0.0], [*range(1, 10)])
    (found,) = calibration([one], [rule()], 50).to_dict("records")
    assert (found["rate"], found["detected"]) == pytest.approx((0.5, 1 / 3))
    assert (found["fitted_clips"], found["units"], found["seeds"]) == (9, 1, 1)
    assert 0 <= found["rate_low"] < 0.5 < found["rate_high"] <= 1


def test_clips_that_a_threshold_is_fitted_on_apart_are_not_measured():
    one = row(np.arange(10.0), np.arange(6.0), [0.0], seeds=2)
    fitted, measured = parts(one, UNIT, "apart")
    for _, run in fitted.groupby("seed"):
        assert {*run["label"]} == {"normal"}
        assert len(run) == 5
    both = pd.concat([fitted, measured])
    assert not both.duplicated(["clip", "seed"]).any()
    assert len(both) == len(one.clips[UNIT])


def test_where_there_is_no_threshold_the_cells_are_empty(tmp_path):
    one = row([1.0, 2.0], [3.0], [0.0, 0.0])
    table = calibration([one], [rule(name="GammaThreshold")], 20)
    write(table, tmp_path / "table.csv")
    (found,) = pd.read_csv(tmp_path / "table.csv").to_dict("records")
    assert np.isnan([found[name] for name in ("rate", "rate_low", "detected", "seeds")]).all()
    assert "of 0 rows" in "\n".join(section(table))


def test_a_single_normal_clip_cannot_be_halved():
    (found,) = calibration([row([1.0], [3.0], [0.0])], [rule("apart")], 20).to_dict("records")
    assert (found["fitted_clips"], found["units"]) == (0, 1)
    assert np.isnan(found["rate"])


def test_a_row_without_scores_of_training_clips_has_no_threshold():
    fused = row([1.0], [2.0], [1.0])._replace(normals={})
    table = calibration([fused], [rule(), rule("apart")], 20)
    assert (list(table.columns), len(table), section(table)) == ([*COLUMNS], 0, [])


def test_the_page_says_how_many_rows_lie_above_and_below():
    many = np.linspace(0, 1, 200)
    loose = row(many + 1, [3.0], many, "loose")
    tight = row(many, [3.0], many + 5, "tight")
    fair = row(many, [3.0], many, "fair")
    text = "\n".join(section(calibration([loose, tight, fair], [rule()], 50)))
    assert (
        "quantile, 0.1: of 3 rows, the interval lies above the wanted rate in 1, below in 1" in text
    )
    assert "200 (training)" in text


@pytest.mark.parametrize(
    ("fitted_on", "seeds", "rounds"),
    [
        ("training", 1, 12),
        pytest.param("training", 3, 40, marks=pytest.mark.whole),
        pytest.param("apart", 3, 40, marks=pytest.mark.whole),
    ],
)
def test_intervals_hold_the_true_rate_of_the_thresholds(fitted_on, seeds, rounds):
    rng = np.random.default_rng(5)
    wanted = ThresholdRule("quantile", QUANTILE | {"p": 0.1}, fitted_on, 0.1)
    held, true, width = zip(*(_alarms(wanted, 40, seeds, rng) for _ in range(rounds)), strict=True)
    assert np.mean(held) >= 0.8
    assert np.mean(true) <= 0.11
    assert np.mean(width) < 0.2


def loaded(folder, spec):
    file = folder / "leaderboard.yaml"
    system = {"class": "a.B", "inputs": [{"feature": "f", "mix": "ch0"}], "options": {}}
    file.write_text(yaml.safe_dump({"features": {}, "systems": {"a": system}, **spec}))
    return load_threshold_rules(file, read_schema("leaderboard"))


def test_each_threshold_is_fitted_for_each_rate(tmp_path):
    given = {"gamma": {"class": "thresholds.GammaThreshold", "fitted_on": "training"}}
    found = loaded(tmp_path, {"calibration": {"rates": [0.05, 0.1], "thresholds": given}})
    assert [(one.name, one.threshold["p"], one.wanted) for one in found] == [
        ("gamma", 0.05, 0.05),
        ("gamma", 0.1, 0.1),
    ]
    assert loaded(tmp_path, {}) == []


GOOD = {"class": "thresholds.QuantileThreshold", "fitted_on": "training"}


@pytest.mark.parametrize(
    ("rates", "threshold", "said"),
    [
        ([], GOOD, "rates"),
        ([0], GOOD, "0"),
        ([1.0], GOOD, "1.0"),
        ([float("nan")], GOOD, "p"),
        (["a tenth"], GOOD, "a tenth"),
        ([0.1, 0.1], GOOD, "rates"),
        ([0.1], GOOD | {"fitted_on": "test"}, "test"),
        ([0.1], {"class": GOOD["class"]}, "fitted_on"),
        ([0.1], GOOD | {"class": "thresholds.YoudenThreshold"}, "p"),
        ([0.1], GOOD | {"class": "thresholds.None"}, "thresholds.None"),
        ([0.1], GOOD | {"class": "thresholds.Threshold"}, "Threshold"),
        ([0.1], GOOD | {"quantile": 3}, "quantile"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(tmp_path, rates, threshold, said):
    spec = {"calibration": {"rates": rates, "thresholds": {"mine": threshold}}}
    with pytest.raises(UserError, match=re.escape(said)) as raised:
        loaded(tmp_path, spec)
    assert "\n" not in str(raised.value)
    assert "leaderboard.yaml" in str(raised.value)
