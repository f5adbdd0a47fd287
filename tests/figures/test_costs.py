"""Cost curves: what the best threshold costs at each weight."""

import numpy as np
import pytest

from figures.pictures import scored
from mimii_bench.figures.costs import CostCurves, least_cost
from mimii_bench.util.errors import UserError


def test_a_perfect_detector_costs_nothing_and_chance_what_silence_costs():
    _, nothing = least_cost(np.array([0, 0, 1]), np.array([1, 0, 0]))
    assert not nothing.any()
    weights, chance = least_cost(np.array([0, 1]), np.array([1, 0]))
    np.testing.assert_allclose(chance, np.minimum(weights, 1 - weights))


def test_misses_stand_against_false_alarms():
    left, right = CostCurves().draw([scored()]).axes
    false_alarms, misses = left.lines[0].get_data()
    assert (false_alarms[0], misses[0]) == (0, 1)
    assert (false_alarms[-1], misses[-1]) == (1, 0)
    assert right.lines[0].get_ydata().max() < 0.5


def test_clips_of_one_label_are_named():
    with pytest.raises(UserError, match="clips of one label only"):
        CostCurves().draw([scored(abnormal=())])
