"""The area under the ROC curve and its bootstrap."""

import numpy as np
import pandas as pd
import pytest
import sklearn.metrics
from sklearn.metrics import roc_auc_score, roc_curve

from mimii_bench.evaluation import metrics
from mimii_bench.evaluation.metrics import METRICS, Sample, computable, needs_threshold
from mimii_bench.evaluation.resampling import resample

RANKING = {name: one for name, one in METRICS.items() if not one.needs_threshold}


def auc(labels, scores):
    return metrics.auc(Sample(labels, scores))[0]


def drawn(labels, scores, replicates, unit="00"):
    """Resampled clips of one unit; another unit is drawn otherwise."""
    names = np.where(np.asarray(labels, bool), "abnormal", "normal")
    clips = pd.DataFrame({"machine": "fan", "id": unit, "label": names, "role": "test"})
    return Sample(labels, scores, resample(clips, replicates))


def auc_bootstrap(labels, scores, replicates, unit="00"):
    return metrics.auc(drawn(labels, scores, replicates, unit))


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


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_pauc_mcclish_equals_scikit_learn(seed, ties):
    labels, scores = examples(seed, normal=33 + seed, ties=ties)
    ours = metrics.pauc_mcclish(Sample(labels, scores))[0]
    assert ours == pytest.approx(roc_auc_score(labels, scores, max_fpr=0.1), abs=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_pauc_trapz_follows_the_lines_of_its_report(seed):
    labels, scores = examples(seed, normal=50 + seed)
    fpr, tpr, _ = roc_curve(labels, scores, drop_intermediate=False)
    low = fpr <= 0.1
    expected = np.trapezoid(tpr[low], fpr[low]) / 0.1
    assert metrics.pauc_trapz(Sample(labels, scores))[0] == pytest.approx(expected, abs=1e-12)


def test_pauc_topk_is_the_auc_against_the_hardest_tenth():
    labels, scores = examples(normal=59, abnormal=20)
    hardest = np.sort(scores[~labels])[-5:]
    expected = (scores[labels][:, None] > hardest).mean()
    assert metrics.pauc_topk(Sample(labels, scores))[0] == pytest.approx(expected, abs=1e-12)


def test_pauc_topk_keeps_two_of_twenty_normal_clips():
    labels, scores = np.repeat([False, True], [20, 1]), np.array([*range(20), 18.5])
    assert metrics.pauc_topk(Sample(labels, scores))[0] == 0.5


def test_pauc_topk_needs_ten_normal_clips():
    with pytest.raises(ValueError, match="needs 10 normal clips, there are 9"):
        metrics.pauc_topk(Sample([0] * 9 + [1], range(10)))


@pytest.mark.parametrize(
    ("metric", "chance"),
    [("auc", 0.5), ("pauc_mcclish", 0.5), ("pauc_trapz", 0.05), ("pauc_topk", 0.05)],
)
def test_chance_level_of_each_definition(metric, chance):
    rng = np.random.default_rng(0)
    sample = Sample(np.repeat([False, True], [20_000, 2_000]), rng.normal(size=22_000))
    assert metrics.measure(sample, metric)[0] == pytest.approx(chance, abs=0.015)


@pytest.mark.parametrize("metric", RANKING)
def test_replicates_equal_the_metric_of_the_clips_drawn(metric):
    labels, scores = examples(normal=40, ties=metric != "pauc_topk")
    sample = drawn(labels, scores, 20)
    replicates = metrics.measure(sample, metric)
    for draws, value in zip(sample.draws.astype(int), replicates, strict=True):
        clips = np.repeat(np.arange(labels.size), draws)
        expected = metrics.measure(Sample(labels[clips], scores[clips]), metric)[0]
        assert value == pytest.approx(expected, abs=1e-12)


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
    ours = auc_bootstrap(labels, scores, 20_000)
    naive = naive_bootstrap(labels, scores, 2_000, np.random.default_rng(2))
    assert ours.shape == (20_000,)
    levels = [0.025, 0.25, 0.5, 0.75, 0.975]
    np.testing.assert_allclose(np.quantile(ours, levels), np.quantile(naive, levels), atol=0.015)
    assert ours.mean() == pytest.approx(auc(labels, scores), abs=0.002)
    assert ours.std() == pytest.approx(naive.std(), rel=0.08)


def test_bootstrap_follows_from_the_unit_alone():
    labels, scores = examples()
    first, again, other = (auc_bootstrap(labels, scores, 50, unit) for unit in ("00", "00", "02"))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_bootstrap_of_a_perfect_detector_has_no_spread():
    replicates = auc_bootstrap([0, 0, 1, 1], [1, 2, 3, 4], 100)
    assert set(replicates) == {1.0}


def test_metrics_at_a_threshold_equal_scikit_learn():
    labels, scores = examples(3, normal=40, abnormal=25)
    alarm = scores > 0.7
    sample = Sample(labels, scores)
    expected = {
        "accuracy": sklearn.metrics.accuracy_score(labels, alarm),
        "precision": sklearn.metrics.precision_score(labels, alarm),
        "recall": sklearn.metrics.recall_score(labels, alarm),
        "tpr": sklearn.metrics.recall_score(labels, alarm),
        "f1": sklearn.metrics.f1_score(labels, alarm),
        "fpr": alarm[~labels].mean(),
    }
    for metric, value in expected.items():
        assert metrics.measure(sample, metric, 0.7)[0] == pytest.approx(value, abs=1e-12)
    assert set(expected) == {*METRICS} - {*RANKING}


def test_a_score_at_the_threshold_is_no_alarm():
    assert metrics.measure(Sample([0, 0], [1.0, 2.0]), "fpr", 1.0)[0] == 0.5


@pytest.mark.parametrize(
    ("metric", "labels"), [("precision", [0, 1]), ("recall", [0, 0]), ("tpr", [0]), ("fpr", [1, 1])]
)
def test_a_share_of_nothing_is_no_number(metric, labels):
    sample = Sample(labels, np.ones(len(labels)))
    assert np.isnan(metrics.measure(sample, metric, 9.0)[0])


def test_every_replicate_may_have_a_threshold_of_its_own():
    sample = drawn(*examples(3, normal=40, abnormal=25), 30)
    levels = np.linspace(-1, 2, 30)
    one_by_one = [
        metrics.measure(Sample(sample.labels, sample.scores, draws[None]), "f1", level)[0]
        for draws, level in zip(sample.draws, levels, strict=True)
    ]
    assert metrics.measure(sample, "f1", levels) == pytest.approx(one_by_one)


def test_the_fpr_of_normal_clips_alone_has_an_interval():
    replicates = metrics.measure(drawn([0] * 50, np.arange(50.0), 500), "fpr", 44.5)
    assert replicates.mean() == pytest.approx(0.1, abs=0.01)
    assert replicates.std() > 0.02


@pytest.mark.parametrize(("metric", "threshold"), [("auk", 1.0), ("f1", None)])
def test_an_unknown_metric_or_a_missing_threshold_is_refused(metric, threshold):
    with pytest.raises(ValueError, match=f"metric '{metric}' is unknown, or has no threshold"):
        metrics.measure(Sample([0, 1], [1.0, 2.0]), metric, threshold)


@pytest.mark.parametrize(
    ("normal", "abnormal", "metric", "possible"),
    [
        (1, 1, "auc", True),
        (0, 5, "auc", False),
        (5, 0, "pauc_mcclish", False),
        (9, 5, "pauc_mcclish", False),
        (9, 5, "pauc_trapz", False),
        (10, 5, "pauc_trapz", True),
        (9, 5, "pauc_topk", False),
        (5, 0, "fpr", True),
        (0, 0, "fpr", False),
    ],
)
def test_which_clips_allow_a_metric(normal, abnormal, metric, possible):
    labels = np.repeat([False, True], [normal, abnormal])
    assert computable(labels, metric) == possible
    if metric in RANKING and possible:
        perfect = np.arange(labels.size) + 100.0 * labels
        assert metrics.measure(Sample(labels, perfect), metric)[0] == pytest.approx(1)


def test_a_new_metric_is_one_function(monkeypatch):
    monkeypatch.setattr(metrics, "METRICS", dict(METRICS))

    @metrics.ranking(least_normals=3)
    def top(sample):
        return sample.scores.max() * np.ones(len(sample.draws))

    @metrics.at_threshold()
    def alarms(self):
        return self.tp + self.fp

    sample = Sample([0, 1], [1.0, 2.0])
    assert metrics.measure(sample, "top")[0] == 2
    assert metrics.measure(sample, "alarms", 1.5)[0] == 1
    assert (needs_threshold("top"), needs_threshold("alarms"), needs_threshold("clips")) == (
        *(False, True, False),
    )
    assert not computable(np.array([False, False, True]), "top")
    assert computable(np.array([False, False, False, True]), "top")
