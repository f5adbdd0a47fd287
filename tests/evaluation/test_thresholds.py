"""Thresholds against independent fits and against trying every one."""

from itertools import pairwise

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import roc_curve

from mimii_bench.evaluation.thresholds import (
    FixedThreshold,
    GammaThreshold,
    QuantileThreshold,
    Threshold,
    YoudenThreshold,
)
from mimii_bench.util.errors import UserError


@pytest.mark.parametrize("p", [0.1, 0.5, 0.01])
@pytest.mark.parametrize("shape", [0.3, 4.0, 400.0, 1e6])
def test_the_gamma_threshold_is_that_of_scipy_s_fit(shape, p):
    scores = stats.gamma.rvs(shape, scale=2.5, size=300, random_state=1)
    fitted = GammaThreshold(p=p).fit(scores)
    a, _, scale = stats.gamma.fit(scores, floc=0)
    assert fitted.shape_ == pytest.approx(a, rel=1e-5)
    assert fitted.threshold_ == pytest.approx(stats.gamma.ppf(1 - p, a, scale=scale), rel=1e-7)


def test_the_gamma_fit_is_the_most_likely_one():
    scores = stats.gamma.rvs(3.0, scale=0.01, size=50, random_state=2)
    fitted = GammaThreshold().fit(scores)

    def likelihood(shape, scale):
        return stats.gamma.logpdf(scores, shape, scale=scale).sum()

    best = likelihood(fitted.shape_, fitted.scale_)
    for a in (0.999, 1.001):
        assert best > likelihood(fitted.shape_ * a, fitted.scale_)
        assert best > likelihood(fitted.shape_, fitted.scale_ * a)


def test_a_share_p_of_normal_clips_exceeds_the_gamma_threshold():
    scores = stats.gamma.rvs(5.0, size=20_000, random_state=3)
    for p in (0.1, 0.02):
        assert (scores > GammaThreshold(p=p).fit(scores).threshold_).mean() == pytest.approx(
            p, rel=0.1
        )


@pytest.mark.parametrize(
    ("scores", "message"),
    [
        ([1.0, 0.0, 2.0], "scores above 0"),
        ([1.0, -1.0], "scores above 0"),
        ([1.0, np.nan], "scores above 0"),
        ([1.0, np.inf], "scores above 0"),
        ([], "scores above 0"),
        ([0.1] * 7, "all 7 scores are the same"),
        ([3.0], "all 1 scores are the same"),
    ],
)
def test_scores_that_no_gamma_has_are_refused(scores, message):
    with pytest.raises(UserError, match=message):
        GammaThreshold().fit(np.array(scores))


def test_the_gamma_threshold_is_fitted_on_normal_clips_only():
    with pytest.raises(UserError, match="anomalous clips; see fitted_on"):
        GammaThreshold().fit([1.0, 2.0], [False, True])
    assert GammaThreshold().fit([1.0, 2.0], [False, False]).threshold_ > 1


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("ties", ["highest", "lowest"])
def test_youden_s_threshold_is_the_best_of_all(seed, ties):
    """Scores with ties; every threshold between and beyond them is tried."""
    rng = np.random.default_rng(seed)
    labels = np.arange(40) < rng.integers(1, 40)
    scores = rng.integers(0, 12, 40) + 3.0 * labels * rng.integers(0, 2, 40)
    levels = np.unique(scores)
    tried = np.concatenate([[levels[0] - 1], (levels[1:] + levels[:-1]) / 2, [levels[-1] + 1]])
    # Whole numbers, so that equal ones are equal.
    gains = [
        (scores[labels] > t).sum() * (~labels).sum() - (scores[~labels] > t).sum() * labels.sum()
        for t in tried
    ]
    best = np.flatnonzero(np.equal(gains, max(gains)))[0 if ties == "lowest" else -1]
    found = YoudenThreshold(ties=ties).fit(scores, labels).threshold_
    ends = {0: np.nextafter(levels[0], -np.inf), len(levels): levels[-1]}
    assert found == ends.get(best, tried[best])


@pytest.mark.parametrize("seed", range(20))
def test_of_equal_youden_thresholds_the_highest_is_that_of_the_common_recipe(seed):
    """Of which the threshold is the lowest score that raises an alarm; infinity for none."""
    rng = np.random.default_rng(seed)
    labels = np.arange(12) < rng.integers(1, 12)
    scores = rng.integers(0, 6, 12) + 1.0 * labels * rng.integers(0, 2, 12)
    fpr, tpr, thresholds = roc_curve(labels, scores, drop_intermediate=False)
    # Rounded, so that equal differences are equal.
    theirs = thresholds[np.argmax(np.round(tpr - fpr, 9))]
    ours = YoudenThreshold().fit(scores, labels).threshold_
    np.testing.assert_array_equal(scores > ours, scores >= theirs)


def test_youden_s_threshold_lies_halfway_between_the_classes():
    fitted = YoudenThreshold().fit([0.0, 1.0, 2.0, 4.0], [False, False, True, True])
    assert fitted.threshold_ == 1.5


@pytest.mark.parametrize(("ties", "expected"), [({}, 3.5), ({"ties": "lowest"}, 1.5)])
def test_of_equal_youden_thresholds_the_highest_is_taken_unless_said(ties, expected):
    fitted = YoudenThreshold(**ties).fit([1.0, 2.0, 3.0, 4.0], [False, True, False, True])
    assert fitted.threshold_ == expected


def test_neighbouring_numbers_are_told_apart():
    """Halfway between two of them is rounded to one or the other."""
    numbers = [1.0, np.nextafter(1.0, 2), np.nextafter(np.nextafter(1.0, 2), 2)]
    for low, high in pairwise(numbers):
        threshold = YoudenThreshold().fit([low, high], [False, True]).threshold_
        assert low <= threshold < high


@pytest.mark.parametrize(("ties", "alarms"), [("highest", 0), ("lowest", 2)])
def test_a_detector_worse_than_none_calls_nothing_anomalous_or_everything(ties, alarms):
    scores = np.array([1.0, 2.0])
    fitted = YoudenThreshold(ties=ties).fit(scores, [True, False])
    assert np.count_nonzero(scores > fitted.threshold_) == alarms


@pytest.mark.parametrize("labels", [[True, True], [False, False]])
def test_youden_needs_both_classes(labels):
    with pytest.raises(UserError, match="normal and anomalous clips; see fitted_on"):
        YoudenThreshold().fit([1.0, 2.0], labels)


def test_a_fixed_threshold_is_what_it_is():
    assert FixedThreshold(value=3).fit([1.0, 9.0], [False, True]).threshold_ == 3.0
    assert FixedThreshold(value=0.5).fit([]).threshold_ == 0.5


@pytest.mark.parametrize(
    ("threshold", "options", "message"),
    [
        (GammaThreshold, {"p": 0}, "p: 0 is not allowed"),
        (GammaThreshold, {"p": 1.0}, "p: 1.0 is not allowed"),
        (GammaThreshold, {"q": 0.1}, "q: GammaThreshold has no such option; it has p"),
        (FixedThreshold, {}, "FixedThreshold: FixedThreshold needs the option value"),
        (FixedThreshold, {"value": "1e-4"}, "value: '1e-4' is not allowed"),
        (YoudenThreshold, {"p": 0.1}, "p: YoudenThreshold has no such option; it has ties"),
    ],
)
def test_an_option_that_is_not_allowed_is_named(threshold, options, message):
    with pytest.raises(UserError) as caught:
        threshold(**options)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    "threshold", [GammaThreshold, QuantileThreshold, YoudenThreshold, FixedThreshold]
)
def test_every_threshold_keeps_the_contract(threshold):
    assert issubclass(threshold, Threshold)
    options = {"value": 1} if threshold is FixedThreshold else {}
    labels = None if threshold in (GammaThreshold, QuantileThreshold) else np.array([False, True])
    fitted = threshold(**options)
    assert fitted.fit(np.array([1.0, 2.0]), labels) is fitted
    assert isinstance(fitted.threshold_, float)
    assert all(field.description for field in threshold.Options.model_fields.values())


@pytest.mark.parametrize(("normals", "p"), [(19, 0.05), (40, 0.1), (7, 0.3)])
def test_a_new_normal_score_exceeds_the_quantile_as_seldom_as_it_says(normals, p):
    rng = np.random.default_rng(0)
    scores = rng.gamma(2.0, size=(20_000, normals + 1))
    thresholds = [QuantileThreshold(p=p).fit(row[:-1]).threshold_ for row in scores]
    share = np.mean(scores[:, -1] > thresholds)
    assert p - 1 / (normals + 1) - 0.01 < share < p + 0.01


def test_of_too_few_scores_the_quantile_is_the_largest():
    assert QuantileThreshold(p=0.01).fit(np.array([2.0, 5.0, 3.0])).threshold_ == 5.0


@pytest.mark.parametrize(
    ("scores", "labels", "reason"),
    [
        ([1.0], [True], "it is fitted on anomalous clips"),
        ([], None, "it needs one score or more"),
        ([np.nan], None, "all finite"),
    ],
)
def test_the_quantile_refuses_what_it_cannot_be_of(scores, labels, reason):
    with pytest.raises(UserError, match=f"quantile threshold: .*{reason}"):
        QuantileThreshold().fit(np.array(scores), labels)


@pytest.mark.parametrize("scale", [1.0, 1e-6, 1e8])
def test_resamples_solved_at_once_are_those_of_one_after_the_other(scale):
    rng = np.random.default_rng(3)
    scores = scale * np.append(rng.gamma(2.0, size=9), rng.gamma(2.0) * np.ones(3))
    draws = rng.multinomial(12, np.full(12, 1 / 12), size=50).astype(float)
    # Nothing but the three that are the same.
    draws[0] = [*[0] * 9, 4, 4, 4]
    threshold = GammaThreshold()
    one_by_one = Threshold.refit(threshold, scores, np.zeros(12, bool), draws)
    found = GammaThreshold().refit(scores, np.zeros(12, bool), draws)
    np.testing.assert_allclose(found, one_by_one, rtol=1e-12)
    assert found[0] == GammaThreshold().fit(scores).threshold_


@pytest.mark.parametrize("ties", ["highest", "lowest"])
@pytest.mark.parametrize("digits", [0, 9])
@pytest.mark.parametrize("normal", [1, 40])
def test_the_best_of_many_resamples_is_that_of_each(ties, digits, normal):
    rng = np.random.default_rng(5)
    labels = rng.permutation(np.arange(normal + 9) >= normal)
    scores = np.round(rng.normal(size=len(labels)) + labels, digits)
    # Not stratified: some lack a class, and take the threshold of all.
    shares = np.full(len(labels), 1 / len(labels))
    draws = rng.multinomial(len(labels), shares, size=300).astype(float)
    threshold = YoudenThreshold(ties=ties)
    one_by_one = Threshold.refit(threshold, scores, labels, draws)
    np.testing.assert_array_equal(threshold.refit(scores, labels, draws), one_by_one)
