"""Contests of `make bench` on times that are known."""

from itertools import count

import pytest
import torch

from speed import devices
from speed.contests import Contest, Target, hold
from speed.writing import draw, targets_table, times_table


def contest(ours, peers, *targets):
    """A contest in which runs take the given times, one a round."""
    left, right = iter(ours), iter(peers)
    runs = {"ours": lambda: next(left), "a peer": lambda: next(right)}
    return Contest("work", "ms a clip", runs, targets)


def test_ratios_are_of_one_round():
    target = Target("a peer", "ours", 3, "at least")
    [verdict] = hold(contest([1, 10, 2], [2, 40, 7], target), 3).verdicts
    assert (verdict.least, verdict.ratio, verdict.most) == (2, 3.5, 4)
    assert verdict.met


@pytest.mark.parametrize(
    ("bound", "wanted", "met"),
    [
        ("at most", 2, True),
        ("at most", 1.9, False),
        ("at least", 2, True),
        ("at least", 2.1, False),
    ],
)
def test_a_target_is_met_or_not(bound, wanted, met):
    target = Target("ours", "a peer", wanted, bound)
    assert hold(contest([4], [2], target), 1).verdicts[0].met is met


def test_a_target_may_be_of_one_run_alone():
    [verdict] = hold(
        contest([19, 21, 20], [0, 0, 0], Target("ours", "", 20, "at most")), 3
    ).verdicts
    assert (verdict.ratio, verdict.met) == (20, True)


def test_runs_take_turns_and_each_is_first_in_some_round():
    order, number = [], count()
    runs = {name: (lambda n=name: order.append(n) or next(number)) for name in "abc"}
    hold(Contest("work", "s", runs), 3)
    assert "".join(order) == "abcbcacab"


def test_what_is_missed_is_said_and_drawn(tmp_path):
    outcome = hold(contest([2, 2], [3, 5], Target("a peer", "ours", 3, "at least")), 2)
    line = targets_table([outcome]).splitlines()[-1]
    said = [cell.strip() for cell in line.strip("|").split("|")]
    assert said == ["work", "a peer / ours", "at least 3", "2.00", "1.50 to 2.50", "**no**"]
    assert "a peer" in times_table([outcome]).splitlines()[-1]
    draw([outcome], tmp_path / "speed.svg")
    assert (tmp_path / "speed.svg").stat().st_size > 1000


def test_what_is_measured_of_a_gpu_can_be_measured_of_a_processor(monkeypatch, capsys):
    monkeypatch.setattr(devices, "STEPS", 3)
    monkeypatch.setattr(devices, "CLIPS", 4)
    for held in devices.contests_on(torch.device("cpu")):
        [verdict] = hold(held, 1).verdicts
        assert verdict.ratio > 0
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert list(devices.contests()) == []
    assert "nothing of one is measured" in capsys.readouterr().err
