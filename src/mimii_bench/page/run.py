"""This run: what was heard, how much was trained, what is missing, how long it took."""

import platform
from collections import Counter
from importlib.metadata import PackageNotFoundError, version

from mimii_bench import __version__
from mimii_bench.page import times
from mimii_bench.page.given import Given
from mimii_bench.reports.missing import folded

#: Libraries that numbers depend on.
_LIBRARIES = ("numpy", "scipy", "torch", "librosa", "scikit-learn", "snakemake")


def section(given: Given) -> dict:
    """Return what stands in the section."""
    return {
        "key": "run",
        "title": "This run",
        "counts": _counts(given),
        "missing": _missing(given.rows("missing")),
        "times": times.section(given.path("benchmarks")),
        "versions": _versions(),
    }


def _counts(given: Given) -> dict:
    """Return how many numbers are printed and reproduced, claims decided, contradictions found."""
    numbers = given.rows("all")
    kinds = Counter(row["kind"] for row in given.rows("audit"))
    return {
        "printed": sum(row["published"] != "" for row in numbers),
        "both": sum(row["published"] != "" and row["reproduced"] != "" for row in numbers),
        "reproduced": sum(row["reproduced"] != "" for row in numbers),
        "status": Counter(row["status"] for row in numbers),
        "claims": len(given.rows("claims")),
        "contradictions": kinds["contradiction"],
        "findings": sum(kinds.values()),
    }


def _missing(rows: list[dict[str, str]]) -> dict:
    """Return what is missing: in few lines, and each with the reports that lack it."""
    reports: dict[str, list[str]] = {}
    for row in rows:
        reports.setdefault(row["missing"], []).append(row["report"])
    return {
        "folded": folded((row["report"], row["missing"]) for row in rows),
        "each": [{"what": what, "reports": names} for what, names in reports.items()],
    }


def _versions() -> list[tuple[str, str]]:
    """Return the versions of what computed, as far as it is installed here."""
    found = [("MIMII Bench", __version__), ("Python", platform.python_version())]
    for name in _LIBRARIES:
        try:
            found.append((name, version(name)))
        except PackageNotFoundError:
            continue
    return found
