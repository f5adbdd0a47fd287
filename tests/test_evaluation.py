"""From scores to one number with its interval."""

import numpy as np
import pandas as pd
import pytest

from mimii_bench.evaluation import Distribution, average, evaluate_group
from mimii_bench.metrics import Sample, auc


def scores(seeds, normal=40, abnormal=40, shift=1.0, same=True, rng=0):
    """Scores of one unit over several seeds; `same`: every seed gives the same ones."""
    generator = np.random.default_rng(rng)
    label = ["normal"] * normal + ["abnormal"] * abnormal
    runs = []
    for seed in range(seeds):
        if seed == 0 or not same:
            drawn = generator.normal(size=len(label)) + np.repeat([0, shift], [normal, abnormal])
        runs.append(pd.DataFrame({"label": label, "score": drawn, "seed": seed}))
    return pd.concat(runs, ignore_index=True)


def width(distribution):
    estimate = average([distribution])
    return estimate.high - estimate.low


def test_the_value_is_the_mean_over_seeds():
    table = scores(3, same=False)
    runs = [run for _, run in table.groupby("seed")]
    expected = np.mean([auc(Sample(run["label"] == "abnormal", run["score"]))[0] for run in runs])
    unit = evaluate_group(table, "auc", 100, "unit")
    assert unit.value == pytest.approx(expected, abs=1e-12)
    assert unit.seeds == 3


def test_replicates_follow_from_the_scores_and_the_name_of_the_unit():
    first, again, other = (
        evaluate_group(scores(2, same=False), "auc", 100, name).replicates for name in "aab"
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_more_seeds_that_say_the_same_do_not_narrow_the_interval():
    """They were scored on the same clips: those are as few as before."""
    one, many = (evaluate_group(scores(seeds), "auc", 2000, "unit") for seeds in (1, 5))
    assert width(many) == pytest.approx(width(one), rel=1e-9)


def test_seeds_that_disagree_widen_the_interval():
    table = scores(2)
    worse = (table["seed"] == 1) & (table["label"] == "abnormal")
    table.loc[worse, "score"] -= 1.0
    assert width(evaluate_group(table, "auc", 2000, "unit")) > 1.3 * width(
        evaluate_group(scores(1), "auc", 2000, "unit")
    )


def test_the_interval_holds_the_true_value_about_as_often_as_it_says():
    true = 0.7602499  # of two unit normals one apart
    held = 0
    for rng in range(200):
        estimate = average([evaluate_group(scores(1, rng=rng), "auc", 400, rng)])
        held += estimate.low <= true <= estimate.high
    assert 180 <= held <= 199


def test_an_average_is_the_arithmetic_mean_of_independent_units():
    rng = np.random.default_rng(0)
    units = [
        Distribution(value, rng.normal(value, 0.05, 20_000), seeds)
        for value, seeds in ((0.6, 3), (0.7, 2), (0.8, 3), (0.9, 3))
    ]
    estimate = average(units)
    assert estimate.value == pytest.approx(0.75)
    assert estimate.seeds == 2
    half = 1.96 * 0.05 / np.sqrt(4)
    assert (estimate.low, estimate.high) == pytest.approx((0.75 - half, 0.75 + half), abs=0.002)
