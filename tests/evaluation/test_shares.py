"""Exact limits of a share: they are those of the binomial test, and hold what they promise."""

import pytest
from scipy.stats import binom, binomtest

from mimii_bench.evaluation.shares import exact_limits


@pytest.mark.parametrize(("count", "total"), [(0, 1), (0, 14), (1, 14), (7, 40), (40, 40)])
def test_they_are_scipy_s(count, total):
    expected = binomtest(count, total).proportion_ci(method="exact")
    assert exact_limits(count, total) == pytest.approx((expected.low, expected.high))


@pytest.mark.parametrize("share", [0.01, 0.05, 0.3])
def test_they_hold_the_share_at_least_as_often_as_they_say(share):
    total = 40
    held = sum(
        binom.pmf(count, total, share)
        for count in range(total + 1)
        if exact_limits(count, total)[0] <= share <= exact_limits(count, total)[1]
    )
    assert held >= 0.95
