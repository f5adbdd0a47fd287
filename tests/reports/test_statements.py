"""Each report's page says of every statement that determines a number where it comes from."""

import re
from collections import Counter

import pytest

from mimii_bench.reports.report import load_report
from mimii_bench.splits.base import load_split
from mimii_bench.util import plugins
from samples import ROOT, read_schema

REPORTS = sorted(path.parent.name for path in ROOT.glob("reports/*/report.yaml"))
HEADING = "## Every statement that determines a number"
COLUMNS = ["statement", "value", "from", "option", "why or source"]
#: Options that move no number of a report, or not on the machine at hand.
WITHOUT = {"micro_batch", "mixed_precision", "channels_last"}


def statements(report):
    """The rows of the table of a report's page, as cells."""
    text = (ROOT / "reports" / report / "README.md").read_text()
    assert text.count(HEADING) == 1, f"{report}: no section {HEADING!r}"
    section = text.split(HEADING)[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    header, rule, *body = rows
    assert header == COLUMNS
    assert all(set(cell) <= {"-", ":"} for cell in rule)
    return body


def options_of(spec):
    """The options of all that a report names, defaults included."""
    named = set(load_split(spec["split"]["scheme"]).Options.model_fields)
    evaluation = spec.get("evaluation", {})
    ways = [evaluation.get("default", {}), *evaluation.get("variants", {}).values()]
    classes = [
        *(("features", one["class"]) for one in spec["features"].values()),
        *(("systems", one["class"]) for one in spec["systems"].values()),
        *(("evaluation", way["threshold"]["class"]) for way in ways if "threshold" in way),
    ]
    for room, name in classes:
        named |= set(plugins.load(room, name).Options.model_fields)
    return named - WITHOUT


@pytest.mark.parametrize("report", REPORTS)
def test_every_statement_has_a_source(report):
    body = statements(report)
    for cells in body:
        statement, value, source, _, _ = cells
        assert statement, cells
        assert value, cells
        assert source in ("printed", "cited", "ours"), cells
    names = [cells[0] for cells in body]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("report", REPORTS)
def test_every_option_is_a_statement(report):
    spec = load_report(ROOT / "reports" / report, read_schema("report")).spec
    told = set(re.findall(r"`([^`]+)`", " ".join(cells[3] for cells in statements(report))))
    assert options_of(spec) - told == set()


@pytest.mark.parametrize("report", REPORTS)
def test_every_claim_says_where_it_stands(report):
    """What the report does not claim is marked as ours."""
    claims = load_report(ROOT / "reports" / report, read_schema("report")).spec.get("claims", ())
    assert claims
    assert [claim["claim"] for claim in claims if not claim.get("place")] == []


@pytest.mark.parametrize(
    ("report", "places"),
    [
        (
            "gamma_ae",
            {
                "Evaluate Performance, check of the cutoff": 1,
                "Evaluate Performance, choice of the cutoff": 1,
                "Evaluate Performance, histograms of the test": 2,
                "Evaluate Performance, ROC curve": 1,
                "Evaluate Performance, pAUC": 1,
                "Evaluate Performance, table per ID": 2,
            },
        ),
        ("mimii_baseline", {"readme": 2, "the paper, Section 4": 2}),
    ],
)
def test_every_headline_statement_has_its_claim(report, places):
    """By the part of the text; the other reports' are counted in their own test modules."""
    claims = load_report(ROOT / "reports" / report, read_schema("report")).spec["claims"]
    found = Counter(place for claim in claims for place in claim["place"].split("; "))
    assert found == places
