"""What printed digits allow."""

from operator import sub

import pytest

from mimii_bench.audit.cells import PrintedCell
from mimii_bench.audit.printed import Printed, Spread, compared, corners, overlap, rising


@pytest.mark.parametrize(
    ("text", "value", "digits"), [("0.850", 0.85, 3), ("12", 12, 0), ("1.0000", 1, 4)]
)
def test_trailing_zeros_are_digits(text, value, digits):
    assert Printed.parse(text) == (value, digits)


@pytest.mark.parametrize(
    ("number", "rounded", "cut"),
    [
        (0.5265, True, False),
        (0.527, True, True),
        (0.5275, True, True),
        (0.5276, False, True),
        (0.528, False, False),
    ],
)
def test_a_printed_number_stands_for_what_is_rounded_or_cut_to_it(number, rounded, cut):
    printed = Printed.parse("0.527")
    within = {
        kind: overlap((number, number), printed.interval(kind)) for kind in ("rounded", "cut")
    }
    assert within == {"rounded": rounded, "cut": cut}


def test_corners_of_a_rising_function():
    assert corners([(0, 1), (2, 4)], sum) == (2, 5)


def cell(metric, published):
    return PrintedCell(
        **dict.fromkeys(PrintedCell._fields, "") | {"metric": metric, "published": published}
    )


@pytest.mark.parametrize(
    ("metric", "text", "rounded", "cut"),
    [
        ("auc", "0.00", (0, 0.005), (0, 0.01)),
        ("auc", "0.50", (0.495, 0.505), (0.5, 0.51)),
        ("auc", "1.00", (0.995, 1), (1, 1)),
        ("auc", "99.9", (99.85, 99.95), (99.9, 100)),
        ("auc", "100.0", (99.95, 100), (100, 100)),
        ("clips", "0", (0, 0.5), (0, 1)),
        ("clips", "1", (0.5, 1.5), (1, 2)),
        ("clips", "100", (99.5, 100.5), (100, 101)),
    ],
)
def test_a_share_is_not_below_nothing_nor_above_the_whole(metric, text, rounded, cut):
    made = cell(metric, text)
    assert made.interval("rounded") == pytest.approx(rounded, abs=1e-8)
    assert made.interval("cut") == pytest.approx(cut, abs=1e-8)
    assert min(made.interval("rounded") + made.interval("cut")) >= 0
    assert made.spread == (float(text), made.interval("rounded"), made.interval("cut"))


def test_spreads_go_through_functions_by_their_bounds():
    one, other = Spread(5, (4, 6), (5, 7)), Spread(2, (1, 3), (2, 4))
    assert rising([one, other], sum) == (7, (5, 9), (7, 11))
    assert compared(one, other, sub) == (3, (1, 5), (1, 5))
