"""The pages of docs/reports: up to date, and whole."""

import csv
import re
import runpy
from collections import Counter

import pandas as pd
import pytest

from samples import ROOT

PAGES = ROOT / "docs/reports"
REPORTS = sorted(path.parent.name for path in (ROOT / "reports").glob("*/report.yaml"))
COMMAND = ".venv/bin/python docs/make_report_pages.py"


@pytest.fixture(scope="module")
def maker():
    """The script's functions by name."""
    return runpy.run_path(str(ROOT / "docs/make_report_pages.py"))


@pytest.fixture(scope="module")
def made(maker, tmp_path_factory):
    """A folder with the pages as they would be now."""
    folder = tmp_path_factory.mktemp("pages")
    maker["write_pages"](folder)
    return folder


@pytest.fixture(scope="module")
def findings(maker):
    """The audit's findings on all reports."""
    return maker["audit"](ROOT / "reports")


def cells_of(page):
    """Return all filled cells of the tables of published numbers, labels of rows left out."""
    tables = page.split("## Published numbers")[1]
    lines = re.findall(r"(?:^\|.*\n)+", tables, re.M)
    rows = [line for table in lines for line in table.splitlines()[2:]]
    cells = [cell.strip() for row in rows for cell in row.strip("|").split("|")[1:]]
    return Counter(filter(None, cells))


def test_the_committed_pages_are_up_to_date(made):
    wanted = {path.name: path.read_text() for path in made.iterdir()}
    committed = {path.name: path.read_text() for path in PAGES.glob("*.md")}
    stale = sorted(
        name for name in wanted.keys() | committed.keys() if wanted.get(name) != committed.get(name)
    )
    assert not stale, f"docs/reports: {', '.join(stale)} out of date; run {COMMAND}"


def test_every_report_has_a_page_in_the_list(made):
    listed = re.findall(r"\]\((\w+)\.md\)", (made / "README.md").read_text())
    assert listed == REPORTS
    assert {path.stem for path in made.iterdir()} == {*REPORTS, "README"}


@pytest.mark.parametrize("report", REPORTS)
def test_every_published_number_and_no_other_stands_in_the_page(made, report):
    with (ROOT / "reports" / report / "published.csv").open(newline="") as file:
        published = Counter(row["published"] for row in csv.DictReader(file) if row["published"])
    assert cells_of((made / f"{report}.md").read_text()) == published


@pytest.mark.parametrize("report", REPORTS)
def test_every_finding_stands_in_the_page(findings, made, report):
    text = (made / f"{report}.md").read_text()
    mine = [found for found in findings if found.report == report]
    for found in mine:
        for said in (found.finding, found.cell, found.arithmetic, found.explained_by):
            assert said in text
    assert text.count("(check `") == len(mine)


@pytest.mark.parametrize("report", REPORTS)
def test_a_page_leads_to_what_the_report_did(made, report):
    """It stands in the report's README, which begins with it, and there alone."""
    text = (made / f"{report}.md").read_text()
    (link,) = set(re.findall(r"\]\((.*README\.md)\)", text))
    readme = (PAGES / link).resolve()
    assert readme == ROOT / "reports" / report / "README.md"
    written = readme.read_text()
    headings = re.findall(r"^##? (.*)$", written, re.M)
    assert headings[:2] == [report, "What it did"]
    told = [line for line in written.splitlines() if len(line) > 60 and not line.startswith("|")]
    assert not [line for line in told if line in text]


def test_a_table_is_turned_only_where_that_makes_it_narrower(maker):
    rows, columns = ["a", "b"], [f"a long name of a column {k}" for k in range(9)]
    cells = pd.DataFrame(
        [{"row": r, "column": c, "published": f"{c[-1]}.{r}"} for r in rows for c in columns]
    )
    turned, is_turned = maker["laid_out"](cells)
    assert is_turned
    assert turned.splitlines()[2].split("|")[1:-1] == [f" {columns[0]} ", " 0.a ", " 0.b "]
    straight, is_turned = maker["laid_out"](
        cells.rename(columns={"row": "column", "column": "row"})
    )
    assert not is_turned
    assert straight == turned


def test_options_that_all_systems_share_are_said_once(maker):
    spec = {"systems": {"a": {"options": {"x": 1, "y": [1, 2]}}, "b": {"options": {"x": 2}}}}
    assert maker["shared_options"](spec) == {}
    spec["systems"]["b"]["options"] = {"y": [1, 2], "x": 2}
    assert maker["shared_options"](spec) == {"y": [1, 2]}
    del spec["systems"]["b"]
    assert maker["shared_options"](spec) == {}


@pytest.mark.parametrize(
    ("value", "text"),
    [([1, 0.5], "1, 0.5"), ({"a": True, "b": ["x"]}, "a: true; b: x"), (1.0e-7, "1e-07")],
)
def test_a_value_of_report_yaml_is_told_in_words(maker, value, text):
    assert maker["told"](value) == text


def test_texts_of_a_report_begin_nothing_of_markdown(maker):
    said = {"title": "<img src=x> [a](javascript:b)", "tables": [{"caption": "<b>"}]}
    plain = maker["plain"](said)
    assert plain["title"] == r"&lt;img src=x> \[a](javascript:b)"
    assert plain["tables"] == [{"caption": "&lt;b>"}]
