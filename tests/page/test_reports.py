"""The section of the reports: tables, claims, what is the best, what is compared."""

import pytest

from made_up_run import facts, files, seal_run, write_run
from mimii_bench.page import reports
from mimii_bench.page.bests import bests
from mimii_bench.page.claims import _verdict
from mimii_bench.page.given import Given
from mimii_bench.page.report_tables import printed, tables

EMPTY = dict.fromkeys(("ci_low", "ci_high", "published", "reproduced", "status"), "")


@pytest.fixture
def section(tmp_path):
    write_run(tmp_path)
    return reports.section(Given(facts(), files(tmp_path)))


@pytest.fixture
def real(tmp_path):
    write_run(tmp_path, simulated=False)
    return reports.section(Given(facts(simulated=False), files(tmp_path)))


def cell(row, column, **given):
    named = {"report": "some_report", "table": "t", "row": row, "column": column, "metric": "auc"}
    return {**EMPTY, **named, **given}


def table_of(rows, columns):
    rows = [cell(f"r{i}", f"c{k}", published="0.5") for i in range(rows) for k in range(columns)]
    (found,) = tables(facts()["reports"][0], rows)
    return found


def test_a_report_names_its_authors_and_year(section):
    (report,) = section["reports"]
    assert report["made_by"] == "Somebody and Another, 2020"


def test_a_report_without_a_year_is_undated(tmp_path):
    write_run(tmp_path)
    found = reports.section(Given(facts(report={"year": None}), files(tmp_path)))
    assert found["reports"][0]["made_by"] == "Somebody and Another, undated"


def test_tables_hold_both_numbers_and_their_units(section):
    first, second = section["reports"][0]["tables"]
    assert first["caption"] == "AUC per machine"
    assert first["units"] == "AUC as fractions of 1"
    assert first["lines"][0]["cells"][0] == {
        "printed": ".8714",
        "ours": ".812 [.77, .85]",
        "status": "",
    }
    assert second["units"] == "clips counted"
    assert second["lines"][0]["cells"][0]["printed"] == "2,370"


def test_agreement_is_told_of_real_recordings_alone(section, real):
    def statuses(found):
        lines = found["reports"][0]["tables"][0]["lines"]
        return {one["status"] for line in lines for one in line["cells"] if one}

    assert statuses(section) == {""}
    assert statuses(real) == {"agrees", ""}


@pytest.mark.parametrize(
    ("rows", "columns", "turned"), [(10, 29, True), (3, 6, False), (30, 8, False), (2, 7, True)]
)
def test_a_wide_table_is_turned(rows, columns, turned):
    table = table_of(rows, columns)
    assert table["turned"] is turned
    assert len(table["heads"]) == (rows if turned else columns)
    assert all(cell for line in table["lines"] for cell in line["cells"])


def test_printed_numbers_keep_their_digits():
    assert [printed("auc", value) for value in (0.8714, 0.5, 1.0, 0.634)] == [
        *(".8714", ".50"),
        *("1.00", ".634"),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "not_comparable (supported here, one training)",
            ("not_comparable", "supported", "one training"),
        ),
        ("not_comparable (inconclusive here)", ("not_comparable", "inconclusive", "")),
        ("contradicted", ("contradicted", "contradicted", "")),
        ("not_computed", ("not_computed", "not_computed", "")),
    ],
)
def test_verdicts_are_read_as_claims_csv_has_them(text, told):
    assert _verdict(text) == told


def test_claims_are_counted_numbered_and_drawn(section):
    (report,) = section["reports"]
    assert [one["number"] for one in report["claims"]] == [1, 2, 3, 4]
    assert report["verdicts"] == [
        *(("supported", 1), ("contradicted", 1)),
        *(("open", 1), ("not computed", 1)),
    ]
    assert report["claims"][1]["tolerance"] == 0.05
    drawn = report["forest"].spec["layer"][1]["data"]["values"]
    assert [one["line"][:2] for one in drawn] == ["1.", "2.", "3."]


def test_a_line_of_agreement_is_drawn_on_real_recordings_alone(section, real):
    marks = [
        [layer["mark"]["type"] for layer in found["reports"][0]["overview"].spec["layer"]]
        for found in (section, real)
    ]
    assert marks == [["rule", "point"], ["line", "rule", "point"]]
    assert "means nothing" in section["reports"][0]["overview"].about


def test_counts_are_in_no_overview(section):
    points = section["reports"][0]["overview"].spec["data"]["values"]
    assert len(points) == 8
    assert {one["metric"] for one in points} == {"AUC"}


def test_a_report_without_numbers_of_ours_has_no_pictures(tmp_path):
    write_run(tmp_path)
    for name in ("all", "claims"):
        path = tmp_path / f"{name}.csv"
        path.write_text(path.read_text().splitlines()[0] + "\n")
    seal_run(tmp_path)
    (report,) = reports.section(Given(facts(), files(tmp_path)))["reports"]
    assert (report["overview"], report["forest"], report["tables"]) == (None, None, [])


def test_the_best_has_the_highest_mean_among_those_with_the_most_cells():
    rows = [
        cell("a", "b", system=system, machine="fan", snr=snr, id="", variant="", reproduced=auc)
        for system, snr, auc in [
            *(("one", "6dB", "0.9"), ("one", "0dB", "0.5")),
            *(("two", "6dB", "0.8"), ("two", "0dB", "0.8")),
            ("lucky", "6dB", "1.0"),
        ]
    ]
    (found,) = bests(facts()["reports"], rows, ["fan", "pump"])
    assert found["cells"][0]["system"] == "two"
    assert found["cells"][0]["auc"] == ".800"
    assert found["cells"][1] is None
