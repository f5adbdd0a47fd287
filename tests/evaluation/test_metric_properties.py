"""Metrics against what they mean, counted pair by pair, on any scores."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimii_bench.evaluation.metrics import MAX_FPR, METRICS, Sample, computable, measure

RANKING = [name for name, metric in METRICS.items() if not metric.needs_threshold]
DECISIONS = [name for name, metric in METRICS.items() if metric.needs_threshold]
#: Few distinct ones, so that there are ties, and what lies as close as numbers do.
SCORES = st.one_of(
    st.integers(-5, 5).map(float),
    st.floats(-1e6, 1e6),
    st.sampled_from([1.0, np.nextafter(1.0, 2.0), 0.0, -0.0, 5e-324]),
)


@st.composite
def samples(draw, least=1):
    """Labels (clip,) and scores (clip,), in any order, of both labels."""
    normal = draw(st.lists(SCORES, min_size=least, max_size=30))
    abnormal = draw(st.lists(SCORES, min_size=1, max_size=20))
    pairs = draw(st.permutations([(False, s) for s in normal] + [(True, s) for s in abnormal]))
    labels, scores = zip(*pairs, strict=True)
    return np.array(labels), np.array(scores)


def value(name, labels, scores, threshold=None):
    return measure(Sample(labels, scores), name, threshold)[0]


def pairs_won(abnormal, normal):
    """The share of pairs in which the abnormal clip has the higher score; a tie is half a pair."""
    won = sum((a > n) + (a == n) / 2 for a in abnormal for n in normal)
    return won / (len(abnormal) * len(normal))


@given(samples())
def test_the_auc_is_the_share_of_pairs_that_are_in_order(sample):
    labels, scores = sample
    expected = pairs_won(scores[labels], scores[~labels])
    assert value("auc", labels, scores) == pytest.approx(expected, abs=1e-12)


@given(samples(least=10))
def test_pauc_topk_is_that_share_against_the_highest_normal_clips(sample):
    labels, scores = sample
    normal = sorted(scores[~labels])
    hardest = normal[len(normal) - len(normal) // 10 :]
    expected = pairs_won(scores[labels], hardest)
    assert value("pauc_topk", labels, scores) == pytest.approx(expected, abs=1e-12)


def curve(labels, scores):
    """The points (fpr, tpr) of the ROC curve, threshold by threshold."""
    thresholds = [np.inf, *sorted({*scores}, reverse=True)]
    return [(np.mean(scores[~labels] >= one), np.mean(scores[labels] >= one)) for one in thresholds]


@given(samples(least=10))
def test_partial_areas_are_those_below_the_curve(sample):
    labels, scores = sample
    points = curve(labels, scores)
    fpr, tpr = map(np.array, zip(*points, strict=True))
    inside = fpr <= MAX_FPR
    left = np.trapezoid(tpr[inside], fpr[inside])
    assert value("pauc_trapz", labels, scores) == pytest.approx(left / MAX_FPR, abs=1e-12)
    (x0, y0), (x1, y1) = points[inside.sum() - 1], points[min(inside.sum(), len(points) - 1)]
    end = y0 if x1 == x0 else y0 + (y1 - y0) * (MAX_FPR - x0) / (x1 - x0)
    area = left + (MAX_FPR - x0) * (y0 + end) / 2
    least, most = MAX_FPR**2 / 2, MAX_FPR
    standardised = (1 + (area - least) / (most - least)) / 2
    assert value("pauc_mcclish", labels, scores) == pytest.approx(standardised, abs=1e-12)


@pytest.mark.parametrize("name", RANKING)
@given(sample=samples(least=10))
def test_a_ranking_is_all_that_counts(name, sample):
    """Whatever keeps the order and the ties of scores keeps the metric, to the last digit."""
    labels, scores = sample
    _, ranks = np.unique(scores, return_inverse=True)
    for mapped in (ranks, 3.0 * ranks - 7, np.exp2(ranks / 4.0), -1.0 / (ranks + 1)):
        assert value(name, labels, mapped) == value(name, labels, scores)


@given(samples())
def test_the_auc_of_what_is_turned_round_is_what_was_missing(sample):
    labels, scores = sample
    found = value("auc", labels, scores)
    assert value("auc", labels, -scores) == pytest.approx(1 - found, abs=1e-12)
    assert value("auc", ~labels, scores) == pytest.approx(1 - found, abs=1e-12)


@pytest.mark.parametrize("name", list(METRICS))
@given(sample=samples(least=10), threshold=SCORES, order=st.randoms(use_true_random=False))
def test_metrics_are_shares_and_do_not_depend_on_the_order_of_clips(name, sample, threshold, order):
    labels, scores = sample
    found = value(name, labels, scores, threshold)
    assert np.isnan(found) or -1e-12 <= found <= 1 + 1e-12
    shuffled = list(range(len(labels)))
    order.shuffle(shuffled)
    again = value(name, labels[shuffled], scores[shuffled], threshold)
    assert again == pytest.approx(found, abs=1e-12, nan_ok=True)


@pytest.mark.parametrize("name", DECISIONS)
@given(sample=samples(), threshold=SCORES)
def test_decisions_are_counted_clip_by_clip(name, sample, threshold):
    labels, scores = sample
    outcomes = [
        (bool(label), bool(score > threshold)) for label, score in zip(*sample, strict=True)
    ]
    tp, fp = outcomes.count((True, True)), outcomes.count((False, True))
    fn, tn = outcomes.count((True, False)), outcomes.count((False, False))
    part, whole = {
        "accuracy": (tp + tn, tp + tn + fp + fn),
        "precision": (tp, tp + fp),
        "recall": (tp, tp + fn),
        "tpr": (tp, tp + fn),
        "fpr": (fp, fp + tn),
        "f1": (2 * tp, 2 * tp + fp + fn),
    }[name]
    expected = part / whole if whole else np.nan
    assert value(name, labels, scores, threshold) == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize("name", RANKING)
@given(sample=samples(least=10), times=st.integers(2, 4))
def test_a_clip_that_counts_twice_is_as_one_that_is_there_twice(name, sample, times):
    """What the bootstrap stands on: draws weigh clips as repetitions would."""
    labels, scores = sample
    weighed = Sample(labels, scores, np.full((1, len(labels)), float(times)))
    repeated = value(name, np.repeat(labels, times), np.repeat(scores, times))
    # The draws of a resample are as many as there are clips: its tenth is that of these.
    if name != "pauc_topk":
        assert measure(weighed, name)[0] == pytest.approx(repeated, abs=1e-12)
    assert computable(labels, name)
