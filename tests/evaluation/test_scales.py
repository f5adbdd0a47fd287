"""Score intervals: closed forms, literature, and what they do at the ends."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from mimii_bench.evaluation import scales
from mimii_bench.evaluation.metrics import METRICS, Sample, measure
from mimii_bench.evaluation.scales import Counts, limits

SOME = Counts(60, 40, 30)


def wilson(successes, n, z):
    """Wilson's interval of a rate, in closed form."""
    rate = successes / n
    centre = (rate + z * z / (2 * n)) / (1 + z * z / n)
    half = z * np.sqrt(rate * (1 - rate) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return centre - half, centre + half


@pytest.mark.parametrize("alarms", [0, 1, 20, 40])
def test_the_score_interval_of_a_rate_is_wilson_s(alarms):
    found = limits(alarms / 40, None, SOME, scales.OF_ABNORMAL, 1.96)
    assert found == pytest.approx(wilson(alarms, 40, 1.96), abs=1e-9)


def test_an_area_s_interval_solves_newcombe_s_equation():
    low, high = limits(0.9, None, SOME, scales.AREA, 1.96)
    for end in (low, high):
        assert (0.9 - end) ** 2 == pytest.approx(1.96**2 * scales.area_variance(end, 60, 40))


def test_the_variance_of_an_area_is_that_of_exponential_scores():
    """Of as many clips of both classes, for which Newcombe's is Hanley and McNeil's itself."""
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1], 20)
    scores = rng.exponential(size=(4000, 40)) * np.repeat([1, 3], 20)
    found = np.var([roc_auc_score(labels, row) for row in scores])
    assert found == pytest.approx(scales.area_variance(0.75, 20, 20), rel=0.06)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("share", [0, 0.3, 1])
@pytest.mark.parametrize("variance", [None, 0.0, 1e-4])
def test_no_interval_is_without_width_or_beyond_what_can_be(metric, share, variance):
    scale = METRICS[metric].scale
    least, most = scale.ends(SOME)
    value = least + share * (most - least)
    low, high = limits(value, variance, SOME, scale, 1.96)
    assert least <= low <= value <= high <= most + 1e-12
    assert high - low > 0.005


def test_clips_that_vary_more_than_the_formula_expects_widen_the_interval():
    expected = scales.area_variance(0.8, 60, 40)
    narrow, usual, wide = (
        np.diff(limits(0.8, factor * expected, SOME, scales.AREA, 1.96))[0]
        for factor in (0.5, 1, 4)
    )
    assert usual == pytest.approx(np.diff(limits(0.8, None, SOME, scales.AREA, 1.96))[0])
    assert narrow < usual
    assert wide > 1.5 * usual


@pytest.mark.parametrize("metric", ["pauc_mcclish", "pauc_trapz", "pauc_topk"])
def test_the_ends_of_partial_areas_are_what_the_metrics_can_be(metric):
    labels = np.repeat([False, True], [60, 40])
    rising = np.arange(100.0)
    worst, best = (measure(Sample(labels, sign * rising), metric)[0] for sign in (-1, 1))
    assert METRICS[metric].scale.ends(SOME) == pytest.approx((worst, best))


def test_what_is_not_interpolated_cannot_reach_one():
    assert METRICS["pauc_trapz"].scale.ends(Counts(24, 8)) == pytest.approx((0, 2 / 2.4))
