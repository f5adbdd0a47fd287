"""F1 from precision and recall."""

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score

from mimii_bench.audit.f1 import check, class_f1, f_beta, share_of_positives


@pytest.mark.parametrize(
    ("precision", "recall", "f1"),
    [
        ("0.6842", "0.6169", "0.6488"),
        ("0.527", "0.620", "0.569"),  # cut, not rounded
        ("0.527", "0.620", "0.570"),
        ("1.0000", "1.0000", "1.0000"),
        ("0.0", "0.0", "0.0"),
    ],
)
def test_f1_that_fits_is_no_finding(published, row, precision, recall, f1):
    assert check(published(*row(precision=precision, recall=recall, f1=f1)), {}) == []


def test_f1_that_does_not_fit_is_found_with_its_arithmetic(published, row):
    (finding,) = check(published(*row(precision="0.5821", recall="0.7695", f1="0.8688")), {})
    assert finding.check == "f1"
    assert finding.finding == "prints 0.8688, precision and recall give 0.6628"
    assert finding.arithmetic == "2 * 0.5821 * 0.7695 / (0.5821 + 0.7695) = 0.6628"
    assert finding.explained_by == ""


@pytest.mark.parametrize(
    ("f1", "reason"),
    [("0.6758", "arithmetic mean"), ("0.6119", "F0.5"), ("0.7562", "mean F1 of both classes")],
)
def test_other_means_explain(published, row, f1, reason):
    cells = row(accuracy="0.7919", precision="0.5821", recall="0.7695", f1=f1)
    (finding,) = check(published(*cells), {})
    assert reason in finding.explained_by


def test_rows_of_different_systems_are_not_mixed(published, row):
    cells = row({"system": "a"}, precision="0.5", recall="0.5") + row({"system": "b"}, f1="0.9")
    assert check(published(*cells), {}) == []


def test_class_f1_equals_scikit_learn():
    rng = np.random.default_rng(0)
    labels, guesses = rng.random(400) < 0.3, rng.random(400) < 0.4
    numbers = [score(labels, guesses) for score in (precision_score, recall_score, accuracy_score)]
    assert share_of_positives(*numbers) == pytest.approx(labels.mean())
    averages = {"macro": "mean F1 of both classes", "weighted": "F1 weighted by class size"}
    for average, name in averages.items():
        expected = f1_score(labels, guesses, average=average)
        assert class_f1(*numbers)[name] == pytest.approx(expected)
    assert f_beta(*numbers[:2]) == pytest.approx(f1_score(labels, guesses))
