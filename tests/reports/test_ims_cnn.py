"""The claims of ims_cnn against its printed tables, and what it can say nothing of."""

from collections import Counter
from itertools import product

import pytest

from mimii_bench.corpus.mimii import MACHINES, SNRS
from mimii_bench.reports.published import read_cells
from mimii_bench.reports.report import load_report
from samples import ROOT, read_schema

REPORT = load_report(ROOT / "reports/ims_cnn", read_schema("report"))
SPEC, CELLS = REPORT.spec, read_cells(REPORT.published)
FIELDS = ("machine", "snr", "system", "variant", "metric")
PRINTED = {
    tuple(getattr(cell, field) for field in FIELDS): cell.value
    for cell in reversed(CELLS)
    if cell.published and cell.system
}
STATED = [claim for claim in SPEC["claims"] if claim["place"] != "ours"]
#: The report says it, and prints nothing of it.
UNPRINTED = "Section 2.2"
GOALS = [claim for claim in SPEC["claims"] if "exceeds the goal" in claim["claim"]]


def fpr(side):
    """The false positive rate that accuracy and recall give, of 815 normal and 295 abnormal."""
    accuracy, recall = (printed({**side, "metric": metric}) for metric in ("accuracy", "recall"))
    return (815 + 295 * recall - 1110 * accuracy) / 815


def printed(side):
    """The number that the report prints for one side; of all machines, their mean."""
    if not isinstance(side, dict):
        return side
    if side["metric"] == "fpr":
        return fpr(side)
    if "machine" not in side:
        return sum(printed({**side, "machine": machine}) for machine in MACHINES) / len(MACHINES)
    return PRINTED[tuple(side.get(field, "") for field in FIELDS)]


def combinations(claim):
    """Each comparison of a claim, both sides with what `every` says."""
    fields = claim.get("every", {})
    for values in product(*fields.values()):
        every = dict(zip(fields, values, strict=True))
        yield [{**every, **side} if isinstance(side, dict) else side for side in claim["greater"]]


@pytest.mark.parametrize(
    "claim",
    [claim for claim in (*STATED, *GOALS) if claim["place"] != UNPRINTED],
    ids=lambda claim: claim["claim"],
)
def test_a_claim_is_what_the_tables_say(claim):
    for more, less in combinations(claim):
        assert printed(more) > printed(less), (more, less)


def test_every_headline_statement_has_its_claim():
    """By the part of the text where it stands; a statement that stands twice counts in both."""
    places = Counter(place for claim in STATED for place in claim["place"].split("; "))
    assert places == {
        "Section 2.2": 2,
        "Section 3.3": 12,
        "Section 4": 2,
        "Section 5-1": 5,
        "Section 5-3": 3,
    }


@pytest.mark.parametrize("metric", ["recall", "auc"])
def test_fans_at_minus_six_are_compared_with_each_of_the_other_eleven(metric):
    harder = [
        claim
        for claim in STATED
        if "harder" in claim["claim"] and claim["greater"][1]["metric"] == metric
    ]
    rivals = [(more["machine"], more["snr"]) for claim in harder for more, _ in combinations(claim)]
    others = {pair for pair in product(MACHINES, SNRS) if pair != ("fan", "-6dB")}
    assert (len(rivals), set(rivals)) == (11, others)
    assert {(c["greater"][1]["machine"], c["greater"][1]["snr"]) for c in harder} == {
        ("fan", "-6dB")
    }


def test_the_goals_are_those_of_figure_3():
    goals = {(cell.machine, cell.snr): cell.value for cell in CELLS if cell.system == "goal"}
    found = {
        (claim["greater"][0]["machine"], claim["greater"][0]["snr"]): claim["greater"][1]
        for claim in GOALS
    }
    assert found == goals


def test_no_table_of_networks_that_are_ours_can_agree():
    for name in ("table_2", "table_3", "section_5_3"):
        assert not SPEC["tables"][name]["comparable"]
        assert "no network is printed" in SPEC["tables"][name]["reason"]


def test_each_step_from_the_cnn_to_the_cnn_lstm_is_compared_alone():
    """The input under one network, and the network on one input."""
    inputs = {name: system["inputs"][0] for name, system in SPEC["systems"].items()}
    kinds = {name: system["class"] for name, system in SPEC["systems"].items()}
    assert inputs["cnn_logmel"] == inputs["cnn_lstm"] != inputs["cnn"]
    assert kinds["cnn_logmel"] == kinds["cnn"] != kinds["cnn_lstm"]
    pairs = {
        tuple(side["system"] for side in claim["greater"] if isinstance(side, dict))
        for claim in SPEC["claims"]
        if "greater" in claim and claim["greater"][0]["metric"] == "auc"
    }
    assert {("cnn", "cnn_logmel"), ("cnn", "cnn_sinc"), ("cnn_lstm", "cnn_logmel")} <= pairs
