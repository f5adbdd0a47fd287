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
        yield laid, [_filled(side, laid) for side in sides]


def cells_of(claim: Mapping) -> list[Mapping]:
    """Return the cells that a claim compares, those of every combination; lists stay in them."""
    return [cell for _, both in cases(claim) for side in both for cell in _cells(side)]


def each(side: Mapping) -> Iterator[Cell]:
    """Yield a cell of a claim, `per` aside, once for every combination of what its lists hold."""
    said = {field: value for field, value in side.items() if field != "per"}
    choices = [value if isinstance(value, list) else [value] for value in said.values()]
    for values in product(*choices):
        yield Cell(**dict(zip(said, values, strict=True)))


def _sides(claim: Mapping) -> list:
    return claim["greater"] if "greater" in claim else claim["near"][:2]


def _filled(side: Mapping | float, laid: Mapping) -> Mapping | float:
    """Return a side that says `laid` where it does not say those fields itself."""
    if not isinstance(side, Mapping):
        return side
    if "minus" in side:
        return {"minus": [_filled(part, laid) for part in side["minus"]]}
    return {**laid, **side}


def _cells(side: Mapping | float) -> Iterator[Mapping]:
    if isinstance(side, Mapping):
        if "minus" in side:
            for part in side["minus"]:
                yield from _cells(part)
        else:
            yield side
