"""Intervals hold the number that they are of, whatever was measured."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimii_bench.evaluation.intervals import (
    MEANS,
    Printed,
    average,
    estimate,
    interval,
    of_group,
    p_value,
)
from mimii_bench.evaluation.metrics import METRICS
from mimii_bench.evaluation.resampling import measure_group
from mimii_bench.evaluation.scales import AREA, OF_ALL, OF_BOTH, Counts, limits

#: Beyond it lie no digits of a double.
ROUNDING = 1e-9
#: Few clips or many, well told apart or not, by one training or several.
GROUPS = st.tuples(
    st.integers(10, 40),
    st.integers(1, 30),
    st.sampled_from([0.0, 1.0, 9.0]),
    st.integers(1, 3),
    st.integers(0, 9),
)


def measured(group, metric, unit="00"):
    normal, abnormal, apart, seeds, number = group
    rng = np.random.default_rng(number)
    labels = ["normal"] * normal + ["abnormal"] * abnormal
    clips = {"machine": "fan", "id": unit, "label": labels, "role": "test"}
    runs = [
        pd.DataFrame(
            {
                **clips,
                # With ties.
                "score": np.round(rng.normal(size=len(labels)), 1)
                + np.repeat([0, apart], [normal, abnormal]),
                "seed": seed,
            }
        )
        for seed in range(seeds)
    ]
    thresholds = dict.fromkeys(range(seeds), 0.5)
    return of_group(measure_group(pd.concat(runs), metric, 50, unit, thresholds))


@pytest.mark.parametrize("metric", list(METRICS))
@given(group=GROUPS, coverage=st.sampled_from([0.5, 0.95, 0.99]))
def test_an_interval_holds_its_number_and_stays_within_what_there_is(metric, group, coverage):
    number = measured(group, metric)
    if np.isnan(number.value):
        return
    low, high = interval(number, coverage)
    least, most = number.ends
    assert low - ROUNDING <= number.value <= high + ROUNDING
    assert least <= low <= high <= most or number.value == pytest.approx(most, abs=ROUNDING)


@given(
    group=GROUPS, printed=st.builds(Printed, st.booleans(), st.integers(1, 5), st.floats(0, 0.05))
)
def test_one_more_run_may_print_the_number_again(group, printed):
    found = estimate(measured(group, "auc"), printed)
    assert found.low - ROUNDING <= found.value <= found.high + ROUNDING
    if found.pi_low is not None:
        assert found.pi_low - ROUNDING <= found.value <= found.pi_high + ROUNDING


@given(groups=st.lists(GROUPS, min_size=1, max_size=3), kind=st.sampled_from(list(MEANS)))
def test_averages_and_differences_are_held_too(groups, kind):
    numbers = [measured(group, "auc", f"{n:02d}") for n, group in enumerate(groups)]
    for number in (average(numbers, kind), numbers[0] - average(numbers, kind)):
        low, high = interval(number)
        assert low - ROUNDING <= number.value <= high + ROUNDING
        assert 0 <= p_value(number) <= 1


@given(group=GROUPS)
def test_a_number_does_not_differ_from_itself(group):
    number = measured(group, "auc")
    assert p_value(number - number) == 1
    assert interval(number - number) == (0, 0)


@given(
    share=st.floats(0, 1),
    variance=st.none() | st.floats(0, 0.25),
    counts=st.builds(Counts, st.integers(1, 2000), st.integers(1, 2000), st.floats(0, 4000)),
    scale=st.sampled_from([AREA, OF_ALL, OF_BOTH]),
    quantiles=st.tuples(st.floats(0, 4), st.floats(0, 4)).map(sorted),
)
def test_score_intervals_hold_the_share_and_grow_with_the_quantile(
    share, variance, counts, scale, quantiles
):
    (inner_low, inner_high), (low, high) = (
        limits(share, variance, counts, scale, quantile) for quantile in quantiles
    )
    assert -ROUNDING <= low <= inner_low + ROUNDING
    assert inner_low - ROUNDING <= share <= inner_high + ROUNDING
    assert inner_high - ROUNDING <= high <= 1 + ROUNDING
