"""Averages and their kinds."""

import pytest

from mimii_bench.audit.means import average_cells, check

NOTE = [{"table": "t", "over": "machine"}]


def column(system, parts, average):
    machines = ("fan", "pump", "slider", "valve")
    base = {"column": system, "system": system, "metric": "auc"}
    cells = [base | {"machine": m, "published": p} for m, p in zip(machines, parts, strict=False)]
    return [*cells, base | {"published": average}]


@pytest.mark.parametrize(
    ("average", "kind"), [("0.6000", "arithmetic"), ("0.5333", "harmonic"), ("0.5334", "harmonic")]
)
def test_the_kind_of_mean_is_named(published, average, kind):
    (finding,) = check(published(*column("a", ("0.4000", "0.8000"), average), means=NOTE), {})
    assert (finding.check, finding.explained_by) == ("kind_of_mean", kind)


def test_an_average_of_no_kind_is_found_by_what_the_others_are(published):
    right = column("a", ("0.4000", "0.8000"), "0.5333")
    wrong = column("b", ("0.4000", "0.8000"), "0.5433")
    kind, finding = check(published(*right, *wrong, means=NOTE), {})
    assert "harmonic 1 of 2" in kind.arithmetic
    assert finding.check == "average"
    assert finding.finding == "prints 0.5433, the harmonic mean of its parts is 0.5333"
    assert finding.explained_by == "a slip in one digit of 0.5333"


def test_a_part_left_out_or_the_other_mean_explains(published):
    right = column("a", ("0.4000", "0.8000", "0.9000"), "0.6171")
    without = column("b", ("0.4000", "0.8000", "0.9000"), "0.5333")
    other = column("c", ("0.4000", "0.8000", "0.9000"), "0.7000")
    more = column("d", ("0.5000", "0.8000", "0.9000"), "0.6879")
    findings = check(published(*right, *without, *other, *more, means=NOTE), {})
    reasons = [finding.explained_by for finding in findings[1:]]
    assert reasons == ["the harmonic mean without 6 / b", "the arithmetic mean"]


def test_an_average_copied_from_another_column_is_explained(published):
    one = column("a", ("0.4000", "0.8000"), "0.5333")
    two = column("b", ("0.5000", "0.5000"), "0.5000")
    three = column("c", ("0.2000", "0.8000"), "0.5333")
    *_, finding = check(published(*one, *two, *three, means=NOTE), {})
    assert "the number of 2 / a" in finding.explained_by


def test_the_mean_of_cut_parts_may_be_larger(published):
    cells = column("a", ("0.49", "0.49"), "0.5")
    (finding,) = check(published(*cells, means=NOTE), {})
    assert "arithmetic 1 of 1" in finding.arithmetic


def test_a_table_without_notes_is_not_judged(published):
    assert check(published(*column("a", ("0.4", "0.8"), "0.9")), {}) == []


@pytest.mark.parametrize(("average", "wrong"), [("0.0000", 0), ("0.0001", 0), ("0.4000", 1)])
def test_a_part_of_zero_stands_for_no_number_below_it(published, average, wrong):
    """The harmonic mean of 0 and anything is 0; of .00005 and .8 it is .0001."""
    right = [cell for k in "abc" for cell in column(k, ("0.4000", "0.8000"), "0.5333")]
    findings = check(published(*right, *column("d", ("0.0000", "0.8000"), average), means=NOTE), {})
    assert [f.finding for f in findings[1:]] == [
        "prints 0.4000, the harmonic mean of its parts is 0.0000"
    ] * wrong


def test_an_average_of_parts_that_are_not_all_legible_is_not_judged(published):
    right = column("a", ("0.4000", "0.8000"), "0.5333")
    unknown = column("b", ("0.4000", ""), "0.5433")
    (finding,) = check(published(*right, *unknown, means=NOTE), {})
    assert finding.arithmetic == "averages that fit: arithmetic 0 of 1, harmonic 1 of 1"
    assert check(published(*unknown, means=NOTE), {}) == []


def test_it_is_an_average_still(published):
    """So that the check of pAUC does not take it for a pair of its own."""
    report = published(*column("b", ("", ""), "0.5433"), means=NOTE)
    assert [cell.published for cell in average_cells(report)] == ["0.5433"]


def test_an_average_of_one_part(published):
    _, finding = check(published(*column("a", ("0.4000",), "0.5000"), means=NOTE), {})
    assert finding.finding == "prints 0.5000, the arithmetic mean of its parts is 0.4000"
