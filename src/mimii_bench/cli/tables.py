"""Rows as the formats that `--format` offers."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sys
from collections.abc import Collection, Mapping, Sequence

#: A column is not wrapped to fewer characters than this.
_NARROWEST = 16


def as_table(rows: Sequence[Mapping[str, object]], right: Collection[str] = ()) -> str:
    """Return rows as a table of text.

    On a terminal that is too narrow for it, the widest columns are wrapped; elsewhere each row is
    a line.

    Parameters
    ----------
    rows : sequence of mapping
        All with the same keys, which head the columns.
    right : collection of str
        The columns that are flush right.
    """
    from tabulate import tabulate

    headers = list(rows[0])
    cells = [[str(value) for value in row.values()] for row in rows]
    widths = [max(map(len, column)) for column in zip(headers, *cells, strict=True)]
    return tabulate(
        cells,
        headers,
        tablefmt="simple",
        disable_numparse=True,
        colalign=["right" if name in right else "left" for name in headers],
        maxcolwidths=_fitted(widths, _columns()),
    )


def _columns() -> int | None:
    """Return how many characters a line of the terminal has; None where there is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def _fitted(widths: Sequence[int], room: int | None) -> list[int] | None:
    """Return widths of columns that fit beside one another; None where they do as they are.

    Examples
    --------
    >>> _fitted([10, 50, 40], 80)
    [10, 33, 33]
    """
    room = None if room is None else room - 2 * (len(widths) - 1)
    if room is None or sum(widths) <= room:
        return None
    widest = next(
        (limit for limit in range(max(widths), 0, -1) if _total(widths, limit) <= room), 0
    )
    return [min(width, max(widest, _NARROWEST)) for width in widths]


def _total(widths: Sequence[int], limit: int) -> int:
    return sum(min(width, limit) for width in widths)


def costs(
    fit_seconds: float | None, score_seconds: float | None, model_bytes: int
) -> dict[str, str]:
    """Return as cells what a system costs; of times that are not known, empty ones."""
    from mimii_bench.pricing.bill_tables import duration

    fit = "" if fit_seconds is None else duration(fit_seconds) if fit_seconds >= 1 else "< 1 s"
    return {
        "fit": fit,
        "score": "" if score_seconds is None else f"{score_seconds * 1000:.1f} ms",
        "model": f"{model_bytes / 1000:,.0f} kB",
    }


def as_csv(rows: Sequence[Mapping[str, object]]) -> str:
    """Return rows as CSV, without the end of the last line."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().removesuffix("\n")


def as_json(rows: Sequence[Mapping[str, object]] | Mapping[str, object]) -> str:
    """Return rows, or one, as JSON."""
    return json.dumps(rows, indent=2)
