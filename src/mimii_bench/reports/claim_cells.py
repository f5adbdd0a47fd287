"""Which cells a claim of report.yaml compares; see `mimii_bench.reports.claims`."""

from collections.abc import Iterator, Mapping
from itertools import product

from mimii_bench.reports.published import Cell


def cases(claim: Mapping) -> Iterator[tuple[dict, list]]:
    """Yield each combination that `every` asks for, and the two sides with it filled in."""
    sides = _sides(claim)
    fields = claim.get("every", {})
    for values in product(*fields.values()):
        laid = dict(zip(fields, values, strict=True))
        yield laid, [{**laid, **side} if isinstance(side, Mapping) else side for side in sides]


def cells_of(claim: Mapping) -> list[Mapping]:
    """Return the cells that a claim compares, those of every combination; lists stay in them."""
    return [side for _, both in cases(claim) for side in both if isinstance(side, Mapping)]


def each(side: Mapping) -> Iterator[Cell]:
    """Yield a cell of a claim, `per` aside, once for every combination of what its lists hold."""
    said = {field: value for field, value in side.items() if field != "per"}
    choices = [value if isinstance(value, list) else [value] for value in said.values()]
    for values in product(*choices):
        yield Cell(**dict(zip(said, values, strict=True)))


def _sides(claim: Mapping) -> list:
    return claim["greater"] if "greater" in claim else claim["near"][:2]
