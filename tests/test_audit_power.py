"""A small version of the measurement in docs/audit.md, and of slips out of range."""

import numpy as np
import pytest

from audit_power import measure, printing, slip
from mimii_bench.audit import check
from mimii_bench.audit.cells import load
from samples import ROOT

SLIPS = 12


@pytest.fixture(scope="module")
def printed():
    return load(ROOT / "reports")


@pytest.mark.parametrize("number", ["0.633913", "0.7", "1101", "1.000"])
def test_a_slip_is_one_digit_and_not_the_zero_before_the_point(number):
    rng = np.random.default_rng(0)
    for _ in range(50):
        wrong = slip(number, rng)
        different = [k for k, (a, b) in enumerate(zip(number, wrong, strict=True)) if a != b]
        assert len(different) == 1
        assert number.startswith("0.") <= (different[0] > 1)


@pytest.mark.whole
@pytest.mark.parametrize(
    ("report", "table", "check", "least"),
    [
        ("mimii_baseline", "journal", "repeated_number", 1.0),
        ("mimii_baseline", "readme", "whole_numbers", 0.5),
        ("gamma_ae", "per_id", "folds", 0.7),
        ("two_mic_ae", "table_1", "average", 0.7),
    ],
)
def test_slips_are_found_by_the_check_that_is_made_for_them(printed, report, table, check, least):
    row = measure(printed, report, table, SLIPS)
    assert row["found"] >= least
    assert check in row["by"]


def test_what_nothing_else_tells_of_is_not_found(printed):
    assert measure(printed, "two_mic_ae", "section_3_1", SLIPS)["found"] == 0


@pytest.mark.parametrize("report", ["complex_net", "eurecom_vae", "gamma_ae", "ims_cnn"])
def test_a_share_above_one_is_said_and_stops_no_other_check(printed, report):
    cell = next(cell for cell in printed[report].cells if cell.metric == "auc")
    wrong = {**printed, report: printing(printed[report], cell, "1.946")}
    (finding,) = [f for f in check(wrong) if f.check == "range"]
    assert (finding.report, finding.table) == (report, cell.table)
    assert "prints 1.946" in finding.finding
