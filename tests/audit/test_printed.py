"""What printed digits allow."""

import pytest

from mimii_bench.audit.printed import Printed, corners, overlap


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
