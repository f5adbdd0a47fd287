"""Split manifests: which clip plays which role."""

from pathlib import Path
from typing import NamedTuple

from mimii_bench.corpus.base import Unit
from mimii_bench.util.records import read_rows, write_rows


class Row(NamedTuple):
    """One line of a manifest; `role` is train, validation or test."""

    clip: str
    machine: str
    snr: str
    id: str
    label: str
    role: str

    @property
    def unit(self) -> Unit:
        """The unit that the clip belongs to."""
        return Unit(self.machine, self.snr, self.id)


def write_split(rows: list[Row], path: Path | str) -> None:
    """Write a manifest."""
    write_rows(path, Row._fields, rows)


def read_split(path: Path | str) -> list[Row]:
    """Read a manifest."""
    return [Row(**row) for row in read_rows(path)]
