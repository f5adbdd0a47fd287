"""Claimed gains and the choices that give them."""

import pytest

from mimii_bench.audit.gain_rules import Gain, Rule
from mimii_bench.audit.gains import by_chance, check
from mimii_bench.audit.printed import Spread
from mimii_bench.util.errors import UserError

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


def cells(**changed):
    """Return the cells; `new_mse_1_auc_fan=""` changes one."""
    made = {
        f"{system}_{variant}_{metric}_{machine}": {"system": system, "variant": variant}
        | {"metric": metric, "machine": machine, "published": f"{scale * float(text):.4f}"}
        for (system, variant), values in VALUES.items()
        for metric, scale in (("auc", 1), ("pauc_topk", 0.5))
        for machine, text in zip(("fan", "pump"), values, strict=True)
    }
    assert set(changed) <= set(made)
    return [cell | {"published": changed.get(k, cell["published"])} for k, cell in made.items()]


@pytest.fixture
def report(published):
    def make(**note):
        return published(*cells(), gains=[NOTE | note])

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
    assert "no such gain of pauc_topk gives it, one of auc does" in finding.finding


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


def neighbourhood(width):
    """Return 200 rules, one every half digit around 0.05, each of a width."""
    values = [0.05 + k / 20_000 for k in range(-100, 100)]
    gains = [Spread(v, (v - width / 2, v + width / 2), (v, v + width)) for v in values]
    how = ("setting new", "harmonic mean", "absolute")
    return [Rule("auc", ("base", "mse"), ("new",), *how, gain, gain, gain) for gain in gains]


def test_matches_by_chance_are_counted_from_the_neighbourhood():
    """200 rules, one every half digit around the claim: two for each digit."""
    note = Gain(**NOTE | {"gain": "0.0500"})
    exact, digit = neighbourhood(0), neighbourhood(0.0001)
    assert by_chance(exact, note, 0, "rounded") == pytest.approx(2, abs=0.02)
    assert by_chance(exact, note._replace(metric="pauc_topk"), 0, "rounded") == 0
    # A rule that its digits leave as wide as a digit touches two.
    assert by_chance(digit, note, 0, "cut") == pytest.approx(4, abs=0.04)


@pytest.mark.parametrize("machine", ["", "fan", "pump"])
@pytest.mark.parametrize(
    "missing",
    [
        {"new_mse_1_auc_fan": ""},
        {"base_mse_auc_fan": ""},
        {"base_mse_auc_fan": "", "base_mse_auc_pump": ""},
        {f"base_mse_{metric}_{m}": "" for metric in ("auc", "pauc_topk") for m in ("fan", "pump")},
    ],
)
def test_a_sentence_about_numbers_that_are_not_legible_is_not_judged(published, missing, machine):
    note = NOTE | {"gain": "0.4321", "machine": machine}
    found = check(published(*cells(**missing), gains=[note]), {})
    legible = machine == "pump" and "base_mse_auc_pump" not in missing
    assert len(found) == legible
    assert all("of what is legible, no rule gives it" in f.finding for f in found)


def test_numbers_that_the_sentence_is_not_about_may_be_missing(published):
    """.1350 is the oracle's gain in AUC; the pAUC of the fan is not legible."""
    note = NOTE | {"gain": "0.1350"}
    (finding,) = check(published(*cells(new_mse_1_pauc_topk_fan=""), gains=[note]), {})
    assert "best setting per machine, arithmetic mean" in finding.explained_by
    assert finding.finding.endswith("rules tried, 30 lack a number)")


def test_a_baseline_of_zero_has_no_relative_gain(published):
    note = NOTE | {"gain": "0.4321"}
    (finding,) = check(published(*cells(base_mse_auc_fan="0.0000"), gains=[note]), {})
    assert finding.finding == "claims 0.4321; no rule gives it (70 rules tried)"


def one_setting(published, new, base, gain):
    texts = {"base": base, "new": new}
    some = [{"system": system, "metric": "auc"} | {"published": t} for system, t in texts.items()]
    machine = {"machine": "fan"}
    note = {"gain": gain, "scoring": "", **machine}
    return published(*(cell | machine for cell in some), gains=[NOTE | note])


@pytest.mark.parametrize("gain", ["0.14", "0.15", "0.16"])
def test_a_gain_may_come_of_numbers_before_they_were_rounded(published, gain):
    """.75 - .60 is .14 to .16: .7451 - .6049 = .1402, .7549 - .5951 = .1598."""
    assert check(one_setting(published, "0.75", "0.60", gain), {}) == []


def test_a_gain_that_only_cut_numbers_give_is_said_to_be_so(published):
    """.77 - .60 is .16 to .18, which is .2 in one digit unless it is cut to .1."""
    (finding,) = check(one_setting(published, "0.77", "0.60", "0.1"), {})
    assert finding.finding == (
        "claims 0.1; if rounded, no rule gives it; if cut, a gain as described gives it "
        "(6 rules tried)"
    )
    assert "if rounded 0.160 to 0.180 against 0.050 to 0.150, if cut" in finding.arithmetic
    assert finding.explained_by.startswith("if cut: absolute auc gain of new over base, setting")


def test_a_printed_average_is_no_wider_than_its_parts_allow(published):
    """.60 and .50 are printed; with their parts they are .60 to .605 and .495 to .50."""
    texts = {"base": ("0.50", "0.49", "0.50"), "new": ("0.60", "0.61", "0.60")}
    some = [
        {"system": system, "metric": "auc", "machine": machine, "published": text}
        for system, values in texts.items()
        for machine, text in zip(("fan", "pump", ""), values, strict=True)
    ]
    found = {
        gain: check(published(*some, gains=[NOTE | {"gain": gain, "scoring": ""}]), {})
        for gain in ("0.094", "0.098", "0.101", "0.109")
    }
    assert [len(findings) for findings in found.values()] == [1, 1, 0, 0]


def test_one_system_is_not_another(published):
    """Another system's gain is not that of the one that the sentence names."""
    texts = {"base": "0.60", "new": "0.70", "other": "0.80"}
    some = [
        {"system": s, "metric": "auc", "machine": "fan", "published": t} for s, t in texts.items()
    ]
    note = NOTE | {"gain": "0.20", "machine": "fan", "system": "new", "scoring": ""}
    (finding,) = check(published(*some, gains=[note]), {})
    assert "only other systems" in finding.finding


@pytest.mark.parametrize("wrong", [{"metric": "f1"}, {"machine": "belt"}, {"over": "older"}])
def test_names_that_the_table_does_not_have_are_refused(report, wrong):
    (name,) = wrong.values()
    with pytest.raises(UserError, match=rf"gains: no \w+ '{name}' in t"):
        check(report(gain="0.1", **wrong), {})
