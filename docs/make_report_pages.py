"""The pages in docs/reports/, made of what reports/ holds and of the audit's findings.

    .venv/bin/python docs/make_report_pages.py

A page is laid out in docs/report_page.md.j2. It holds published numbers only, so that it depends on
no run.
"""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import yaml

from mimii_bench.audit import Finding, audit
from mimii_bench.reports.claims import PublishedNumbers, published_evidence
from mimii_bench.reports.published import Cell, read_cells
from mimii_bench.splits.base import rule_of
from page_parts import as_table, filled, plain

ROOT = Path(__file__).resolve().parents[1]
COMMAND = ".venv/bin/python docs/make_report_pages.py"
#: A table wider than this is turned on its side where that makes it narrower.
WIDE = 100


class Report(NamedTuple):
    """What is known of one report: its report.yaml, published.csv and findings."""

    key: str
    spec: dict
    cells: list[Cell]
    findings: list[Finding]

    @property
    def published(self) -> pd.DataFrame:
        """The cells as a table."""
        return pd.DataFrame(self.cells)


class Table(NamedTuple):
    """One printed table in Markdown; `turned` where its rows and columns are exchanged."""

    name: str
    caption: str
    comparison: str
    grid: str
    turned: bool


def read_reports(folder: Path) -> list[Report]:
    """Return all reports below `folder`, in the order of their keys."""
    findings = audit(folder)
    return [
        Report(
            path.parent.name,
            plain(yaml.safe_load(path.read_text())),
            [_plain_row(cell) for cell in read_cells(path.with_name("published.csv"))],
            [_plain_row(one) for one in findings if one.report == path.parent.name],
        )
        for path in sorted(folder.glob("*/report.yaml"))
    ]


def _plain_row(row: Cell | Finding) -> Cell | Finding:
    return row._replace(**plain(row._asdict()))


def told(value: object) -> str:
    """Return a value of report.yaml as text: lists by commas, mappings as `key: value` parts."""
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {told(one)}" for key, one in value.items())
    if isinstance(value, list):
        return ", ".join(map(told, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def protocol(spec: Mapping) -> str:
    """Return which recordings a report uses, what trains together, and which clips test."""
    split = dict(spec["split"])
    scheme = split.pop("scheme")
    options = f" ({told(split)})" if split else ""
    rule = rule_of(scheme)
    facts = {
        "machines": told(spec["units"]["machine"]),
        "SNR": told(spec["units"]["snr"]),
        "ids": told(spec["units"]["id"]),
        "one model per": told(spec["pool"]),
        "split": f"`{scheme}`{options}: {rule}",
        "comparable corpora": told(spec["corpora"]),
    }
    return as_table([{"": name, "here": value} for name, value in facts.items()])


def features(spec: Mapping) -> str:
    """Return the features and their parameters."""
    rows = []
    for name, given in spec["features"].items():
        parameters = {key: value for key, value in given.items() if key != "class"}
        row = {"feature": f"`{name}`", "class": f"`{given['class']}`"}
        rows.append(row | {"parameters": told(parameters)})
    return as_table(rows)


def shared_options(spec: Mapping) -> dict:
    """Return the options that all systems of a report have in common, where there are several."""
    first, *others = [system["options"] for system in spec["systems"].values()]
    return {
        key: value
        for key, value in first.items()
        if others and all(key in one and one[key] == value for one in others)
    }


def systems(spec: Mapping) -> str:
    """Return the systems: class, inputs, and the options in which they differ."""
    shared, rows = shared_options(spec), []
    for name, system in spec["systems"].items():
        own = {key: value for key, value in system["options"].items() if key not in shared}
        inputs = [f"`{source['feature']}` of `{source['mix']}`" for source in system["inputs"]]
        row = {"system": f"`{name}`", "class": f"`{system['class']}`", "inputs": ", ".join(inputs)}
        rows.append(row | {"options": told(own), "trains on": _trains_on(system)})
    return as_table(rows)


def _trains_on(system: Mapping) -> str:
    parts = ["abnormal clips too"] if system.get("supervised") else []
    if "train_on" in system:
        parts.append(f"roles {told(system['train_on'])}")
    if "units" in system:
        parts.append("only " + ", ".join(map(told, system["units"].values())))
    return "; ".join(parts)


def claims(spec: Mapping, cells: Sequence[Cell]) -> str:
    """Return the statements that a run decides, with the report's evidence."""
    printed = PublishedNumbers(cells, spec)
    rows = [
        {
            "claim": claim["claim"],
            "where": claim.get("place", "ours"),
            "the report's evidence": published_evidence(claim, spec, printed)
            or "none, the claim is ours",
        }
        for claim in spec.get("claims", ())
    ]
    return as_table(rows) if rows else ""


def tables(report: Report) -> Iterator[Table]:
    """Yield the printed tables; rows and columns without any printed number are left out."""
    printed = report.published[report.published["published"] != ""]
    for name, cells in printed.groupby("table", sort=False):
        said = report.spec["tables"][name]
        grid, turned = laid_out(cells)
        yield Table(name, said["caption"], _comparison(said), grid, turned)


def _comparison(said: Mapping) -> str:
    if said["comparable"]:
        return ""
    return f"Not comparable with ours: {said.get('reason', 'the protocols differ')}."


def laid_out(cells: pd.DataFrame) -> tuple[str, bool]:
    """Return a printed table in Markdown, and whether its rows and columns were exchanged."""
    grid = cells.pivot(index="row", columns="column", values="published").fillna("")
    grid = grid.reindex(index=cells["row"].unique(), columns=cells["column"].unique())
    as_printed, on_its_side = _markdown(grid), _markdown(grid.T)
    turned = _width(as_printed) > WIDE and _width(on_its_side) < _width(as_printed)
    return (on_its_side if turned else as_printed), turned


def _markdown(grid: pd.DataFrame) -> str:
    grid = grid.rename_axis(index="", columns=None)
    return grid.to_markdown(disable_numparse=True)


def _width(table: str) -> int:
    return max(map(len, table.splitlines()))


def page(report: Report) -> str:
    """Return the page of one report."""
    return filled(
        "report_page.md.j2",
        command=COMMAND,
        key=report.key,
        spec=report.spec,
        protocol=protocol(report.spec),
        features=features(report.spec),
        systems=systems(report.spec),
        shared=told(shared_options(report.spec)),
        claims=claims(report.spec, report.cells),
        findings=report.findings,
        tables=list(tables(report)),
    )


def index(reports: Sequence[Report]) -> str:
    """Return the page that lists the others."""
    rows = [
        {
            "report": f"[`{report.key}`]({report.key}.md)",
            "what": report.spec["title"],
            "systems": str(len(report.spec["systems"])),
            "published numbers": str((report.published["published"] != "").sum()),
            "findings of the audit": str(len(report.findings)),
        }
        for report in reports
    ]
    return "\n\n".join(
        [
            f"<!-- Made by `{COMMAND}`; do not edit. -->",
            "# The reports",
            "One page per report: how it is set up here, what the audit found in its tables, and "
            "its published\nnumbers. Ours depend on a run and stand in `results/tables/`.",
            as_table(rows),
            f"The pages are made from `reports/` by `{COMMAND}`.",
        ]
    )


def write_pages(folder: Path) -> None:
    """Write the page of every report, and the list of them, into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    reports = read_reports(ROOT / "reports")
    for report in reports:
        (folder / f"{report.key}.md").write_text(page(report))
    (folder / "README.md").write_text(index(reports) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "docs/reports")
    write_pages(parser.parse_args().folder)
