"""Numbers as people read them."""

import pytest

from mimii_bench.page.words import count, duration, fraction, level, measured, with_interval


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.8124, ".812"),
        (0.9996, "1.000"),
        (0.0, ".000"),
        (-0.0672, "\N{MINUS SIGN}.067"),
        (1.25, "1.250"),
    ],
)
def test_a_fraction_has_no_zero_before_its_point(value, text):
    assert fraction(value) == text


def test_an_interval_has_two_digits():
    assert with_interval(0.812, 0.7711, 0.8549) == ".812 [.77, .85]"
    assert with_interval(0.5, None, None) == ".500"


def test_counts_are_no_fractions():
    assert measured("parameters", 50760.0) == "50,760"
    assert measured("clips", 124.5) == "124.5"
    assert measured("auc", 1.0, 0.5, 1.0) == "1.000 [.50, 1.00]"
    assert count(1e6) == "1,000,000"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        *(
            (0, "0 ms"),
            (0.5, "500 ms"),
            (0.99996, "1.0 s"),
            (59.94, "59.9 s"),
            (59.99, "1 min 0 s"),
        ),
        *((60, "1 min 0 s"), (3599.7, "1 h 0 min"), (90000, "25 h 0 min")),
    ],
)
def test_a_time_has_the_unit_that_fits(seconds, text):
    assert duration(seconds) == text


def test_a_ratio_has_its_unit_apart_and_other_names_stay():
    assert [level(name) for name in ("-6dB", "0dB", "any", "<b>")] == [
        *("\N{MINUS SIGN}6 dB", "0 dB"),
        *("any", "<b>"),
    ]
