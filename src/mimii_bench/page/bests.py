"""The best system of each report on each machine, by our own numbers."""

from collections.abc import Mapping, Sequence
from statistics import fmean

from mimii_bench.page.words import fraction, number, with_interval


def bests(
    reports: Sequence[Mapping], rows: list[dict[str, str]], machines: Sequence[str]
) -> list[dict]:
    """Return a row for each report: of each machine the best system and its mean AUC.

    The mean is over the cells of a machine that the report's tables have, and best is the highest
    among the systems with the most cells. Chosen on the test, as every best in a table.
    """
    found = []
    for report in reports:
        mine = [row for row in rows if _counts(row, report["key"])]
        cells = [_best([r for r in mine if r["machine"] == m], report) for m in machines]
        if any(cells):
            found.append({"report": report["key"], "cells": cells})
    return found


def _counts(row: Mapping[str, str], report: str) -> bool:
    return row["report"] == report and row["metric"] == "auc" and row["reproduced"] != ""


def _best(rows: list[dict[str, str]], report: Mapping) -> dict | None:
    by_system: dict[tuple[str, str], dict[tuple[str, str], dict[str, str]]] = {}
    for row in rows:
        own = by_system.setdefault((row["system"], row["variant"]), {})
        own.setdefault((row["snr"], row["id"]), row)
    if not by_system:
        return None
    most = max(map(len, by_system.values()))
    means = {
        name: fmean(float(row["reproduced"]) for row in own.values())
        for name, own in by_system.items()
        if len(own) == most
    }
    system, variant = max(means, key=lambda name: means[name])
    return {
        "system": system,
        "variant": variant,
        "auc": _told(list(by_system[system, variant].values()), means[system, variant]),
        "of": most,
        "supervised": system in report["supervised"],
    }


def _told(rows: list[dict[str, str]], mean: float) -> str:
    """A mean of several cells has no interval in the tables."""
    if len(rows) > 1:
        return fraction(mean)
    return with_interval(mean, number(rows[0]["ci_low"]), number(rows[0]["ci_high"]))
