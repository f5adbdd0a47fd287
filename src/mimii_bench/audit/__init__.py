"""The published tables checked against themselves: what their own digits allow, and what not.

Everything is a pure function of `reports/*/published.csv` and of the notes beside it
(`audit.yaml`, see `mimii_bench.audit.notes`), so that a further report needs no code here.
"""

from collections.abc import Mapping
from pathlib import Path

from mimii_bench.audit import (
    bounds,
    confusion,
    f1,
    folds,
    gains,
    means,
    pauc,
    public_counts,
    ranges,
    repeats,
    sums,
    wholes,
)
from mimii_bench.audit.cells import Published, load
from mimii_bench.audit.findings import COLUMNS, Finding
from mimii_bench.util.records import write_rows

__all__ = ["COLUMNS", "Finding", "audit", "check", "write_audit"]

#: The checks in the order of their findings; each is `check(published, all_published)`.
_CHECKS = (
    *(
        ranges,
        sums,
        repeats,
        public_counts,
        means,
        bounds,
        f1,
        confusion,
        wholes,
        folds,
        pauc,
        gains,
    ),
)


def audit(reports: Path | str) -> list[Finding]:
    """Return the findings on every report below the folder `reports`, in a fixed order."""
    return check(load(reports))


def check(everything: Mapping[str, Published]) -> list[Finding]:
    """Return the findings on reports that are read already, by their keys."""
    return [
        finding
        for published in everything.values()
        for module in _CHECKS
        for finding in module.check(published, everything)
    ]


def write_audit(findings: list[Finding], path: Path | str) -> None:
    """Write findings as `audit.csv`."""
    write_rows(path, COLUMNS, findings)
