"""Folds that all numbers of a report allow together."""

import pytest

from audit.test_wholes import slips
from mimii_bench.audit import folds
from mimii_bench.audit.cells import load
from mimii_bench.audit.findings import CONTRADICTION, FITS
from mimii_bench.audit.folds import Dealt, Folds
from mimii_bench.audit.printed import KINDS
from samples import ROOT

FANS = (127, 127, 129, 127)


@pytest.fixture(scope="module")
def gamma():
    return load(ROOT / "reports")["gamma_ae"]


def note(published, **other):
    (entry,) = folds.entries(published, "folds", Folds)
    return entry._replace(**other)


def found(published, **other):
    entry = note(published, **other)
    numbers = folds._parts(published, entry), folds._rates(published, entry)
    return {kind: list(folds.dealt(entry, *numbers, kind)) for kind in KINDS}


def printing(published, place, number):
    """Return the report with another number in one cell."""
    cells = tuple(
        cell._replace(published=number) if (cell.row, cell.column) == place else cell
        for cell in published.cells
    )
    return published._replace(cells=cells)


@pytest.mark.parametrize("within", [0, 1, 4, 12])
def test_the_test_folds_of_gamma_ae_follow_however_many_are_tried(gamma, within):
    by_kind = found(gamma, within=within)
    assert {one.tests for some in by_kind.values() for one in some} == {FANS}
    assert by_kind["cut"] == []


def test_the_training_clips_follow_where_all_folds_are_balanced(gamma):
    entry = note(gamma)
    by_balance = {one.trains: one.balanced(entry) for one in found(gamma)["rounded"]}
    assert by_balance == {3056: True, 3057: False}


def deal(parts, first, folds):
    """Return the test clips per fan and the training clips, dealt on from fan to fan."""
    dealt, place = [], first
    for part in parts:
        dealt.append([(place + k) % folds for k in range(part.normal)])
        place += part.normal
    return tuple(one.count(1) for one in dealt), sum(fold > 1 for one in dealt for fold in one)


def test_of_eight_folds_to_begin_with_only_that_of_cvpartition_gives_all_numbers(gamma):
    """It is the second, which tests; begun with the first, 3,055 clips would train."""
    entry = note(gamma)
    parts, rates = folds._parts(gamma, entry), folds._rates(gamma, entry)
    trained = rates[1].interval("rounded")
    dealt = {first: deal(parts, first, entry.folds) for first in range(entry.folds)}
    fits = [
        first
        for first, (tests, trains) in dealt.items()
        if tests == FANS and folds.counts_in(trained, trains)
    ]
    assert fits == [1]
    assert (dealt[0], dealt[1]) == ((FANS, 3055), (FANS, 3056))


def test_where_an_eighth_is_only_rounded_the_aucs_alone_tell_the_folds(gamma):
    entry = note(gamma)
    for part, size in zip(folds._parts(gamma, entry), FANS, strict=True):
        auc = part._replace(cells=tuple(c for c in part.cells if c.metric == "auc"))
        tried = {part.normal // entry.folds, -(-part.normal // entry.folds)}
        assert [n for n in sorted(tried) if auc.fits(entry, n, "rounded")] == [size]


def test_the_finding_names_them_and_what_chance_would_do(gamma):
    (finding,) = folds.check(gamma, {})
    assert finding.finding.startswith("1 of 9000 ways to deal a test fold")
    assert finding.arithmetic == "64/510 = 0.125, 332/3056 = 0.1086"
    assert finding.explained_by.startswith("127 + 127 + 129 + 127 = 510 test, 3056 train (balanced")
    assert float(finding.finding.split()[-2]) < 0.01
    assert finding.kind == FITS


def test_aucs_alone_do_not_tell_the_folds(gamma):
    cells = tuple(cell for cell in gamma.cells if cell.metric != "pauc_trapz")
    assert len({one.tests for one in found(gamma._replace(cells=cells))["rounded"]}) > 1


def test_a_zero_that_is_not_shown_is_a_digit(gamma):
    """.8761 as .87610 is no share of 130 x 348 pairs; with four digits it is."""
    (cell,) = gamma.table("per_id", id="04", metric="auc")
    for digits, fits in ((0, True), (5, False)):
        within = folds.area(cell, note(gamma, digits=digits), 130, "rounded")
        assert bool(folds.counts_in(within, 130 * 348)) == fits


@pytest.mark.parametrize(
    ("place", "number"),
    [
        (("0", "pAUCs"), "0.19144"),
        (("test set", "FPR"), "0.128"),
        (("training set", "FPR"), "0.1085"),
    ],
)
def test_a_slip_leaves_no_folds(gamma, place, number):
    near = [{**gamma.notes["folds"][0], "within": 1}]
    report = gamma._replace(notes={**gamma.notes, "folds": near})
    (finding,) = folds.check(printing(report, place, number), {})
    assert finding.finding.startswith("none of 192 ways")
    assert (finding.explained_by, finding.kind) == ("", CONTRADICTION)
    assert "0.125" in finding.arithmetic or number in finding.arithmetic


def test_a_slip_that_only_uneven_folds_can_give_is_said_to_need_them(gamma):
    """With .128 as the rate on the test, fan 06 would need 124 or 130 normal clips."""
    (finding,) = folds.check(printing(gamma, ("test set", "FPR"), "0.128"), {})
    assert "129 + 124 = 507 test" in finding.explained_by
    assert "balanced" not in finding.explained_by


def test_slips_of_one_digit_leave_no_folds_as_often_as_chance_says(gamma):
    """Each of the eight numbers per id, each digit behind the point by each other one."""
    missed, tried, expected = 0, 0, 0.0
    entry = note(gamma)
    parts = {part.id: part for part in folds._parts(gamma, entry)}
    for cell in gamma.table("per_id"):
        part = parts[cell.id]
        # The sizes that the id's other number still allows; each fits a slip by chance.
        rest = [c for c in part.cells if c.metric != cell.metric]
        alone = part._replace(cells=tuple(rest))
        allowed = [s for s in part.sizes(entry) if alone.fits(entry, s, "rounded")]
        for wrong in slips(cell.published):
            one = part._replace(cells=(cell._replace(published=wrong),))
            fits = [size for size in allowed if one.fits(entry, size, "rounded")]
            missed += bool(fits)
            tried += 1
            low, high = folds.area(cell, entry, 127, "rounded")
            hit = min(1.0, (high - low) * 127 * part.abnormal[0])
            expected += 1 - (1 - hit) ** len(allowed)
    assert missed / tried == pytest.approx(expected / tried, abs=0.1)
    assert 0 < missed < tried


@pytest.mark.parametrize(
    ("dealt", "balanced"),
    [
        (Dealt((5, 5), 20, 40), True),
        (Dealt((5, 5), 18, 40), False),
        (Dealt((5, 4), 20, 40), False),
        (Dealt((5, 5), 21, 41), True),
        (Dealt((6, 5), 20, 41), True),
        (Dealt((7, 5), 19, 41), False),
    ],
)
def test_balance_is_of_all_ids_together(gamma, dealt, balanced):
    entry = note(gamma)._replace(folds=4, training=2)
    assert dealt.balanced(entry) == balanced


def test_what_is_not_legible_is_not_judged(gamma):
    cells = tuple(c for c in gamma.cells if (c.row, c.metric) != ("test set", "fpr"))
    assert folds.check(gamma._replace(cells=cells), {}) == []
