"""The test sets that a report's numbers may have been computed on."""

from collections.abc import Mapping, Sequence
from itertools import product
from math import ceil, floor
from types import MappingProxyType
from typing import NamedTuple

from mimii_bench.audit.cells import PrintedCell, Published
from mimii_bench.audit.public_counts import public
from mimii_bench.util.errors import UserError

#: A number of clips, `any`, or a share; see `Candidate`.
Size = int | str | Mapping


class Candidate(NamedTuple):
    """A named set for some tables; `claimed` is the one that the report describes.

    `normal` and `abnormal` are a number of clips; `{share: 0.2}` of the public set's (of the
    cell's machine, and id where it has one); `{share: 0.2, of: table_1, column: normal}` of the
    clips that the report's own table lists for the machine; or, for the abnormal ones of a set
    that is not the claimed one, `any`.
    """

    name: str
    tables: Sequence[str]
    normal: Size
    abnormal: Size
    claimed: bool = False
    where: Mapping[str, str] = MappingProxyType({})

    def covers(self, cell: PrintedCell) -> bool:
        """Tell whether the set is a candidate for a cell."""
        return cell.table in self.tables and cell.matches(**self.where)


def expected(
    published: Published, size: Size, label: str, machine: str, id: str = ""
) -> float | None:
    """Return a size in clips, not rounded; None where not all clips listed are legible."""
    if not isinstance(size, Mapping):
        return float(size)
    if "of" not in size:
        return size["share"] * public(machine, label, id)
    where = {"column": size["column"], "machine": machine, "metric": "clips"}
    if published.blanks(size["of"], **where):
        return None
    listed = published.table(size["of"], **where)
    if not listed:
        raise UserError(f"{published.path}: test_sets: no clips of {machine!r} in {dict(size)}")
    return size["share"] * sum(int(cell.published) for cell in listed)


def whole_sizes(
    published: Published, size: Size, label: str, machine: str, id: str = ""
) -> list[int]:
    """Return a size as whole numbers, none where it is not known.

    A share may have been rounded up or down.
    """
    number = expected(published, size, label, machine, id)
    return [] if number is None else sorted({floor(round(number, 6)), ceil(round(number, 6))})


def pairs(published: Published, candidate: Candidate, machine: str) -> list[tuple[int, int]]:
    """Return the (normal, abnormal) counts that a candidate can mean for one machine.

    There are none where its size is a share of clips that are not all legible.
    """
    normals = whole_sizes(published, candidate.normal, "normal", machine)
    if candidate.abnormal == "any":
        return list(product(normals, range(1, 2 * max(normals, default=0) + 1)))
    return list(product(normals, whole_sizes(published, candidate.abnormal, "abnormal", machine)))


def as_many_clips(
    published: Published, candidate: Candidate, machine: str
) -> list[tuple[int, int]]:
    """Return other ways to divide a candidate's total, the nearest first.

    The abnormal clips range from half to twice their number: beyond, a match says nothing.
    """
    normal = expected(published, candidate.normal, "normal", machine)
    abnormal = expected(published, candidate.abnormal, "abnormal", machine)
    total = round(normal + abnormal)
    numbers = range(ceil(abnormal / 2), min(floor(2 * abnormal), total - 1) + 1)
    return [(total - n, n) for n in sorted(numbers, key=lambda n: abs(n - abnormal))]
