"""The confusion counts behind every number at a threshold."""

from collections.abc import Iterable, Iterator, Mapping

from mimii_bench.evaluation.metrics import AT_THRESHOLD
from mimii_bench.reports.reproduction import Outcome, Reproduction

COLUMNS = ("system", "variant", "units", "seed", "threshold", "tp", "fp", "fn", "tn")
#: What of a cell its confusion counts depend on, beside how its table is computed.
_SUBJECT = ("table", "machine", "snr", "id", "system", "variant")


def rows(cells: Iterable[Mapping[str, str]], reproduction: Reproduction) -> Iterator[tuple]:
    """Yield the rows of confusion.csv, each once, whatever number of cells rests on it."""
    asked, written = set(), set()
    for cell in cells:
        subject = tuple(cell[field] for field in _SUBJECT)
        if cell["metric"] not in AT_THRESHOLD or subject in asked:
            continue
        asked.add(subject)
        for outcome in reproduction.outcomes(cell):
            row = _row(cell, outcome)
            if row not in written:
                written.add(row)
                yield row


def _row(cell: Mapping[str, str], outcome: Outcome) -> tuple:
    units = " ".join(unit.path for unit in outcome.units)
    counts = (getattr(outcome.confusion, name).item() for name in ("tp", "fp", "fn", "tn"))
    return (
        *(cell["system"], cell["variant"], units),
        *(outcome.seed, f"{outcome.threshold:.6g}"),
        *(int(count) for count in counts),
    )
