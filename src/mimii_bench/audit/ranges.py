"""A rate lies between 0 and 1, a count is not below 0, and a partial AUC has bounds of its own."""

from mimii_bench.audit.cells import PrintedCell, Published, name_of
from mimii_bench.audit.findings import Finding
from mimii_bench.evaluation.metrics import METRICS
from mimii_bench.evaluation.scales import Counts

#: Of the bounds of a metric that depend on the number of clips, those of many.
_MANY = Counts(1_000_000, 1_000_000)


def check(published: Published, _all) -> list[Finding]:
    """Find numbers that no metric of their name can have."""
    return [_finding(published, cell) for cell in published.cells if not _possible(cell)]


def _bounds(cell: PrintedCell) -> tuple[float, float]:
    if cell.metric in METRICS:
        return METRICS[cell.metric].scale.ends(_MANY)
    return 0.0, float("inf")


def _possible(cell: PrintedCell) -> bool:
    least, most = _bounds(cell)
    return least - cell.number.step <= cell.number.value <= most


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
