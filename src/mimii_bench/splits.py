"""Which clip plays which role: from the clips of a pool of units to a split manifest.

A scheme is a function of the clips of one pool and the split's options; it returns a role for
every clip that takes part. A clip has one role only.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from mimii_bench.corpus.layout import Clip, Unit
from mimii_bench.errors import UserError
from mimii_bench.records import read_rows, write_rows

Pool = dict[Unit, list[Clip]]
Roles = Iterator[tuple[Unit, Clip, str]]


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


def matched_test(pool: Pool) -> Roles:
    """Test on all abnormal clips and as many normal ones, the first by name; train on the rest.

    The split of the MIMII baseline's released code. In a corpus that is split already (DCASE),
    the corpus's own parts are the roles.
    """
    for unit, clips in pool.items():
        normal = [clip for clip in clips if clip.label == "normal"]
        abnormal = [clip for clip in clips if clip.label == "abnormal"]
        for place, clip in enumerate(normal):
            yield unit, clip, clip.part or ("test" if place < len(abnormal) else "train")
        for clip in abnormal:
            yield unit, clip, "test"


SCHEMES: dict[str, Callable[..., Roles]] = {"matched_test": matched_test}


def make_split(pool: Pool, scheme: str, **options) -> list[Row]:
    """Return the manifest of a pool.

    Raises UserError, naming the pool and what is missing, when nothing is left to train on or
    when a test of normal against abnormal clips is impossible.
    """
    rows = [
        Row(clip.name, *unit, clip.label, role)
        for unit, clip, role in SCHEMES[scheme](pool, **options)
    ]
    present = {(row.role, row.label) for row in rows}
    needed = [("train", "normal"), ("test", "normal"), ("test", "abnormal")]
    lacking = [
        f"{label} clips in {role}/" for role, label in needed if (role, label) not in present
    ]
    if lacking:
        units = ", ".join(unit.path for unit in pool)
        raise UserError(f"{units}: no {' and no '.join(lacking)} under the split {scheme}")
    return rows


def write_split(rows: list[Row], path: Path | str) -> None:
    """Write a manifest."""
    write_rows(path, Row._fields, rows)


def read_split(path: Path | str) -> list[Row]:
    """Read a manifest."""
    return [Row(**row) for row in read_rows(path)]
