"""Definitions of partial AUC and what they allow."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score, roc_curve

from mimii_bench.audit.pauc import DEFINITIONS, check, countable, feasible, partial_area, possible

P = 0.1


def scores(seed, normal, abnormal):
    rng = np.random.default_rng(seed)
    labels = np.repeat([0, 1], [normal, abnormal])
    return labels, rng.normal(size=labels.size) * rng.uniform(0.5, 3) + rng.normal() * labels


def measured(labels, values, definition):
    """Compute each definition in the words of its source."""
    if definition == "pauc_mcclish":
        return roc_auc_score(labels, values, max_fpr=P)
    normal, abnormal = values[labels == 0], values[labels == 1]
    if definition == "pauc_topk":
        highest = np.sort(normal)[::-1][: int(P * normal.size)]
        return float((abnormal[:, None] > highest[None, :]).mean())
    fpr, tpr, _ = roc_curve(labels, values, drop_intermediate=False)
    inside = fpr <= P + 1e-12
    return float(np.trapezoid(tpr[inside], fpr[inside]) / P)


@pytest.mark.parametrize("definition", DEFINITIONS)
@pytest.mark.parametrize("normal", [100, 127])
def test_what_was_measured_is_always_allowed(definition, normal):
    for seed in range(40):
        labels, values = scores(seed, normal, 60)
        auc, pauc = roc_auc_score(labels, values), measured(labels, values, definition)
        clips = (P, normal, 60)
        assert possible(definition, (auc, auc), (pauc, pauc), *clips)
        assert countable(definition, (0, 0), (pauc - 1e-9, pauc + 1e-9), *clips)


def curve_area(points, until):
    x, y = np.array(points).T
    grid = np.linspace(0, until, 20_001)
    return np.trapezoid(np.interp(grid, x, y), grid)


@pytest.mark.parametrize("auc", [0.3, 0.7, 0.95])
def test_bounds_are_attained_by_the_flat_curve_and_the_latest_one(auc):
    low, high = feasible((auc, auc), P)
    flat = [(0, auc), (1, auc)]
    late = [(0, 0), (1 - auc, 0), (1 - auc, 1), (1, 1)]
    assert curve_area(flat, P) == pytest.approx(high)
    assert curve_area(late, P) == pytest.approx(low, abs=1e-4)


def test_no_rising_curve_leaves_the_bounds():
    rng = np.random.default_rng(0)
    for _ in range(200):
        steps = np.sort(rng.beta(*rng.uniform(0.1, 3, 2), size=1000))
        auc, area = steps.mean(), steps[:100].sum() / 1000
        low, high = feasible((auc, auc), P)
        assert low - 1e-12 <= area <= high + 1e-12


def test_mcclish_has_its_floor_and_its_chance():
    (floor, chance), _ = partial_area("pauc_mcclish", (0.5 * (1 - P / (2 - P)), 0.5), P, 100)
    assert floor == pytest.approx(0)
    assert chance == pytest.approx(P**2 / 2)


def table(definition, recorded, printed=6):
    cells = []
    for seed in range(6):
        labels, values = scores(seed, 100, 60)
        values = values + labels
        numbers = {"auc": roc_auc_score(labels, values)}
        numbers[recorded] = measured(labels, values, definition)
        cells += [
            {"row": str(seed), "machine": "fan", "id": f"0{seed}", "metric": m, "column": m}
            | {"published": f"{number:.{printed}f}"}
            for m, number in numbers.items()
        ]
    return cells


@pytest.mark.parametrize("definition", ["pauc_mcclish", "pauc_topk"])
def test_the_definition_is_found_from_printed_numbers(published, definition):
    note = {"table": "t", "max_fpr": P, "normal": 100, "abnormal": 60}
    (finding,) = check(published(*table(definition, definition), pauc=[note]), {})
    # With p N whole, trapz and topk are one and the same.
    same = {"pauc_topk": "pauc_trapz, pauc_topk"}
    assert finding.explained_by == same.get(definition, definition)
    assert "recorded" not in finding.finding


def test_a_wrong_name_or_formula_is_said(published):
    cells = table("pauc_topk", "pauc_mcclish")
    note = {"table": "t", "max_fpr": P, "normal": 100, "abnormal": 60, "stated": "pauc_mcclish"}
    (finding,) = check(published(*cells, pauc=[note]), {})
    assert finding.explained_by == "pauc_trapz, pauc_topk"
    assert "not pauc_mcclish, the report's own formula" in finding.finding
    assert "recorded as pauc_mcclish" in finding.finding


def test_numbers_of_no_definition(published):
    cells = [
        {"metric": "auc", "column": "a", "published": "0.600"},
        {"metric": "pauc_trapz", "column": "p", "published": "0.990"},
    ]
    note = {"table": "t", "max_fpr": P, "normal": 100, "abnormal": 60}
    (finding,) = check(published(*cells, pauc=[note]), {})
    assert finding.explained_by == ""
    assert "no definition fits all" in finding.finding
