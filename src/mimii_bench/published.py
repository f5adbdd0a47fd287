"""The cells of a `published.csv`: one row per printed number, and per number that only we give."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from mimii_bench import cells
from mimii_bench.corpus.layout import MACHINES, SNRS
from mimii_bench.errors import UserError
from mimii_bench.metrics import AT_THRESHOLD, RANKING
from mimii_bench.records import read_rows

COLUMNS = (
    *("table", "row", "column", "machine", "snr", "id", "system", "variant", "metric"),
    "published",
)
#: What a cell may count instead of measuring it.
COUNTED = ("clips", "parameters")
METRICS = (*RANKING, *AT_THRESHOLD, *COUNTED)

Cell = dict[str, str]


def read_cells(path: Path | str) -> list[Cell]:
    """Return the rows as text, so that printed digits stay; `published` is empty where only we are.

    Raises UserError that names the line for a wrong header, a cell that stands twice, and what is
    printed but no number.
    """
    rows = read_rows(path)
    if not rows or tuple(rows[0]) != COLUMNS:
        raise UserError(f"{path}: line 1: columns must be {','.join(COLUMNS)}")
    known = set()
    for line, cell in enumerate(rows, start=2):
        place = tuple(cell[field] for field in ("table", "row", "column"))
        if None in cell or None in cell.values():
            raise UserError(f"{path}: line {line}: not {len(COLUMNS)} fields")
        if place in known:
            raise UserError(f"{path}: line {line}: the cell {' / '.join(place)} stands twice")
        if not _is_number(cell["published"]):
            raise UserError(f"{path}: line {line}: published: {cell['published']!r} is no number")
        known.add(place)
    return rows


def check_cells(rows: Iterable[Cell], spec: Mapping, path: Path | str) -> None:
    """Raise UserError, naming the line, for a cell of what report.yaml (`spec`) does not have."""
    for line, cell in enumerate(rows, start=2):
        for field, allowed in _allowed(spec).items():
            if cell[field] not in allowed:
                known = ", ".join(sorted(filter(None, allowed)))
                raise UserError(f"{path}: line {line}: {field} {cell[field]!r} is not {known}")
        ours = cell["system"] in spec["systems"] and cell["metric"] in AT_THRESHOLD
        if ours and "threshold" not in cells.how(spec, cell):
            raise UserError(
                f"{path}: line {line}: {cell['metric']} needs a threshold; give report.yaml's "
                "evaluation one"
            )


def _allowed(spec: Mapping) -> dict[str, Iterable[str]]:
    return {
        "table": spec["tables"],
        "machine": {"", *MACHINES},
        "snr": {"", *SNRS},
        "system": {"", *spec["systems"], *spec.get("quoted", ())},
        "metric": METRICS,
    }


def _is_number(text: str) -> bool:
    try:
        return text == "" or float(text) >= 0
    except ValueError:
        return False
