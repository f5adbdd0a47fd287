"""The cells of `published.csv`, as text, so that printed digits can be counted."""

from collections.abc import Callable, Iterable, Mapping
from math import inf
from pathlib import Path
from typing import NamedTuple, TypeVar

from mimii_bench.audit.printed import EPSILON, KINDS, Interval, Printed, Spread
from mimii_bench.reports.published import COUNTED, Cell, read_cells
from mimii_bench.util.documents import read_yaml
from mimii_bench.util.errors import UserError

T = TypeVar("T")


class PrintedCell(Cell):
    """One printed number; an empty `published` is not legible, or a cell that only we fill."""

    __slots__ = ()

    @property
    def number(self) -> Printed:
        """The number as printed."""
        return Printed.parse(self.published)

    def interval(self, kind: str) -> Interval:
        """Return the bounds of what is printed so: not below 0, and no share above the whole."""
        low, high = self.number.interval(kind)
        # The whole is 1, or 100 where the number is in per cent.
        wholes = () if self.metric in COUNTED else (1, 100)
        whole = next((w for w in wholes if self.number.value <= w), inf)
        return max(low, 0.0), min(high, whole + EPSILON)

    def padded(self, digits: int) -> "PrintedCell":
        """Return the cell with the zeros at its end that a table of so many digits leaves out."""
        whole, _, behind = self.published.partition(".")
        return self._replace(published=f"{whole}.{behind.ljust(digits, '0')}".rstrip("."))

    @property
    def spread(self) -> Spread:
        """The number with its bounds."""
        return Spread(self.number.value, *map(self.interval, KINDS))

    def matches(self, **values: str) -> bool:
        """Tell whether the fields named have these values."""
        return all(getattr(self, field) == value for field, value in values.items())


#: The fields that say what a number is of, whatever table it stands in.
SUBJECT = ("machine", "snr", "id", "system", "variant", "metric")


class Published(NamedTuple):
    """One report: its printed cells, and the notes of its audit.yaml (empty without one).

    `blank` are the cells without a number: what they are a part of is not complete.
    """

    key: str
    cells: tuple[PrintedCell, ...]
    notes: Mapping
    path: Path
    blank: tuple[PrintedCell, ...] = ()

    @property
    def places(self) -> tuple[PrintedCell, ...]:
        """All cells, with a number and without."""
        return self.cells + self.blank

    def table(self, name: str, **values: str) -> list[PrintedCell]:
        """Return a table's cells with a number whose fields have these values."""
        return [cell for cell in self.cells if cell.matches(table=name, **values)]

    def blanks(self, name: str, **values: str) -> list[PrintedCell]:
        """Return a table's cells without a number whose fields have these values."""
        return [cell for cell in self.blank if cell.matches(table=name, **values)]


def load(reports: Path | str) -> dict[str, Published]:
    """Read every report that has a `published.csv`, in the order of their keys."""
    folders = sorted(path.parent for path in Path(reports).glob("*/published.csv"))
    return {folder.name: _load(folder) for folder in folders}


def _load(folder: Path) -> Published:
    cells = [PrintedCell(*cell) for cell in read_cells(folder / "published.csv")]
    printed = tuple(cell for cell in cells if cell.published)
    blank = tuple(cell for cell in cells if not cell.published)
    notes = folder / "audit.yaml"
    return Published(folder.name, printed, _notes(notes), notes, blank)


def _notes(path: Path) -> Mapping:
    """Return what audit.yaml says; an empty file says as little as none."""
    content = (read_yaml(path) if path.exists() else None) or {}
    if not isinstance(content, Mapping):
        raise UserError(f"{path}: must be sections with their entries")
    return content


def group(things: Iterable[T], key: Callable[[T], tuple]) -> dict[tuple, list[T]]:
    """Gather things by a key, in the order in which keys come."""
    groups: dict[tuple, list[T]] = {}
    for thing in things:
        groups.setdefault(key(thing), []).append(thing)
    return groups


def subject(*without: str) -> Callable[[PrintedCell], tuple]:
    """Return the key "same table and same subject, fields `without` aside"."""
    fields = ("table", *(field for field in SUBJECT if field not in without))
    return lambda cell: tuple(getattr(cell, field) for field in fields)


def name_of(*cells: PrintedCell) -> str:
    """Return the rows and columns of cells as `row, row / column, column`."""
    rows = dict.fromkeys(cell.row for cell in cells)
    columns = dict.fromkeys(cell.column for cell in cells)
    return f"{', '.join(rows)} / {', '.join(columns)}"
