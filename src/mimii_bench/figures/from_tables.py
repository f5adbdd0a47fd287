"""Numbers of a report's long table."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from mimii_bench.reports import columns
from mimii_bench.util.errors import UserError
from mimii_bench.util.records import read_sealed


class Point(NamedTuple):
    """One number with its interval; `x` is what the `*` of its variant stands for.

    `x` is None without a `*`; the others are None where the table has none.
    """

    machine: str
    x: float | None
    value: float | None
    low: float | None
    high: float | None
    published: float | None


class Series(NamedTuple):
    """The numbers of one part; published ones only beside ours, and if ours are of real clips."""

    title: str
    metric: str
    points: list[Point]


def read(parts: Iterable[Mapping]) -> list[Series]:
    """Return the numbers of each part.

    Parameters
    ----------
    parts : iterable of mapping
        The path `long` of a report's long table, what picks rows of it (`table`, `metric`,
        `system` and `variant`, which may hold one `*` that stands for a number), and a `title`.

    Raises
    ------
    UserError
        When there is no such row, and for a table that is not as it was written.
    """
    return [_read_part(part) for part in parts]


def _read_part(part: Mapping) -> Series:
    keys = ("table", "metric", "system")
    # The star is a number: mse_* must not take mse_alpha_0.1 for one.
    variant = re.escape(part.get("variant", "")).replace(r"\*", r"(-?\d+(?:\.\d+)?)")
    points = [
        _point(row, match)
        for row in read_sealed(part["long"])
        if all(row[key] == part[key] for key in keys)
        and (match := re.fullmatch(variant, row["variant"]))
    ]
    if not points:
        raise UserError(f"{part['long']}: no row of {part['title']} in table {part['table']}")
    return Series(part["title"], part["metric"], points)


def _point(row: Mapping[str, str], match: re.Match) -> Point:
    keys = (columns.REPRODUCED, columns.CI_LOW, columns.CI_HIGH, columns.PUBLISHED)
    numbers = [row[key] for key in keys]
    # Beside numbers of simulated recordings the printed ones would look like their equals.
    if row[columns.CORPUS] in ("", "simulated"):
        numbers[-1] = ""
    x = float(match[1]) if match.groups() else None
    return Point(row["machine"], x, *(float(text) if text else None for text in numbers))
