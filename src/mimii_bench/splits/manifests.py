"""Split manifests: which clip plays which role."""

from pathlib import Path
from typing import NamedTuple

from mimii_bench.corpus.base import Unit
from mimii_bench.util.records import read_rows, write_rows

#: What a clip may be for.
ROLES = ("train", "validation", "test")


class SplitRow(NamedTuple):
    """One line of a manifest: a clip, the unit it is of, its label, and one of `ROLES`."""

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


def write_split(rows: list[SplitRow], path: Path | str) -> None:
    """Write a manifest."""
    write_rows(path, SplitRow._fields, rows)


def read_split(path: Path | str) -> list[SplitRow]:
    """Read a manifest."""
    return [SplitRow(**row) for row in read_rows(path)]
