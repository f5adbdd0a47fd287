"""Rows against the test sets that they may have been computed on."""

import pytest

from mimii_bench.audit.confusion import check
from mimii_bench.util.errors import UserError

SMALL = {"name": "the test", "tables": ["t"], "claimed": True, "normal": 30, "abnormal": 20}
LARGE = SMALL | {"name": "everything", "claimed": False, "normal": 230}
#: TP 15, FP 6 of 30 + 20 clips, and TP 15, FP 40 of 230 + 20.
GOOD = {"accuracy": "0.780", "precision": "0.714", "recall": "0.750", "f1": "0.732"}
BAD = {"accuracy": "0.820", "precision": "0.273", "recall": "0.750", "f1": "0.400"}


def test_a_row_of_its_test_set_is_no_finding(published, row):
    assert check(published(*row(**GOOD), test_sets=[SMALL, LARGE]), {}) == []


def test_a_row_without_a_candidate_is_no_finding(published, row):
    assert check(published(*row(**BAD)), {}) == []


def test_an_impossible_row_is_found_and_explained_by_another_set(published, row):
    (finding,) = check(published(*row(**BAD), test_sets=[SMALL, LARGE]), {})
    assert finding.check == "confusion_matrix"
    assert "30 normal + 20 abnormal clips (the test)" in finding.finding
    assert "15 found" in finding.arithmetic
    assert "40 false alarms, of 30 normal clips" in finding.arithmetic
    assert finding.explained_by.startswith("everything (rounded: 230 normal + 20 abnormal clips, ")
    assert "TP 15, FP 40, FN 5, TN 190" in finding.explained_by


def test_an_impossible_row_that_nothing_explains(published, row):
    (finding,) = check(published(*row(**BAD), test_sets=[SMALL]), {})
    assert finding.explained_by == ""


def test_one_wrong_metric_is_named(published, row):
    (finding,) = check(published(*row(**GOOD | {"f1": "0.900"}), test_sets=[SMALL]), {})
    assert finding.explained_by.startswith("the test, f1 aside (rounded:")
    assert "TP 15, FP 6" in finding.explained_by


def test_a_set_may_be_for_some_cells_only(published, row):
    elsewhere = SMALL | {"where": {"variant": "train"}}
    assert check(published(*row(**BAD), test_sets=[elsewhere]), {}) == []


#: Valves of the public set: 3691 normal and 479 abnormal clips; a tenth is 369.1 and 47.9.
TENTH = {
    **{"name": "a tenth", "tables": ["t"], "claimed": True},
    **{"normal": {"share": 0.1}, "abnormal": {"share": 0.1}},
}


def valve(row, snr, hits, abnormal):
    accuracy = 1 - (abnormal - hits) / 417
    numbers = {"accuracy": accuracy, "precision": 1, "recall": hits / abnormal}
    numbers["f1"] = 2 * hits / (hits + abnormal)
    printed = {metric: f"{number:.4f}" for metric, number in numbers.items()}
    return row({"machine": "valve", "snr": snr}, **printed)


@pytest.mark.parametrize(("second", "verdict"), [(48, "2 rows fit one"), (50, "sets differ")])
def test_rows_that_share_clips_are_compared(published, row, second, verdict):
    cells = valve(row, "0dB", 45, 48) + valve(row, "6dB", 47, second)
    findings = check(published(*cells, test_sets=[TENTH]), {})
    together = next(finding for finding in findings if finding.check == "test_set")
    assert verdict in together.finding
    assert "would be 47.9 abnormal" in together.finding
    assert f"0dB: 48; 6dB: {second}" in together.arithmetic
    alone = [finding for finding in findings if finding.check == "confusion_matrix"]
    assert len(alone) == (second == 50)
    assert all("367 normal + 50 abnormal" in finding.explained_by for finding in alone)


def test_a_share_may_be_of_the_reports_own_table(published, row):
    listed = {"table": "counts", "column": "n", "machine": "valve", "metric": "clips"}
    own = {"share": 0.1, "of": "counts", "column": "n"}
    cells = [listed | {"published": "300"}, *row({"machine": "valve"}, **GOOD)]
    sets = [TENTH, TENTH | {"name": "own", "claimed": False, "normal": own, "abnormal": "any"}]
    (finding,) = check(published(*cells, test_sets=sets), {})
    assert finding.explained_by.startswith("own (rounded: 30 normal + 20 abnormal clips, TP 15")


def test_another_division_is_tried_near_the_claimed_one_only(published, row):
    """46 + 4 clips would print BAD's digits, but nobody calls them 30 + 20."""
    near = SMALL | {"normal": 47, "abnormal": 3}
    (finding,) = check(published(*row(**BAD), test_sets=[near]), {})
    assert "as many clips, otherwise divided (rounded: 46 normal + 4" in finding.explained_by


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"abnormal": "any"}, "'the test' is claimed, so not any"),
        ({"normal": {"share": 0.1, "of": "counts", "column": "n"}}, "no clips of '' in"),
    ],
)
def test_wrong_notes_are_refused(published, row, change, message):
    with pytest.raises(UserError, match=rf"audit\.yaml: test_sets: {message}"):
        check(published(*row(**GOOD), test_sets=[SMALL | change]), {})


def test_rows_may_share_a_set_that_has_no_name(published, row):
    """A tenth would be 369 + 48 clips; both rows are of 367 + 50."""
    cells = valve(row, "0dB", 47, 50) + valve(row, "6dB", 48, 50)
    *_, together = check(published(*cells, test_sets=[TENTH]), {})
    assert together.check == "test_set"
    assert together.finding.startswith("2 rows fit one test set, but none that is named; a tenth")
    assert "0dB: 50; 6dB: 50; not all rows fit a tenth" in together.arithmetic
    assert together.explained_by == "as many clips, otherwise divided: 50 abnormal"


def test_rows_do_not_share_a_set_if_one_is_rounded_and_the_other_cut(published, row):
    """97 of 98 are .98980, and one error in 450 leaves .99778."""
    tenth = TENTH | {"normal": 354, "abnormal": 96}
    one = row({"machine": "valve", "snr": "0dB"}, recall="0.9898", accuracy="0.9978")
    other = row({"machine": "valve", "snr": "6dB"}, recall="0.9897", accuracy="0.9977")
    *_, together = check(published(*one, *other, test_sets=[tenth]), {})
    assert "0dB: 98; 6dB: 98" in together.arithmetic
    assert together.finding.startswith("the rows' test sets differ")


def test_rows_that_fit_only_a_named_set_of_another_size_share_it(published, row):
    """No division of 50 clips prints BAD's digits, 230 + 20 do."""
    cells = row({"snr": "0dB"}, **BAD) + row({"snr": "6dB"}, **BAD)
    *_, together = check(published(*cells, test_sets=[SMALL, LARGE]), {})
    assert together.finding.startswith("2 rows fit one test set; the test would be")
    assert "0dB: none; 6dB: none; not all rows fit the test" in together.arithmetic
    assert together.explained_by == "everything: 230 normal + 20 abnormal clips"


def test_rows_that_fit_nothing_are_not_compared(published, row):
    wrong = GOOD | {"f1": "0.900"}
    cells = row({"snr": "0dB"}, **wrong) + row({"snr": "6dB"}, **GOOD)
    findings = check(published(*cells, test_sets=[SMALL]), {})
    assert [finding.check for finding in findings] == ["confusion_matrix"]


@pytest.mark.parametrize(
    ("precision", "recall", "needs"),
    [
        ("0.000", "0.000", "0 found; precision 0.000 then needs at least 1 false alarm, of 30"),
        ("0.000", "0.100", "2 found; precision 0.000 then needs at least 1999 false alarms, of"),
        ("0.500", "0.000", "0 found; precision 0.500 then needs at least 1 found"),
        ("0.500", "0.100", "2 found; precision 0.500 then needs 2 false alarms, of 30 normal"),
        ("0.0", "0.0", "0 to 1 found; precision 0.0 then needs at least 1 false alarm, of 30"),
        ("0.5", "0.0", "0 to 1 found; precision 0.5 then needs 1 false alarm, of 30 normal"),
    ],
)
def test_what_a_precision_needs(published, row, precision, recall, needs):
    """An accuracy of 1 is what makes all of these impossible."""
    values = {"precision": precision, "recall": recall, "accuracy": "1.000"}
    (finding,) = check(published(*row(**values), test_sets=[SMALL]), {})
    assert needs in finding.arithmetic


def test_a_set_of_clips_that_are_not_all_legible_is_no_candidate(published, row):
    listed = {"table": "counts", "column": "n", "machine": "valve", "metric": "clips"}
    own = {"share": 0.1, "of": "counts", "column": "n"}
    sets = [{**TENTH, "normal": own}]
    known, unknown = ({**listed, "published": text} for text in ("300", ""))
    cells = row({"machine": "valve"}, **BAD)
    assert len(check(published(known, *cells, test_sets=sets), {})) == 1
    assert check(published(known, unknown, *cells, test_sets=sets), {}) == []
