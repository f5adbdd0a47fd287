"""What a training says while it runs."""

import logging

import pytest

from mimii_bench.systems.learning.telling import Telling


@pytest.fixture
def said(caplog):
    caplog.set_level(logging.INFO, "mimii_bench")
    return lambda: [record.message for record in caplog.records]


def test_a_line_every_few_seconds_and_one_at_the_end(said):
    times = iter([0, 1, 2, 6, 6, 7, 12, 12])
    telling = Telling(3, 300, lambda: next(times))
    telling.step(1, 10)
    telling.epoch(1, 0.5, float("nan"), 20)
    telling.epoch(2, 0.25, 0.125, 40)
    telling.step(3, 50)
    telling.step(3, 60)
    telling.end(3, 60)
    losses = "loss 0.25, validation loss 0.125"
    assert said() == [
        f"epoch 2 of 3, step 40 of 300, {losses}",
        f"epoch 3 of 3, step 60 of 300, {losses}",
        f"trained: epoch 3 of 3, step 60 of 300, {losses}",
    ]


def test_without_a_limit_of_steps(said):
    Telling(3, None).end(1, 7)
    assert said() == ["trained: epoch 1 of 3, step 7"]
