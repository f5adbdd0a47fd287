"""The cells of `published.csv`, as text, so that printed digits can be counted."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple, TypeVar

import yaml

from mimii_bench.audit.printed import Printed
from mimii_bench.errors import UserError
from mimii_bench.records import read_rows

T = TypeVar("T")


class Cell(NamedTuple):
    """One printed number; an empty `published` is a cell that only we fill."""

    table: str
    row: str
    column: str
    machine: str
    snr: str
    id: str
    system: str
    variant: str
    metric: str
    published: str

    @property
    def number(self) -> Printed:
        """The number as printed."""
        return Printed.parse(self.published)

    def matches(self, **values: str) -> bool:
        """Tell whether the fields named have these values."""
        return all(getattr(self, field) == value for field, value in values.items())


#: The fields that say what a number is of, whatever table it stands in.
SUBJECT = ("machine", "snr", "id", "system", "variant", "metric")


class Published(NamedTuple):
    """One report: its printed cells, and the notes of its audit.yaml (empty without one)."""

    key: str
    cells: tuple[Cell, ...]
    notes: Mapping
    path: Path

    def table(self, name: str, **values: str) -> list[Cell]:
        """Return a table's cells whose fields have these values."""
        return [cell for cell in self.cells if cell.matches(table=name, **values)]


def load(reports: Path | str) -> dict[str, Published]:
    """Read every report that has a `published.csv`, in the order of their keys."""
    folders = sorted(path.parent for path in Path(reports).glob("*/published.csv"))
    return {folder.name: _load(folder) for folder in folders}


def _load(folder: Path) -> Published:
    path = folder / "published.csv"
    rows = read_rows(path)
    if rows and tuple(rows[0]) != Cell._fields:
        raise UserError(f"{path}: columns must be {','.join(Cell._fields)}")
    cells = tuple(Cell(**row) for row in rows if row["published"])
    notes = folder / "audit.yaml"
    content = yaml.safe_load(notes.read_text()) if notes.exists() else {}
    return Published(folder.name, cells, content, notes)


def group(things: Iterable[T], key: Callable[[T], tuple]) -> dict[tuple, list[T]]:
    """Gather things by a key, in the order in which keys come."""
    groups: dict[tuple, list[T]] = {}
    for thing in things:
        groups.setdefault(key(thing), []).append(thing)
    return groups


def subject(*without: str) -> Callable[[Cell], tuple]:
    """Return the key "same table and same subject, fields `without` aside"."""
    fields = ("table", *(field for field in SUBJECT if field not in without))
    return lambda cell: tuple(getattr(cell, field) for field in fields)


def name_of(*cells: Cell) -> str:
    """Return the rows and columns of cells as `row, row / column, column`."""
    rows = dict.fromkeys(cell.row for cell in cells)
    columns = dict.fromkeys(cell.column for cell in cells)
    return f"{', '.join(rows)} / {', '.join(columns)}"
