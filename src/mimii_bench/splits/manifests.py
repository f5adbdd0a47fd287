"""Split manifests: which clip plays which role."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from mimii_bench.corpus.base import LABELS, Unit
from mimii_bench.util.checksums import damaged
from mimii_bench.util.records import read_sealed, write_sealed

#: What a clip may be for.
ROLES = ("train", "validation", "test")


class SplitRow(NamedTuple):
    """One line of a manifest: a clip, the unit it is of, its label, and one of `ROLES`.

    `condition` is under what circumstances it was recorded, its domain and attributes where the
    corpus tells any (DCASE since 2021), else empty.
    """

    clip: str
    machine: str
    snr: str
    id: str
    label: str
    role: str
    condition: str = ""

    @property
    def unit(self) -> Unit:
        """The unit that the clip belongs to."""
        return Unit(self.machine, self.snr, self.id)


#: What every manifest tells of a clip, and what some do.
COLUMNS, FURTHER = SplitRow._fields[:6], SplitRow._fields[6:]


def write_split(rows: list[SplitRow], path: Path | str) -> None:
    """Write a manifest, and its checksum beside it."""
    columns = SplitRow._fields if any(row.condition for row in rows) else COLUMNS
    write_sealed(path, columns, (row[: len(columns)] for row in rows))


def read_split(path: Path | str) -> list[SplitRow]:
    """Read a manifest.

    Raises
    ------
    UserError
        Naming the line of an unknown label or role, or of a clip that stands twice, so that it
        could train and test; and for a file that is not as it was written.
    """
    return _read(path, _check_roles)


def read_clips_of(path: Path | str) -> list[SplitRow]:
    """Read a manifest as `read_split` does, for who asks for clips of whatever role.

    What scores all clips depends on no code that knows the roles.
    """
    return _read(path)


def _read(
    path: Path | str, *further: Callable[[Sequence[SplitRow], Path | str], None]
) -> list[SplitRow]:
    rows: list[SplitRow] = []

    def check(found: list[dict[str, str]]) -> None:
        rows.extend(SplitRow(**row) for row in found)
        for what in (_check_clips, *further):
            what(rows, path)

    read_sealed(path, COLUMNS, check, FURTHER)
    return rows


def _check_clips(rows: Sequence[SplitRow], path: Path | str) -> None:
    if not rows:
        raise damaged(path, "it names no clip")
    seen = set()
    for number, row in enumerate(rows, 2):
        if row.label not in LABELS:
            raise damaged(path, f"line {number}: label {row.label!r} is not {' or '.join(LABELS)}")
        if row[:4] in seen:
            raise damaged(path, f"line {number}: the clip stands twice")
        seen.add(row[:4])


def _check_roles(rows: Sequence[SplitRow], path: Path | str) -> None:
    for number, row in enumerate(rows, 2):
        if row.role not in ROLES:
            raise damaged(path, f"line {number}: role {row.role!r} is not {', '.join(ROLES)}")
