"""From scores to one number with its interval."""

import numpy as np
import pandas as pd
import pytest

from mimii_bench.evaluation.intervals import (
    Distribution,
    average,
    estimate,
    evaluate_group,
    resample,
)
from mimii_bench.evaluation.metrics import Sample, auc


def scores(seeds, normal=40, abnormal=40, shift=1.0, same=True, rng=0, id="00"):
    """Scores of one unit over several seeds; `same`: every seed gives the same ones."""
    generator = np.random.default_rng(rng)
    label = ["normal"] * normal + ["abnormal"] * abnormal
    runs = []
    for seed in range(seeds):
        if seed == 0 or not same:
            drawn = generator.normal(size=len(label)) + np.repeat([0, shift], [normal, abnormal])
        clips = {"machine": "fan", "id": id, "label": label, "role": "test"}
        runs.append(pd.DataFrame({**clips, "score": drawn, "seed": seed}))
    return pd.concat(runs, ignore_index=True)


def width(distribution):
    found = estimate(distribution)
    return found.high - found.low


def test_the_value_is_the_mean_over_seeds():
    table = scores(3, same=False)
    runs = [run for _, run in table.groupby("seed")]
    expected = np.mean([auc(Sample(run["label"] == "abnormal", run["score"]))[0] for run in runs])
    unit = evaluate_group(table, "auc", 100, "unit")
    assert unit.value == pytest.approx(expected, abs=1e-12)
    assert unit.seeds == 3


def test_replicates_follow_from_the_scores_and_the_unit():
    first, again, other = (
        evaluate_group(scores(2, same=False, id=id), "auc", 100, "models").replicates
        for id in ("00", "00", "02")
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_groups_share_the_draws_of_the_clips_that_they_share():
    """One id alone, both ids, and training clips as well: the same draws of what is in each."""
    one, other = scores(1), scores(1, id="02")
    training = one.assign(role="train")
    alone = resample(one, 50)
    np.testing.assert_array_equal(resample(pd.concat([other, one]), 50)[:, -len(one) :], alone)
    np.testing.assert_array_equal(resample(pd.concat([one, training]), 50)[:, : len(one)], alone)
    assert (resample(training, 50) != alone).any()
    assert (alone.reshape(50, 2, -1).sum(axis=2) == 40).all()


def test_ids_with_too_few_clips_to_vary_are_drawn_together():
    table = pd.concat([scores(1, normal=1, abnormal=1, id=id) for id in ("00", "02", "04")])
    draws = resample(table, 200)
    assert draws.std(axis=0).min() > 0
    for label in ("normal", "abnormal"):
        assert (draws[:, (table["label"] == label).to_numpy()].sum(axis=1) == 3).all()


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
        found = estimate(evaluate_group(scores(1, rng=rng, id=str(rng)), "auc", 400, rng))
        held += found.low <= true <= found.high
    assert 180 <= held <= 199


def test_an_average_is_the_arithmetic_mean_of_independent_units():
    rng = np.random.default_rng(0)
    units = [
        Distribution(value, rng.normal(value, 0.05, 20_000), seeds)
        for value, seeds in ((0.6, 3), (0.7, 2), (0.8, 3), (0.9, 3))
    ]
    found = estimate(average(units))
    assert found.value == pytest.approx(0.75)
    assert found.seeds == 2
    half = 1.96 * 0.05 / np.sqrt(4)
    assert (found.low, found.high) == pytest.approx((0.75 - half, 0.75 + half), abs=0.002)


def test_a_harmonic_mean_is_taken_of_values_and_of_replicates():
    units = [Distribution(value, np.full(50, value), 1) for value in (0.5, 1.0)]
    assert estimate(average(units, "harmonic"))[:3] == pytest.approx([2 / 3] * 3)


def test_a_harmonic_mean_with_a_zero_is_zero():
    units = [Distribution(value, np.full(50, value), 1) for value in (0.0, 1.0)]
    assert average(units, "harmonic").value == pytest.approx(0, abs=1e-9)


def test_a_metric_at_a_threshold_takes_that_of_each_seed():
    table = scores(2, normal=10, abnormal=0)
    table["score"] = np.tile(np.arange(10.0), 2)
    rates = evaluate_group(table, "fpr", 50, "unit", {0: 8.5, 1: 4.5})
    assert rates.value == pytest.approx((0.1 + 0.5) / 2)
