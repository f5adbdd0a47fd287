"""How many slips of one digit the audit finds in the published tables.

    .venv/bin/python benchmarks/audit_power.py [--slips 100]

In each table, printed numbers are drawn, one digit of each is replaced by another, and the audit
is run on all reports. A slip is found where it says something new: of another cell, or that nothing
explains or allows any longer what something did. Prints the table of docs/audit.md; with 100 slips
a table six minutes on one core, and a share of .5 has a standard error of .05.
"""

import argparse
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from mimii_bench.audit import Finding, check
from mimii_bench.audit.cells import PrintedCell, Published, load

ROOT = Path(__file__).parents[1]


def slip(number: str, rng: np.random.Generator) -> str:
    """Return a printed number with one digit, drawn at random, replaced by another."""
    places = [place for place, sign in enumerate(number) if sign.isdigit()]
    # The zero before the point of a share is no digit that anybody mistypes.
    places = [place for place in places if not number.startswith("0.") or place]
    place = rng.choice(places)
    other = rng.choice([digit for digit in "0123456789" if digit != number[place]])
    return number[:place] + other + number[place + 1 :]


def printing(published: Published, cell: PrintedCell, number: str) -> Published:
    """Return a report with another number in one cell."""
    wrong = cell._replace(published=number)
    return published._replace(cells=tuple(wrong if c == cell else c for c in published.cells))


def said(findings: list[Finding]) -> set[tuple]:
    """Return what findings are of, and whether something explains or allows it."""
    return {(f.report, f.table, f.cell, f.check, bool(f.explained_by)) for f in findings}


def measure(everything: Mapping[str, Published], report: str, table: str, slips: int) -> dict:
    """Return the share of slips in a table that are found, and by which checks."""
    rng = np.random.default_rng(0)
    cells = everything[report].table(table)
    found, by_check = 0, Counter()
    before = said(check(everything))
    for _ in range(slips):
        cell = cells[rng.integers(len(cells))]
        wrong = printing(everything[report], cell, slip(cell.published, rng))
        new = {n[3] for n in said(check({**everything, report: wrong})) - before}
        found += bool(new)
        by_check.update(new)
    return {
        "report": report,
        "table": table,
        "numbers": len(cells),
        "slips": slips,
        "found": found / slips,
        "by": ", ".join(f"{name} {times / slips:.2f}" for name, times in by_check.most_common()),
    }


def tables(everything: Mapping[str, Published]) -> list[tuple[str, str]]:
    """Return each table that has a printed number, with its report."""
    places = ((key, cell.table) for key, one in everything.items() for cell in one.cells)
    return list(dict.fromkeys(places))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--slips", type=int, default=100, help="per table")
    slips = parser.parse_args().slips
    everything = load(ROOT / "reports")
    rows = [measure(everything, *place, slips) for place in tables(everything)]
    print(pd.DataFrame(rows).to_markdown(index=False, floatfmt=".2f"))


if __name__ == "__main__":
    main()
