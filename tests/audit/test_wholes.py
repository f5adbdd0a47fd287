"""Printed shares against whole clips and pairs of clips."""

import numpy as np
import pytest

from mimii_bench.audit import audit, check, ranges, wholes
from mimii_bench.audit.wholes import counts_in
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
    assert one.explained_by == "train: 3055 or 3056"


@pytest.mark.parametrize(("interval", "counts"), [((0.1, 0.2), [1, 2]), ((0.11, 0.19), [])])
def test_counts_in_an_interval(interval, counts):
    assert list(counts_in(interval, 10)) == counts


def test_slips_are_found_as_often_as_the_finding_says(published):
    """Random numbers of six digits as AUCs of 407 + 407 clips, as in the baseline's readme."""
    rng = np.random.default_rng(0)
    note = {"table": "t", "normal": "as many", "abnormal": 407}
    caught = sum(
        "no share" in found(published, auc(f"{rng.uniform(0.5, 1):.6f}"), note=note)[0].finding
        for _ in range(400)
    )
    (good,) = found(published, auc("0.633913"), note=note)
    chance = float(good.finding.split()[-1])
    assert caught / 400 == pytest.approx(1 - chance, abs=0.08)


@pytest.mark.parametrize(
    ("metric", "value", "possible"),
    [
        ("auc", "1.946", False),
        ("auc", "1.000", True),
        ("pauc_mcclish", "0.31", False),
        ("pauc_mcclish", "0.4737", True),
        ("pauc_trapz", "0.05", True),
        ("fpr", "0", True),
        ("clips", "1101", True),
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
    assert rails.arithmetic == "33836/35600; 20915/26700; 16597/17800"
    assert by_table["gamma_ae", "per_id"].explained_by == "00: 127; 04: 129 or 130; 06: 127"
    training = [f for f in told if f.explained_by.startswith("training set")]
    assert "3056" in training[0].explained_by
    assert "10 numbers" in by_table["mimii_baseline", "readme"].cell
