"""The cells of a `published.csv`: one row per printed number, and per number that only we give."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from mimii_bench.reports.texts import objection
from mimii_bench.util.errors import UserError, about
from mimii_bench.util.records import read_rows
from mimii_bench.util.spreadsheets import formula_objection
from mimii_bench.util.texts import shown

#: What a cell may count instead of measuring it.
COUNTED = ("clips", "parameters")
#: Or the threshold at which other numbers were measured.
THRESHOLD = "threshold"


#: Nobody prints more, and more are no number of a computer.
_MOST_DIGITS = 15


class Cell(NamedTuple):
    """One number of a table, as text, so that printed digits stay.

    Attributes
    ----------
    table, row, column : str
        Where it stands.
    machine, snr, id, system, variant, metric : str
        What it is of; an empty one of the first three means all that the report uses.
    published : str
        As printed; empty where only we have a number, or where it is not legible.
    """

    table: str = ""
    row: str = ""
    column: str = ""
    machine: str = ""
    snr: str = ""
    id: str = ""
    system: str = ""
    variant: str = ""
    metric: str = ""
    published: str = ""

    @property
    def value(self) -> float | None:
        """The printed number; None without one."""
        return float(self.published) if self.published else None

    @property
    def half_unit(self) -> float:
        """Half of the last printed digit: what rounding may have moved it; 0 without a number."""
        _, _, digits = self.published.partition(".")
        return 0.5 * 10.0 ** -len(digits) if self.published else 0.0


#: The columns of published.csv, in their order.
COLUMNS = Cell._fields


def read_cells(path: Path | str) -> list[Cell]:
    """Return the cells of a `published.csv`.

    Raises
    ------
    UserError
        That names the line, for a wrong header, a cell that stands twice, and what is printed but
        no number.
    """
    rows = read_rows(path, COLUMNS)
    if not rows:
        raise UserError(f"{path}: there is no number under its columns")
    cells, known = [], set()
    for line, row in enumerate(rows, start=2):
        cell = Cell(**row)
        with about(f"{path}: line {line}"):
            _check_texts(cell)
        # Names that differ in capitals alone are one name with a slip.
        place = tuple(map(str.casefold, cell[:3]))
        if place in known:
            raise UserError(f"{path}: line {line}: the cell {' / '.join(cell[:3])} stands twice")
        known.add(place)
        cells.append(cell)
    return cells


def names_place(said: Mapping, row: str, column: str) -> bool:
    """Tell whether what report.yaml says of a `row`, a `column` or both is of a cell there."""
    return said.get("row", row) == row and said.get("column", column) == column


def _check_texts(cell: Cell) -> None:
    for field, text in cell._asdict().items():
        if why := objection(text) or (field != "published" and formula_objection(text)):
            raise UserError(f"{field}: {why}")
    if not _is_number(cell.published):
        raise UserError(
            f"published: {shown(cell.published)} is no number; write digits and a point, as in .91"
        )


def _is_number(text: str) -> bool:
    # Without sign and exponent: the digits behind the point are counted.
    found = re.fullmatch(r"\d+(\.\d*)?|\.\d+", text, re.ASCII)
    return text == "" or bool(found and len(text) <= _MOST_DIGITS)
