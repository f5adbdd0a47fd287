"""Claimed gains and the choices that give them."""

import pytest

from mimii_bench.audit.gains import Gain, Rule, by_chance, check
from mimii_bench.errors import UserError

NOTE = {
    **{"claim": "gains", "location": "section 1", "table": "t", "metric": "auc"},
    **{"baseline": ["base"], "scoring": "mse"},
}
#: (system, variant) -> AUC of fan and pump
VALUES = {
    ("base", "mse"): ("0.6000", "0.7000"),
    ("new", "mse_1"): ("0.7500", "0.6600"),
    ("new", "mse_2"): ("0.5900", "0.8200"),
}


@pytest.fixture
def report(published):
    def make(**note):
        cells = [
            {"system": system, "variant": variant, "metric": metric, "machine": machine}
            | {"row": machine + metric, "column": system + variant, "published": value}
            for (system, variant), values in VALUES.items()
            for metric, scale in (("auc", 1), ("pauc_topk", 0.5))
            for machine, text in zip(("fan", "pump"), values, strict=True)
            for value in [f"{scale * float(text):.4f}"]
        ]
        return published(*cells, gains=[NOTE | note])

    return make


@pytest.mark.parametrize(
    "note",
    [
        {"gain": "0.0550"},  # mse_1, arithmetic mean
        {"gain": "0.0560"},  # mse_1, harmonic
        {"gain": "0.0550", "metric": "pauc_topk", "scoring": ""} | {"gain": "0.0275"},
        {"gain": "0.1500", "machine": "fan"},  # mse_1
        {"gain": "0.2500", "machine": "fan"},  # the same, relative
        {"gain": "0.1500", "machine": "fan", "system": "new", "over": "base"},
    ],
)
def test_a_gain_of_one_setting_is_no_finding(report, note):
    assert check(report(**note), {}) == []


def test_an_oracle_is_found(report):
    (finding,) = check(report(gain="0.1350"), {})
    assert finding.check == "claimed_gain"
    assert "chosen on the test set" in finding.finding
    assert "0.78500 - 0.65000 = 0.13500" in finding.arithmetic
    assert "nearest as described" in finding.arithmetic
    assert "best setting per machine, arithmetic mean" in finding.explained_by


def test_a_gain_of_another_metric_is_found(report):
    (finding,) = check(report(gain="0.0550", metric="pauc_topk"), {})
    assert "no gain of pauc_topk gives it, one of auc does" in finding.finding


def test_a_gain_of_another_machine_is_found(report):
    (finding,) = check(report(gain="0.1200", machine="fan"), {})
    assert "only other systems or machines" in finding.finding
    assert "pump" in finding.explained_by


def test_a_gain_that_nothing_gives(report):
    (finding,) = check(report(gain="0.4321"), {})
    assert "no rule gives it" in finding.finding
    assert finding.explained_by == ""


def test_a_printed_average_is_used_where_there_is_one(published):
    """Means of .4/.6 and .5/.7 are .50 and .60; printed .51 makes the gain .09."""
    texts = {"base": ("0.40", "0.60", "0.51"), "new": ("0.50", "0.70", "0.60")}
    cells = [
        {"system": system, "metric": "auc", "machine": machine, "row": machine, "column": system}
        | {"published": value}
        for system, values in texts.items()
        for machine, value in zip(("fan", "pump", ""), values, strict=True)
    ]
    assert check(published(*cells, gains=[NOTE | {"gain": "0.09", "scoring": ""}]), {}) == []


def test_a_gain_without_quotes_is_refused(report):
    with pytest.raises(UserError, match=r"audit\.yaml: gains: put 0\.05 in quotes"):
        check(report(gain=0.050), {})


def test_matches_by_chance_are_counted_from_the_neighbourhood():
    """200 rules, one every half digit around the claim: two for each digit."""
    rule = Rule("auc", ("base", "mse"), ("new",), "setting new", "harmonic mean", "absolute", 0, 0)
    found = [rule._replace(left=0.05 + k / 20_000) for k in range(-100, 100)]
    note = Gain(**NOTE | {"gain": "0.0500"})
    assert by_chance(found, note, 0) == pytest.approx(2, abs=0.02)
    assert by_chance(found, note._replace(metric="pauc_topk"), 0) == 0
