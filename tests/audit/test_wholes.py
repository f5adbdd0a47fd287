"""Printed shares against whole clips and pairs of clips."""

import re

import numpy as np
import pytest

from mimii_bench.audit import audit, check, ranges, wholes
from mimii_bench.audit.cells import load
from mimii_bench.audit.findings import FITS
from mimii_bench.audit.printed import whole_numbers
from samples import ROOT

NOTE = {"table": "t", "normal": 100, "abnormal": 356}


def auc(value, **fields):
    return {"metric": "auc", "id": "00", "machine": "slider", "published": value, **fields}


def found(published, *cells, note=NOTE):
    made = published(*cells, wholes=[note])
    return wholes.check(made, {})


def test_a_share_of_pairs_is_said_and_another_number_is_not_possible(published):
    (good,) = found(published, auc(f"{33836 / 35600:.6f}"))
    assert good.arithmetic == "33836/35600"
    (bad,) = found(published, auc("0.950464"))
    assert "prints 0.950464, which is no share of 100 x 356 clips" in bad.finding


def test_a_tie_counts_half_unless_there_are_none(published):
    half = auc(f"{33836.5 / 35600:.7f}")
    assert found(published, half)[0].arithmetic == "33836.5/35600"
    (bad,) = found(published, half, note={**NOTE, "ties": False})
    assert "no share" in bad.finding


def test_a_range_of_sizes_tells_which_fit(published):
    rate = {"metric": "fpr", "row": "train", "published": "0.1086"}
    (one,) = found(published, rate, note={"table": "t", "normal": [3053, 3056]})
    assert (one.explained_by, one.kind) == ("train: 3056", FITS)


@pytest.mark.parametrize(("interval", "counts"), [((0.1, 0.2), [1, 2]), ((0.11, 0.19), [])])
def test_counts_in_an_interval(interval, counts):
    assert list(whole_numbers([10 * bound for bound in interval])) == counts


def test_the_numbers_of_a_table_are_all_rounded_or_all_cut(published):
    """1/3 and 2/3 of 10,000 pairs are 3333.33 and 6666.67: .666666 is cut, .666667 rounded."""
    note = {"table": "t", "normal": 3, "abnormal": 3, "ties": False}
    rounded, cut = "0.666667", "0.666666"
    assert [f.kind for f in found(published, auc(rounded), auc("0.888889"), note=note)] == [FITS]
    assert [f.kind for f in found(published, auc(cut), auc("0.888888"), note=note)] == [FITS]
    cells = auc(rounded), auc("0.888889", id="02"), auc(cut, id="04")
    bad, good = found(published, *cells, note=note)
    assert "prints 0.666666, which is no share of 3 x 3 clips, rounded" in bad.finding
    assert bad.explained_by == "cut, unlike the others"
    assert good.arithmetic == "6/9; 8/9"


def test_numbers_of_one_row_are_of_the_same_clips(published):
    """.1 is 1/10 and .0909 1/11: each of a possible number of clips, not both."""
    rates = [{"column": m, "metric": m, "row": "r", "machine": "fan"} for m in ("fpr", "tpr")]
    note = {"table": "t", "normal": 10, "abnormal": [10, 11]}
    pair = {**rates[0], "published": "0.1000"}, {**rates[1], "published": "0.0909"}
    assert found(published, *pair, note=note)[0].explained_by == "r: 11"
    (bad,) = found(published, *pair, note={**note, "abnormal": 10})
    assert "0.0909, which is no share of 10 clips" in bad.finding


def test_a_zero_that_is_not_printed_is_a_digit(published):
    """.8761 as .87610 fits 129 normal clips and not 130; with four digits it fits both."""
    cell = auc("0.8761", machine="fan", id="04")
    note = {"table": "t", "normal": [129, 130], "abnormal": 348, "ties": False}
    assert found(published, cell, note=note)[0].explained_by == "04: 129 or 130"
    assert found(published, cell, note={**note, "digits": 5})[0].explained_by == "04: 129"


def test_a_partial_auc_is_a_share_of_pairs_too(published):
    area = {"metric": "pauc_trapz", "id": "00", "machine": "fan"}
    note = {"table": "t", "normal": 127, "abnormal": 407, "ties": False, "max_fpr": 0.1}
    (good,) = found(published, {**area, "published": "0.19134"}, note=note)
    assert good.arithmetic == "989/51689"
    (bad,) = found(published, {**area, "published": "0.19144"}, note=note)
    assert "no share of 127 x 407" in bad.finding
    assert found(published, {**area, "published": "0.19144"}, note={**note, "max_fpr": 0}) == []


def slips(text):
    """Return a number with each digit behind the point replaced by each other one."""
    start = text.index(".") + 1
    return [
        text[:place] + digit + text[place + 1 :]
        for place in range(start, len(text))
        for digit in "0123456789"
        if digit != text[place]
    ]


def said(finding, pattern):
    return float(re.search(pattern, finding.finding)[1])


@pytest.mark.parametrize(
    ("report", "table", "least"),
    [
        # Two thirds of them.
        ("mimii_baseline", "readme", 0.66),
        # Of 100 normal clips, a tenth or a hundredth more is a whole number of pairs again.
        ("eurecom_vae", "table_3", 0.6),
        ("gamma_ae", "per_id", 0.5),
    ],
)
def test_slips_of_one_digit_are_found_as_often_as_is_said(report, table, least, monkeypatch):
    printed = load(ROOT / "reports")[report]
    (sound,) = [f for f in wholes.check(printed, {}) if f.table == table]
    cells = [c for c in printed.table(table) if c.id]
    # It would be said anew for every slip.
    monkeypatch.setattr(wholes, "found_slips", lambda rows, note: 0.0)
    caught = []
    for cell in cells:
        for wrong in slips(cell.published):
            others = [c._replace(published=wrong) if c == cell else c for c in printed.cells]
            findings = wholes.check(printed._replace(cells=tuple(others)), {})
            caught.append(any(f.kind != FITS and wrong in f.finding for f in findings))
    share = sum(caught) / len(caught)
    assert share >= least
    assert share == pytest.approx(said(sound, r"(\d+) % are found") / 100, abs=0.03)


def test_slips_are_found_as_often_as_the_finding_says(published):
    """Random numbers of six digits as AUCs of 407 + 407 clips, as in the baseline's readme."""
    rng = np.random.default_rng(0)
    note = {"table": "t", "normal": "as many", "abnormal": 407}
    caught = sum(
        "no share" in found(published, auc(f"{rng.uniform(0.5, 1):.6f}"), note=note)[0].finding
        for _ in range(400)
    )
    (good,) = found(published, auc("0.633913"), note=note)
    chance = said(good, r"chance of ([\d.]+)")
    assert caught / 400 == pytest.approx(1 - chance, abs=0.08)


@pytest.mark.parametrize(
    ("metric", "value", "possible"),
    [
        ("auc", "1.946", False),
        ("auc", "1.000", True),
        ("pauc_mcclish", "0.31", False),
        ("pauc_mcclish", "0.4737", True),
        ("pauc_trapz", "0.05", True),
        ("pauc_mcclish", "0.473", True),
        ("fpr", "0", True),
        ("fpr", "-0.01", False),
        ("recall", "1.01", False),
        ("clips", "1101", True),
        ("clips", "-1", False),
    ],
)
def test_a_number_beyond_its_range_is_found(published, metric, value, possible):
    made = published({"metric": metric, "published": value})
    assert (ranges.check(made, {}) == []) == possible


def test_a_number_that_two_reports_quote_is_the_same_in_both(published):
    cell = {"machine": "fan", "snr": "0dB", "metric": "auc", "system": "journal"}
    quotes = [{"table": "t", "source": {"report": "one", "table": "t"}}]
    one = published({**cell, "published": "0.84"}, key="one")
    other = published({**cell, "published": "0.86"}, key="other", quotes=quotes)
    same = published({**cell, "published": "0.840"}, key="same", quotes=quotes)
    (found,) = [f for f in check({"one": one, "other": other}) if f.check == "repeated_number"]
    assert found.report == "other"
    assert "prints 0.86 where one's t prints 0.84" in found.finding
    assert not [f for f in check({"one": one, "same": same}) if f.check == "repeated_number"]


def test_what_the_reports_print_is_possible():
    told = [f for f in audit(ROOT / "reports") if f.check in ("whole_numbers", "range")]
    assert not [f for f in told if "no share" in f.finding or f.check == "range"]
    by_table = {(f.report, f.table): f for f in told}
    rails = by_table["eurecom_vae", "table_3"]
    assert rails.arithmetic.split("; ")[::2] == ["33836/35600", "20915/26700", "16597/17800"]
    # Of 120 to 135 clips; an eighth of the fourth fan's 1,015 are 126 or 127.
    sizes = "00: 127; 02: 127; 04: 129; 06: 124 or 127 or 130"
    assert by_table["gamma_ae", "per_id"].explained_by == sizes
    training = [f for f in told if f.explained_by.startswith("training set")]
    assert "3056" in training[0].explained_by
    assert "10 numbers" in by_table["mimii_baseline", "readme"].cell
