"""F1 is the harmonic mean of precision and recall (van Rijsbergen 1979)."""

from collections.abc import Callable
from math import sqrt

from mimii_bench.audit.cells import PrintedCell, Published, group, name_of, subject
from mimii_bench.audit.findings import Finding
from mimii_bench.audit.printed import KINDS, corners, overlap


def f_beta(precision: float, recall: float, beta: float = 1) -> float:
    """Return (1 + b^2) p r / (b^2 p + r); 0 where both are 0."""
    weight = beta**2
    denominator = weight * precision + recall
    return (1 + weight) * precision * recall / denominator if denominator > 0 else 0.0


def share_of_positives(precision: float, recall: float, accuracy: float) -> float:
    """Return the share of positives that these three imply.

    With share s: false alarms s r (1 - p) / p and misses s (1 - r) add up to 1 - accuracy.
    """
    return (1 - accuracy) / (recall * (1 - precision) / precision + 1 - recall)


def class_f1(precision: float, recall: float, accuracy: float) -> dict[str, float]:
    """Return the F1 of the other class, and both classes' means, from the same confusion matrix."""
    share = share_of_positives(precision, recall, accuracy)
    errors, hits = 1 - accuracy, share * recall
    other = 2 * (accuracy - hits) / (2 * (accuracy - hits) + errors)
    positive = f_beta(precision, recall)
    return {
        "F1 of the normal class": other,
        "mean F1 of both classes": (positive + other) / 2,
        "F1 weighted by class size": share * positive + (1 - share) * other,
    }


def check(published: Published, _all) -> list[Finding]:
    """Find F1 values that precision and recall beside them do not give."""
    findings = []
    for cells in group(published.cells, subject("metric")).values():
        by_metric = {cell.metric: cell for cell in cells}
        if {"precision", "recall", "f1"} <= set(by_metric) and not _consistent(by_metric):
            findings.append(_finding(published, by_metric))
    return findings


def _consistent(cells: dict[str, PrintedCell]) -> bool:
    for kind in KINDS:
        parts = [cells[metric].interval(kind) for metric in ("precision", "recall")]
        # F1 rises with each.
        bounds = corners(parts, lambda pair: f_beta(*pair))
        if overlap(bounds, cells["f1"].interval(kind)):
            return True
    return False


def _finding(published: Published, cells: dict[str, PrintedCell]) -> Finding:
    printed, precision, recall = (cells[m] for m in ("f1", "precision", "recall"))
    value = f_beta(precision.number.value, recall.number.value)
    p, r, shown = precision.published, recall.published, printed.number.show(value)
    return Finding(
        published.key,
        printed.table,
        name_of(printed),
        "f1",
        f"prints {printed.published}, precision and recall give {shown}",
        f"2 * {p} * {r} / ({p} + {r}) = {shown}",
        "; ".join(_explain(cells)),
    )


def _explain(cells: dict[str, PrintedCell]) -> list[str]:
    """Search other functions of the same numbers."""
    values = {metric: cell.number.value for metric, cell in cells.items()}
    p, r = values["precision"], values["recall"]
    tried: dict[str, Callable[[], float]] = {
        "F0.5": lambda: f_beta(p, r, 0.5),
        "F2": lambda: f_beta(p, r, 2),
        "the arithmetic mean of precision and recall": lambda: (p + r) / 2,
        "the geometric mean of precision and recall": lambda: sqrt(p * r),
    }
    numbers = {name: function() for name, function in tried.items()}
    if "accuracy" in values and p > 0 and p * r < 1:
        numbers |= class_f1(p, r, values["accuracy"])
    printed = cells["f1"].number
    return [name for name, value in numbers.items() if abs(value - printed.value) <= printed.step]
