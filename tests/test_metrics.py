"""The area under the ROC curve and its bootstrap."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from mimii_bench.metrics import auc, auc_bootstrap, interval


def examples(seed=0, normal=30, abnormal=20, ties=False):
    rng = np.random.default_rng(seed)
    labels = np.repeat([False, True], [normal, abnormal])
    scores = rng.normal(size=labels.size) + labels
    order = rng.permutation(labels.size)
    return labels[order], np.round(scores[order]) if ties else scores[order]


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_auc_equals_scikit_learn(seed, ties):
    labels, scores = examples(seed, normal=30 + seed, ties=ties)
    assert auc(labels, scores) == pytest.approx(roc_auc_score(labels, scores), abs=1e-12)


@pytest.mark.parametrize(
    ("scores", "expected"), [([0, 1, 2, 3], 1.0), ([3, 2, 1, 0], 0.0), ([5, 5, 5, 5], 0.5)]
)
def test_auc_of_perfect_inverted_and_constant_scores(scores, expected):
    assert auc([0, 0, 1, 1], scores) == expected


@pytest.mark.parametrize("labels", [[0, 0, 0], [1, 1, 1]])
def test_one_class_alone_has_no_auc(labels):
    with pytest.raises(ValueError, match="normal and abnormal"):
        auc(labels, [1, 2, 3])


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_scores_that_are_no_numbers_have_no_auc(bad):
    with pytest.raises(ValueError, match="not a finite number"):
        auc([0, 1, 1], [1, bad, 2])


def naive_bootstrap(labels, scores, replicates, rng):
    """Resample the clips of each class by index and measure, one replicate after the other."""
    classes = [np.flatnonzero(labels == label) for label in (False, True)]
    values = []
    for _ in range(replicates):
        drawn = np.concatenate([rng.choice(members, len(members)) for members in classes])
        values.append(auc(labels[drawn], scores[drawn]))
    return np.array(values)


@pytest.mark.parametrize("ties", [False, True])
def test_bootstrap_has_the_distribution_of_a_naive_one(ties):
    labels, scores = examples(ties=ties)
    ours = auc_bootstrap(labels, scores, 20_000, np.random.default_rng(1))
    naive = naive_bootstrap(labels, scores, 2_000, np.random.default_rng(2))
    assert ours.shape == (20_000,)
    levels = [0.025, 0.25, 0.5, 0.75, 0.975]
    np.testing.assert_allclose(np.quantile(ours, levels), np.quantile(naive, levels), atol=0.015)
    assert ours.mean() == pytest.approx(auc(labels, scores), abs=0.002)
    assert ours.std() == pytest.approx(naive.std(), rel=0.08)


def test_bootstrap_follows_its_generator_alone():
    labels, scores = examples()
    first, again, other = (
        auc_bootstrap(labels, scores, 50, np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_bootstrap_of_a_perfect_detector_has_no_spread():
    assert set(auc_bootstrap([0, 0, 1, 1], [1, 2, 3, 4], 100, np.random.default_rng(0))) == {1.0}


def test_interval_is_the_central_95_percent():
    assert interval(np.random.default_rng(0).permutation(1001) / 1000) == pytest.approx(
        (0.025, 0.975)
    )
