"""A rate lies between 0 and 1, a count is not below 0, and a partial AUC has bounds of its own."""

from mimii_bench.audit.cells import PrintedCell, Published, name_of
from mimii_bench.audit.findings import Finding
from mimii_bench.reports.published import COUNTED, THRESHOLD

#: Of a partial AUC up to a false positive rate of .1 (see `mimii_bench.audit.pauc`).
_FLOORS = {"pauc_mcclish": (1 - 0.1 / (2 - 0.1)) / 2}


def check(published: Published, _all) -> list[Finding]:
    """Find numbers that no metric of their name can have."""
    return [_finding(published, cell) for cell in published.cells if not _possible(cell)]


def _bounds(cell: PrintedCell) -> tuple[float, float]:
    unbounded = cell.metric in (*COUNTED, THRESHOLD)
    return _FLOORS.get(cell.metric, 0.0), float("inf") if unbounded else 1.0


def _possible(cell: PrintedCell) -> bool:
    least, most = _bounds(cell)
    # What lies at a floor may be printed below it, by cutting; nothing is printed below 0.
    return max(least - cell.number.step, 0) <= cell.number.value <= most


def _finding(published: Published, cell: PrintedCell) -> Finding:
    least, most = _bounds(cell)
    return Finding(
        published.key,
        cell.table,
        name_of(cell),
        "range",
        f"prints {cell.published}, a {cell.metric} lies between {least:g} and {most:g}",
        f"{cell.published} {'<' if cell.number.value < least else '>'} "
        f"{least if cell.number.value < least else most:g}",
    )
