"""Whole-number confusion matrices."""

import numpy as np
import pytest

from mimii_bench.audit.matrices import FORMULAS, matrices
from mimii_bench.audit.printed import KINDS, Printed

FOUR = ("accuracy", "precision", "recall", "f1")


def naive(printed, sets, kind):
    """Walk through all matrices."""
    found = []
    for normal, abnormal in sets:
        for hits in range(abnormal + 1):
            for false in range(normal + 1):
                with np.errstate(all="ignore"):
                    row = np.array([normal, abnormal, hits, false], float)
                    values = {metric: FORMULAS[metric](*row) for metric in printed}
                limits = {metric: number.interval(kind) for metric, number in printed.items()}
                if all(limits[m][0] <= value <= limits[m][1] for m, value in values.items()):
                    found.append((normal, abnormal, hits, false))
    return found


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "metrics", [FOUR, FOUR[1:], ("precision", "recall"), ("tpr", "fpr"), ("accuracy", "f1")]
)
@pytest.mark.parametrize("seed", range(4))
def test_the_search_finds_what_a_walk_through_all_matrices_finds(kind, metrics, seed):
    rng = np.random.default_rng(seed)
    abnormal, normal = rng.integers(5, 15, 2)
    truth = normal, abnormal, rng.integers(1, abnormal + 1), rng.integers(0, normal + 1)
    printed = {m: Printed(round(float(FORMULAS[m](*map(float, truth))), 2), 2) for m in metrics}
    sets = [(int(normal) + k, int(abnormal) + j) for k in range(3) for j in range(2)]
    found = [tuple(map(int, match)) for match in matrices(printed, sets, kind)]
    assert found == naive(printed, sets, kind)
    assert kind == "cut" or tuple(map(int, truth)) in found


def test_nothing_found_is_an_empty_table():
    printed = {"precision": Printed(0.123456, 6), "recall": Printed(0.654321, 6)}
    assert matrices(printed, [(10, 10)], "rounded").shape == (0, 4)


@pytest.mark.parametrize("kind", KINDS)
def test_a_detector_that_finds_nothing(kind):
    printed = {"recall": Printed(0, 2), "accuracy": Printed(0.5, 2)}
    assert matrices(printed, [(4, 4)], kind).tolist() == [[4, 4, 0, 0]]
