"""From measured groups to one number with its intervals."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm, t

from mimii_bench.evaluation.intervals import (
    Printed,
    average,
    certain,
    estimate,
    interval,
    of_group,
    p_value,
    predicted,
    reach,
)
from mimii_bench.evaluation.metrics import METRICS, Metric, Sample, auc
from mimii_bench.evaluation.resampling import halves, measure_group, resample
from mimii_bench.evaluation.scales import Scale


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


def measured(table, trained="unit", metric="auc", replicates=300):
    return of_group(measure_group(table, metric, replicates, trained))


def width(number):
    low, high = interval(number)
    return high - low


def test_the_value_is_the_mean_over_seeds():
    table = scores(3, same=False)
    runs = [run for _, run in table.groupby("seed")]
    expected = np.mean([auc(Sample(run["label"] == "abnormal", run["score"]))[0] for run in runs])
    number = measured(table)
    assert number.value == pytest.approx(expected, abs=1e-12)
    assert number.seeds == 3


def test_replicates_follow_from_the_scores_and_the_unit():
    first, again, other = (
        measure_group(scores(2, same=False, id=id), "auc", 100, "models").replicates
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


def test_halves_part_each_label_and_are_the_same_for_every_system():
    one, other = scores(1, normal=41), scores(1, normal=41, rng=9)
    first = halves(one)
    assert (first == halves(other)).all()
    assert (first != halves(scores(1, normal=41, id="02"))).any()
    assert first[:41].sum() == first[41:].sum() == 20


def test_more_seeds_that_say_the_same_do_not_narrow_the_interval():
    """They were scored on the same clips: those are as few as before."""
    one, many = (measured(scores(seeds)) for seeds in (1, 5))
    assert width(many) == pytest.approx(width(one), rel=1e-9)


def test_seeds_that_disagree_widen_the_interval_by_student_s_quantile():
    table = scores(3)
    table.loc[(table["seed"] == 1) & (table["label"] == "abnormal"), "score"] -= 0.5
    number, still = measured(table), measured(scores(3))
    ((_, group),) = number.terms
    variance, freedom = number.trainings
    assert (variance, freedom) == (pytest.approx(group.values.var(ddof=1) / 3), 2)
    assert width(number) > 2 * t.ppf(0.975, 2) * np.sqrt(variance) > width(still)


def test_trainings_of_several_pools_are_independent():
    table = scores(3, same=False)
    one, other = measured(table, "one"), measured(table, "other")
    assert average([one, other]).trainings[1] == pytest.approx(4)
    assert average([one, measured(table, "one")]).trainings == pytest.approx(one.trainings)


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.999])
def test_reaches_of_clips_and_seeds_add_in_squares(level):
    tail = (1 - level) / 2
    expected = np.hypot(norm.isf(tail) * 0.1, t.isf(tail, 4) * 0.2)
    assert reach(0.01, (0.04, 4), tail) == pytest.approx(expected)


def test_an_average_of_independent_units():
    units = [measured(scores(1, id=str(k), rng=k), k) for k in range(4)]
    mean = average(units)
    assert mean.value == pytest.approx(np.mean([unit.value for unit in units]))
    halfs = np.array([width(unit) / 2 for unit in units])
    assert width(mean) / 2 == pytest.approx(np.sqrt((halfs**2).sum()) / 4, rel=0.1)


def test_an_average_of_the_same_clips_is_as_wide_as_one():
    """Two systems that give each clip the same score."""
    one, other = measured(scores(1)), measured(scores(1))
    assert width(average([one, other])) == pytest.approx(width(one), rel=1e-6)


@pytest.mark.parametrize("values", [(0.5, 1.0), (0.0, 1.0)])
def test_a_harmonic_mean(values):
    number = average(list(map(certain, values)), "harmonic")
    assert number.value == pytest.approx(2 / sum(1 / max(v, 1e-12) for v in values))
    assert interval(number) == (number.value, number.value)


def test_the_interval_of_a_harmonic_mean_follows_its_slope():
    units = [measured(scores(1, id=str(k), rng=k, shift=k), k) for k in range(3)]
    shifted = average(units, "harmonic")
    ((first, _), *_) = shifted.terms
    nudge = 1e-6
    values = [unit.value for unit in units]
    higher = average([certain(values[0] + nudge), *map(certain, values[1:])], "harmonic").value
    assert first == pytest.approx((higher - shifted.value) / nudge, rel=1e-3)


def test_a_difference_pairs_clips_and_seeds():
    table = scores(3, same=False)
    nearly = table.assign(score=table["score"] + 1e-3 * np.random.default_rng(1).normal(size=240))
    alone, gap = measured(table), measured(table) - measured(nearly)
    assert width(gap) < 0.1 * width(alone)
    assert width(alone - alone) == 0
    assert p_value(alone - alone) == 1


def test_two_numbers_that_cannot_be_told_from_perfect_have_a_difference_with_a_width():
    perfect = [measured(scores(1, 8, 8, shift=99, rng=rng)) for rng in range(2)]
    gap = perfect[0] - perfect[1]
    assert gap.value == 0
    assert width(gap) > 0.1


def test_p_is_below_five_percent_just_where_the_interval_excludes_zero():
    rng = np.random.default_rng(0)
    for seeds in (1, 3):
        for _ in range(40):
            one, other = (
                measured(scores(seeds, shift=1.0 + 0.6 * k, same=False, rng=rng.integers(1 << 30)))
                for k in range(2)
            )
            low, high = interval(one - other)
            assert (p_value(one - other) < 0.05) == (low > 0 or high < 0)


def test_one_more_run_on_the_same_clips_is_student_s_prediction():
    number = measured(scores(3, same=False))
    ((_, group),) = number.terms
    half = t.ppf(0.975, 2) * group.values.std(ddof=1)
    rounded = predicted(number, Printed(False, half_unit=0.005))
    single = np.array([-1, 1]) * (half * np.sqrt(1 + 1 / 3) + 0.005) + number.value
    assert np.clip(single, None, 1.005) == pytest.approx(rounded)
    low, _ = predicted(number, Printed(False, runs=4))
    assert number.value - low == pytest.approx(half * np.sqrt(1 / 4 + 1 / 3))


def test_one_more_run_on_other_clips_has_their_chance_as_well():
    """Seeds that agree: what remains is the chance of both draws of clips."""
    number = measured(scores(3))
    low, high = interval(number)
    ahead = predicted(number, Printed(True))
    root = np.sqrt(2)
    expected = (
        number.value - root * (number.value - low),
        number.value + root * (high - number.value),
    )
    assert ahead == pytest.approx(expected)
    assert predicted(number, Printed(False)) == pytest.approx((number.value, number.value))


def test_one_seed_predicts_nothing():
    assert predicted(measured(scores(1)), Printed(True)) is None
    assert estimate(measured(scores(1)), Printed(True))[4:] == (None, None)


def test_a_metric_at_a_threshold_takes_that_of_each_seed():
    table = scores(2, normal=10, abnormal=0)
    table["score"] = np.tile(np.arange(10.0), 2)
    rates = measure_group(table, "fpr", 50, "unit", {0: 8.5, 1: 4.5})
    assert rates.value == pytest.approx((0.1 + 0.5) / 2)


def test_without_an_alarm_there_is_no_precision():
    found = measure_group(scores(1), "precision", 50, "unit", {0: 1e9})
    assert np.isnan(found.value)


def test_a_threshold_that_is_fitted_again_moves_with_the_clips():
    table = scores(1)
    fixed = measure_group(table, "recall", 300, "unit", {0: 0.5})
    wandering = np.random.default_rng(0).normal(0.5, 1.0, 300)
    again = measure_group(table, "recall", 300, "unit", {0: 0.5}, {0: wandering})
    assert again.value == fixed.value
    assert width(of_group(again)) > 1.5 * width(of_group(fixed))


@pytest.mark.parametrize(("clips", "shift"), [((8, 8), 0.36), ((24, 8), 1.81), ((100, 100), 2.9)])
def test_the_interval_holds_the_true_value_about_as_often_as_it_says(clips, shift):
    """More settings, and all metrics: benchmarks/interval_coverage.py."""
    true = norm.cdf(shift / np.sqrt(2))
    intervals = [
        interval(measured(scores(1, *clips, shift=shift, rng=k, id=str(k)), replicates=100))
        for k in range(200)
    ]
    held = sum(low <= true <= high for low, high in intervals)
    assert held >= 0.9 * 200
    assert np.mean([low > 0.5 or high < 1 for low, high in intervals]) > 0.5


def test_a_metric_of_one_s_own_has_an_interval_on_its_scale(monkeypatch):
    halved = Scale(METRICS["auc"].scale.variance, METRICS["auc"].scale.sizes, lambda _: (0, 0.5))
    own = Metric(lambda sample, _: auc(sample) / 2, False, 1, halved)
    monkeypatch.setitem(METRICS, "half", own)
    low, high = interval(measured(scores(1)))
    assert interval(measured(scores(1), metric="half")) == pytest.approx((low / 2, high / 2))
