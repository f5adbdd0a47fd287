"""A number that is not legible, or 0, stops neither its report's audit nor that of the others."""

import random
import re
from collections import Counter
from functools import cache

import pytest

from mimii_bench.audit import check
from mimii_bench.audit.cells import group, load
from samples import ROOT

EVERYTHING = load(ROOT / "reports")
#: Cells per table; all together take minutes. None of them stopped the audit when they were tried.
SAMPLE = 3
#: A report is audited with those that its notes read numbers from, and that read its own.
LINKS = {
    (key, note["parts"]["report"])
    for key, report in EVERYTHING.items()
    for note in report.notes.get("bounds", [])
}


def sampled():
    """Return cells of every table of every report, the same ones each time."""
    chance = random.Random(3)
    return [
        pytest.param(key, cell, id=f"{key} {table} {cell.row} / {cell.column}")
        for key, report in EVERYTHING.items()
        for (table,), cells in group(report.cells, lambda cell: (cell.table,)).items()
        for cell in chance.sample(cells, min(SAMPLE, len(cells)))
    ]


def findings(key, changed):
    """Count the findings, by check, on a report with changed cells and those linked with it."""
    linked = {key} | {one for pair in LINKS if key in pair for one in pair}
    reports = {name: EVERYTHING[name] for name in EVERYTHING if name in linked}
    cells = [changed.get(cell, cell) for cell in EVERYTHING[key].cells]
    printed = tuple(cell for cell in cells if cell.published)
    blank = EVERYTHING[key].blank + tuple(cell for cell in cells if not cell.published)
    reports[key] = EVERYTHING[key]._replace(cells=printed, blank=blank)
    return Counter(finding.check for finding in check(reports))


@cache
def unchanged(key):
    """Count the findings on a report as it is."""
    return findings(key, {})


@pytest.mark.parametrize(("key", "cell"), sampled())
def test_a_number_that_is_not_legible_is_no_mistake(key, cell):
    assert findings(key, {cell: cell._replace(published="")}) <= unchanged(key)


@pytest.mark.parametrize(("key", "cell"), sampled())
def test_zero_is_a_number(key, cell):
    findings(key, {cell: cell._replace(published=re.sub(r"\d", "0", cell.published))})


@pytest.mark.parametrize("field", ["row", "column"])
@pytest.mark.parametrize(
    ("key", "table"), [(k, t) for k, r in EVERYTHING.items() for t in {c.table: 0 for c in r.cells}]
)
def test_a_line_that_is_not_legible_is_no_mistake(key, table, field):
    """The first row or column of each table."""
    cells = EVERYTHING[key].table(table)
    line = [cell for cell in cells if getattr(cell, field) == getattr(cells[0], field)]
    assert findings(key, {c: c._replace(published="") for c in line}) <= unchanged(key)
