"""The leaderboard's pictures show its tables."""

import numpy as np
import pytest

from mimii_bench.figures.standings import HeatMap, QualityAndCost
from mimii_bench.util.errors import UserError

STANDING = [
    {"rank": "1", "system": "a", "auc": "0.9", "supervised": "False", "parameters": "0"},
    {"rank": "2", "system": "b", "auc": "0.6", "supervised": "True", "parameters": "5000"},
]


def unit(system, number, value, metric="auc"):
    place = {"machine": "fan", "snr": "6dB", "id": number}
    return {"system": system, "metric": metric, "value": value, **place}


def test_the_heat_map_holds_each_auc_and_a_gap_where_there_is_none():
    units = [unit("b", "00", "0.6"), unit("a", "00", "0.9"), unit("a", "02", "0.8")]
    figure = HeatMap().draw([STANDING, [*units, unit("a", "00", "0.1", "pauc_topk")]])
    panel, bar = figure.axes
    cells = np.ma.filled(panel.images[0].get_array(), np.nan)
    np.testing.assert_array_equal(cells, [[0.9, 0.8], [0.6, np.nan]])
    assert [label.get_text() for label in panel.get_xticklabels()] == ["fan 00, 6dB", "fan 02, 6dB"]
    assert "AUC" in bar.get_ylabel()


def test_a_leaderboard_without_auc_is_said():
    with pytest.raises(UserError, match="no AUC of any unit"):
        HeatMap().draw([STANDING, []])


def test_systems_stand_at_their_cost_and_quality():
    times = [{"system": "a", "fit_seconds": "2", "score_seconds": "0.5"}]
    fit, score, parameters = QualityAndCost().draw([STANDING, times]).axes
    places = [
        [tuple(float(v[0]) for v in line.get_data()) for line in p.lines]
        for p in (fit, score, parameters)
    ]
    assert places == [[(2, 0.9)], [(0.5, 0.9)], [(0, 0.9), (5000, 0.6)]]
    assert fit.get_xlabel() == "training (s per training)"
    # As `training.running.Times` has it.
    assert score.get_xlabel() == "scoring (s per clip)"


def test_every_kind_of_score_has_the_costs_of_its_system():
    kinds = [STANDING[0] | {"system": f"a:{kind}"} for kind in ("mse", "mahalanobis")]
    times = [{"system": "a", "fit_seconds": "2", "score_seconds": "0.5"}]
    fit, *_ = QualityAndCost().draw([kinds, times]).axes
    assert [tuple(float(v[0]) for v in line.get_data()) for line in fit.lines] == [(2, 0.9)] * 2
