"""Numbers that another report prints, too."""

import pytest

from mimii_bench.audit import check, repeats
from mimii_bench.audit.cells import load
from samples import ROOT

CELL = {"machine": "fan", "snr": "0dB", "metric": "auc"}
NOTE = {"table": "t", "where": {"system": "theirs"}, "source": {"report": "first", "table": "own"}}


@pytest.fixture(scope="module")
def printed():
    return load(ROOT / "reports")


def quoted(published, original, number, **fields):
    first = published({**CELL, "table": "own", "system": "a", "published": original}, key="first")
    cell = {**CELL, "system": "theirs", "published": number, **fields}
    second = published(cell, key="second", quotes=[NOTE])
    return check({"first": first, "second": second})


@pytest.mark.parametrize(("original", "number"), [("0.84", "0.840"), ("0.8668", "0.867")])
def test_more_or_fewer_digits_are_the_same_number(published, original, number):
    assert quoted(published, original, number) == []


@pytest.mark.parametrize("fields", [{"snr": "6dB"}, {"id": "00"}, {"system": "ours"}])
def test_numbers_of_something_else_may_differ(published, fields):
    assert quoted(published, "0.84", "0.86", **fields) == []


def test_a_source_that_is_absent_is_not_used(published):
    cell = {**CELL, "system": "theirs", "published": "0.86"}
    assert repeats.check(published(cell, quotes=[NOTE]), {}) == []


def test_each_slip_in_a_row_of_the_journal_is_found_on_either_side(printed):
    """Twelve numbers of two digits, each printed by two reports."""
    places = {"ims_cnn": "figure_3", "mimii_baseline": "journal"}
    for key, table in places.items():
        cells = [c for c in printed[key].table(table) if "journal" in (c.system, c.table)]
        assert len(cells) == 12
        for cell in cells:
            wrong = cell._replace(published=f"{cell.number.value + 0.01:.2f}")
            others = tuple(wrong if c == cell else c for c in printed[key].cells)
            slipped = {**printed, key: printed[key]._replace(cells=others)}
            (finding,) = repeats.check(slipped["ims_cnn"], slipped)
            assert {*finding.arithmetic.split(" != ")} == {cell.published, wrong.published}


def test_as_transcribed_no_repeated_number_differs(printed):
    assert [f for one in printed.values() for f in repeats.check(one, printed)] == []
