"""What a schedule allows; how it trains is told in test_loop."""

import pytest

from mimii_bench.systems.learning.schedule import Schedule
from mimii_bench.util.errors import UserError
from mimii_bench.util.options import checked


@pytest.mark.parametrize("sizes", [{}, {"batch_size": 2, "batch_fraction": 0.5}])
def test_a_batch_has_one_size(sizes):
    with pytest.raises(UserError, match=r"^ae: give either batch_size or batch_fraction$"):
        checked(Schedule, sizes, "ae")


@pytest.mark.parametrize(
    "options",
    [
        {"epochs": 0},
        {"epochs": 1.5},
        {"learning_rate": 0.0},
        {"learning_rate": -1},
        {"learning_rate": "1e-4"},
        {"batch_size": 0},
        {"batch_size": None, "batch_fraction": 1.5},
        {"batch_size": None, "batch_fraction": 0.0},
        {"betas": [0.9, 1.0]},
        {"betas": [0.9]},
        {"eps": 0.0},
        {"l2": -1e-4},
        {"drop_every": 0},
        {"drop_factor": 0.0},
        {"patience": 0},
        {"max_steps": 0},
        {"micro_batch": 0},
    ],
    ids=str,
)
def test_values_outside_their_range_are_refused_by_name(options):
    name = list(options)[-1]
    with pytest.raises(UserError, match=rf"^systems\.ae\.{name}[.\d]*: .* is not allowed: "):
        checked(Schedule, {"batch_size": 8} | options, "ae", "systems.ae")


def test_whole_numbers_are_taken_where_fractions_are():
    schedule = Schedule(batch_size=8, learning_rate=1)
    assert isinstance(schedule.learning_rate, float)
