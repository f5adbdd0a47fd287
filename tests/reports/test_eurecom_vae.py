"""The claims of eurecom_vae against its printed tables, and what it can say nothing of."""

from collections import Counter

import pytest

from mimii_bench.reports.claim_cells import cases
from mimii_bench.reports.published import read_cells
from mimii_bench.reports.report import load_report
from samples import ROOT, read_schema

REPORT = load_report(ROOT / "reports/eurecom_vae", read_schema("report"))
SPEC = REPORT.spec
AVERAGE = "Average (arithmetic)"
PRINTED = {
    (cell.table, cell.system, cell.metric): cell.value
    for cell in read_cells(REPORT.published)
    if cell.published and (cell.row == AVERAGE or cell.table == "table_4")
}
STATED = [claim for claim in SPEC["claims"] if claim["place"] != "ours"]


def printed(side):
    """The number that the report prints for one side, of all rails their mean."""
    if not isinstance(side, dict):
        return side
    return PRINTED[side["table"], side["system"], side["metric"]]


def test_every_headline_statement_has_its_claim():
    """By the part of the text where it stands; a statement that stands twice counts in both."""
    places = Counter(place for claim in STATED for place in claim["place"].split("; "))
    assert places == {
        "Abstract": 1,
        "Section 4.1": 2,
        "Section 4.2": 1,
        "Section 5": 3,
        "Section 5.1": 3,
        "Section 5.2": 1,
        "Conclusion": 1,
    }


@pytest.mark.parametrize("claim", STATED, ids=lambda claim: claim["claim"])
def test_a_claim_is_what_the_tables_say(claim):
    for _, (more, less) in cases(claim):
        assert printed(more) > printed(less), (more, less)


def test_no_table_can_agree_while_the_weight_of_the_divergence_is_open():
    for name in ("table_3", "table_4", "table_5"):
        assert not SPEC["tables"][name]["comparable"]
    for name in ("table_3", "table_5"):
        assert "divergence" in SPEC["tables"][name]["reason"]


def test_the_two_readings_differ_in_the_weight_alone_and_by_the_number_of_inputs():
    """A mean over the inputs of a window weighs the divergence so many times as their sum does."""
    total, mean = (SPEC["systems"][name] for name in ("vae", "vae_mean"))
    bands = SPEC["features"][total["inputs"][0]["feature"]]["n_mels"]
    inputs = bands * total["options"]["context"]
    assert mean == {**total, "options": {**total["options"], "kl_weight": float(inputs)}}
