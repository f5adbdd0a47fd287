"""The cells of a `published.csv`: one row per printed number, and per number that only we give."""

from pathlib import Path

from mimii_bench.util.errors import UserError
from mimii_bench.util.records import read_rows

COLUMNS = (
    *("table", "row", "column", "machine", "snr", "id", "system", "variant", "metric"),
    "published",
)
#: What a cell may count instead of measuring it.
COUNTED = ("clips", "parameters")

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


def _is_number(text: str) -> bool:
    try:
        return text == "" or float(text) >= 0
    except ValueError:
        return False
