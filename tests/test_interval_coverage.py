"""Small versions of the simulations in docs/statistics.md, with room for their own chance."""

import numpy as np
import pytest

from interval_coverage import TABLES, System, _printed_differs, _rates, _two_systems, choice
from mimii_bench.evaluation.intervals import interval

ROUNDS = 40


def differs(ours, other, clips, drawn, seed):
    rng = np.random.default_rng(seed)
    return np.mean([_printed_differs(ours, other, clips, drawn, rng)[0] for _ in range(ROUNDS)])


@pytest.mark.parametrize(
    ("auc", "deviation", "clips", "drawn"),
    [
        (0.75, 0.03, (200, 200), False),
        (0.75, 0.06, (200, 200), False),
        (0.75, 0.03, (50, 90), True),
    ],
)
def test_the_same_system_seldom_differs(auc, deviation, clips, drawn):
    system = System(auc, deviation)
    assert differs(system, system, clips, drawn, 0) <= 0.15


def test_another_system_differs_where_seeds_agree():
    found = differs(System(0.75, 0.002, 1.0), System(0.78, 0.002, 1.0), (200, 200), False, 1)
    assert found >= 0.6


def test_equally_good_systems_are_seldom_told_apart_with_three_seeds():
    rng = np.random.default_rng(2)
    wrong = 0
    for _ in range(ROUNDS):
        ours, theirs, _ = _two_systems(3, 0.04, 0.0, rng)
        low, high = interval(ours - theirs)
        wrong += low > 0 or high < 0
    assert wrong / ROUNDS <= 0.12


def test_a_choice_among_equals_seldom_supports():
    row = next(choice(ROUNDS, np.random.default_rng(3)))
    assert row["truly better by"] == 0.0
    assert max(float(row["chosen on the test"]), float(row["on one half"])) <= 0.15


@pytest.mark.parametrize("auc", [0.75, 0.98])
def test_rates_at_youden_s_threshold_are_covered(auc):
    rates = _rates("Youden", (24, 8), auc, 40, np.random.default_rng(4))
    held = [float(rate.split()[0]) for rate in rates.values()]
    assert np.mean(held) >= 0.9
    assert min(held) >= 0.8


def test_every_table_of_the_page_has_a_command():
    assert list(TABLES) == [
        *("intervals", "partial", "thresholds", "prediction"),
        *("differences", "every", "choice", "ranks", "leaderboards", "calibrations"),
    ]
