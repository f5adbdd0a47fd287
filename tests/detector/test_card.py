"""The card says what the description says, and how far to trust it."""

import pytest

from mimii_bench.detector.card import card_of, summary, trust


def lines(detector, **changes):
    facts = detector.facts
    trial = facts.trial.model_copy(update=changes)
    return " ".join(trust(facts.model_copy(update={"trial": trial})))


def test_it_has_the_numbers(detector):
    card = card_of(detector)
    for value in ("knn_mean", f"{detector.threshold:.6g}", "8 normal recordings", "AUC"):
        assert value in card
    assert all(f"| {name} | " in card for name, _ in summary(detector.facts))
    assert "{{" not in card


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"normal": 8}, "cannot be seen on 8 normal recordings; it would take 20"),
        ({"held_out": "stretches"}, "a new recording will raise more false alarms"),
        ({"auc": None}, "whether it finds a fault is not known"),
        ({"auc_low": 0.4}, "may be that of chance"),
    ],
)
def test_what_weakens_it_is_said(detector, changes, said):
    assert said in lines(detector, **changes)


def test_with_many_recordings_nothing_is_said_of_few(detector):
    assert "cannot be seen" not in lines(detector, normal=100)
