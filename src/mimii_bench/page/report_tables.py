"""A report's tables: as printed, with our numbers in the same cells."""

from collections.abc import Mapping

from mimii_bench.page.words import count, fraction, measured, number
from mimii_bench.reports.columns import COUNTS, METRICS

#: A table with more columns than this, and more columns than rows, is shown turned.
_WIDEST = 6
#: Statuses that say something about a pair of numbers.
_SAYING = {"agrees": "agrees", "differs": "differs"}


def tables(report: Mapping, rows: list[dict[str, str]]) -> list[dict]:
    """Return a report's tables, each as a grid.

    Parameters
    ----------
    report : mapping
        The facts of a report.
    rows : list of dict
        Those of all.csv.
    """
    mine: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        if row["report"] == report["key"]:
            mine.setdefault(row["table"], []).append(row)
    return [_table(name, own, report["tables"].get(name, {})) for name, own in mine.items()]


def _table(name: str, rows: list[dict[str, str]], said: Mapping) -> dict:
    across, down = _order(rows, "column"), _order(rows, "row")
    turned = len(across) > max(_WIDEST, len(down))
    cells = {(row["row"], row["column"]): _cell(row) for row in rows}
    lines, heads = (across, down) if turned else (down, across)
    return {
        "name": name,
        "caption": said.get("caption") or "What no printed table asks for",
        "printed": any(row["published"] for row in rows),
        "reason": said.get("reason") or "",
        "heads": heads,
        "lines": [
            {
                "name": line,
                "cells": [cells.get((head, line) if turned else (line, head)) for head in heads],
            }
            for line in lines
        ],
        "turned": turned,
        "units": _units(rows),
    }


def _order(rows: list[dict[str, str]], field: str) -> list[str]:
    return list(dict.fromkeys(row[field] for row in rows))


def _cell(row: Mapping[str, str]) -> dict:
    ours = number(row["reproduced"])
    bounds = number(row["ci_low"]), number(row["ci_high"])
    return {
        "printed": printed(row["metric"], number(row["published"])),
        "ours": "" if ours is None else measured(row["metric"], ours, *bounds),
        "status": _SAYING.get(row["status"], ""),
    }


def printed(metric: str, value: float | None) -> str:
    """Return a number with the digits that it was printed with.

    Examples
    --------
    >>> printed("auc", 0.8714), printed("clips", 2370), printed("auc", None)
    ('.8714', '2,370', '')
    """
    if value is None:
        return ""
    if metric in COUNTS:
        return count(value)
    digits = len(f"{value:g}".partition(".")[2])
    return fraction(value, max(digits, 2))


def _units(rows: list[dict[str, str]]) -> str:
    """Return in what a table's numbers are."""
    names = _order(rows, "metric")
    fractions = [METRICS[name] for name in names if name in METRICS and name not in COUNTS]
    parts = [f"{', '.join(fractions)} as fractions of 1"] if fractions else []
    parts += [f"{METRICS[name]} counted" for name in COUNTS if name in names]
    # As a threshold, which is one of scores.
    return "; ".join(
        [*parts, *(f"{name} on its own scale" for name in names if name not in METRICS)]
    )
