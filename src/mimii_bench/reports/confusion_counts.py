"""The confusion counts behind every number at a threshold: the rows of confusion.csv."""

from collections.abc import Iterable, Iterator

from mimii_bench.evaluation.metrics import needs_threshold
from mimii_bench.reports.published import Cell
from mimii_bench.reports.reproduction import Outcome, Reproduction

#: What of a cell its confusion counts depend on.
_SUBJECT = ("table", "machine", "snr", "id", "system", "variant")


def confusion_rows(cells: Iterable[Cell], reproduction: Reproduction) -> Iterator[tuple]:
    """Yield the rows of confusion.csv, each once, whatever number of cells rests on it."""
    asked, written = set(), set()
    for cell in cells:
        subject = tuple(getattr(cell, field) for field in _SUBJECT)
        if not needs_threshold(cell.metric) or subject in asked:
            continue
        asked.add(subject)
        for outcome in reproduction.outcomes(cell):
            row = _row(cell, outcome)
            if row not in written:
                written.add(row)
                yield row


def _row(cell: Cell, outcome: Outcome) -> tuple:
    units = " ".join(unit.path for unit in outcome.units)
    counts = (getattr(outcome.confusion, name).item() for name in ("tp", "fp", "fn", "tn"))
    return (
        *(cell.system, cell.variant, units),
        *(outcome.seed, f"{outcome.threshold:.6g}"),
        *(int(count) for count in counts),
    )
