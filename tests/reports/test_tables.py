"""Published numbers beside ours."""

import csv

import pandas as pd
import pytest

from mimii_bench.evaluation.intervals import Estimate
from mimii_bench.reports import tables
from mimii_bench.reports.columns import LONG_KEY
from mimii_bench.reports.published import Cell, read_cells
from mimii_bench.reports.tables import Setting, layout, merge, write_long, write_printed
from mimii_bench.util.errors import UserError

CONTRACT = (
    "report,table,row,column,machine,snr,id,system,variant,metric,"
    "published,reproduced,ci_low,ci_high,pi_low,pi_high,seeds,corpus,status"
)
TABLES = {
    "main": {"caption": "Main numbers", "comparable": True},
    "side": {"caption": "Others", "comparable": False, "reason": "of other ids"},
}
REAL = Setting("mimii", "full", True, {"corpora": {"mimii": "same"}, "tables": TABLES})
SIMULATED = REAL._replace(corpus="simulated")

#: row of table -> (published, reproduced)
CELLS = {
    ("main", "inside"): (0.7, 0.7),
    ("main", "outside"): (0.9, 0.7),
    ("main", "printed only"): (0.633913, None),
    ("main", "ours only"): (None, 0.7),
    ("main", "neither"): (None, None),
    ("main", "00"): (50760, None),
    ("side", "inside"): (0.7, 0.7),
}


def cells():
    return [
        Cell(table, row, "AUC", published="" if published is None else str(published))
        for (table, row), (published, _) in CELLS.items()
    ]


def estimate_of(cell):
    value = CELLS[cell.table, cell.row][1]
    if value is None:
        return None
    return Estimate(value, value - 0.1, value + 0.1 / 3, 3, value - 0.05, value + 0.05)


def compared(setting):
    return tables.compared("a_report", cells(), list(map(estimate_of, cells())), setting)


def statuses(setting):
    rows = compared(setting)
    return {(row.table, row.row): row.status for row in rows.itertuples()}


def written(rows, path):
    write_long(rows, path)
    with path.open() as file:
        return list(csv.DictReader(file))


def test_a_number_agrees_where_one_more_run_would_print_it_and_differs_elsewhere():
    assert statuses(REAL) == {
        ("main", "inside"): "agrees",
        ("main", "outside"): "differs",
        ("main", "printed only"): "published_only",
        ("main", "ours only"): "reproduced_only",
        ("main", "00"): "published_only",
        ("side", "inside"): "not_comparable",
    }


@pytest.mark.parametrize(
    "setting",
    [
        SIMULATED,
        REAL._replace(corpus="own"),
        REAL._replace(corpus="dcase2020"),
        REAL._replace(complete=False),
    ],
    ids=lambda setting: f"{setting.corpus}-{setting.budget}",
)
def test_other_corpora_and_budgets_neither_agree_nor_differ(setting):
    found = statuses(setting)
    assert found["main", "inside"] == found["main", "outside"] == "not_comparable"
    assert found["main", "ours only"] == "reproduced_only"
    assert not {"agrees", "differs"} & set(found.values())


@pytest.mark.parametrize(
    ("published", "predicted", "status"),
    [
        (0.6, (0.6, 0.8), "agrees"),
        (0.599999, (0.6, 0.8), "differs"),
        # With one seed nothing is predicted.
        (0.7, (None, None), "not_comparable"),
        (0.1, (None, None), "not_comparable"),
    ],
)
def test_what_one_more_run_would_print_decides(published, predicted, status):
    cell = cells()[0]._replace(published=str(published))
    rows = tables.compared("r", [cell], [Estimate(0.7, 0.65, 0.75, 3, *predicted)], REAL)
    assert rows["status"].tolist() == [status]


@pytest.mark.parametrize(
    ("corpus", "spec", "expected"),
    [
        ("mimii", {}, (False, 1)),
        ("dcase2020", {}, (True, 1)),
        ("simulated", {}, (True, 1)),
        ("mimii", {"runs": 5}, (False, 5)),
    ],
)
def test_what_a_printed_number_rests_on_is_said_by_the_report(corpus, spec, expected):
    corpora = {"mimii": "same", "dcase2020": "drawn"}
    setting = Setting(corpus, "full", True, {"corpora": corpora, **spec})
    printed = setting.printed(cells()[0]._replace(published="0.91"))
    assert printed == (*expected, pytest.approx(0.005))


def test_the_long_table_has_exactly_the_contract_s_columns(tmp_path):
    written(compared(REAL), tmp_path / "all.csv")
    assert (tmp_path / "all.csv").read_text().split("\n")[0] == CONTRACT


def test_numbers_have_six_digits_counts_none_and_nothing_is_empty(tmp_path):
    rows = {row["row"]: row for row in written(compared(REAL), tmp_path / "all.csv")[:-1]}
    numbers = ("published", "reproduced", "ci_low", "ci_high", "pi_low", "seeds", "corpus")
    assert [rows["inside"][key] for key in numbers] == [
        "0.7",
        "0.7",
        "0.6",
        "0.733333",
        "0.65",
        "3",
        "mimii",
    ]
    assert [rows["printed only"][key] for key in numbers] == ["0.633913", *[""] * 6]
    assert rows["00"]["published"] == "50760"
    assert rows["ours only"]["published"] == ""


def test_what_is_neither_printed_nor_ours_is_left_out(tmp_path):
    rows = written(compared(REAL), tmp_path / "all.csv")
    assert [row["row"] for row in rows if row["row"] == "neither"] == []
    assert len(rows) == len(CELLS) - 1


def test_a_report_without_a_single_number_is_an_empty_table(tmp_path):
    blank = [cell._replace(published="") for cell in cells()]
    rows = tables.compared("r", blank, [None] * len(blank), REAL)
    assert written(rows, tmp_path / "all.csv") == []
    assert (tmp_path / "all.csv").read_text() == CONTRACT + "\n"
    write_printed(rows, REAL, tmp_path / "printed")
    assert list((tmp_path / "printed").iterdir()) == []


def test_merging_keeps_the_bytes_of_every_row(tmp_path):
    for report in "ab":
        write_long(compared(REAL).assign(report=report), tmp_path / f"{report}.csv")
    merge([tmp_path / "a.csv", tmp_path / "b.csv"], LONG_KEY, tmp_path / "all.csv")
    a, b, both = ((tmp_path / f"{name}.csv").read_text() for name in ("a", "b", "all"))
    assert both == a + b.removeprefix(CONTRACT + "\n")


def test_merging_refuses_a_key_that_stands_twice(tmp_path):
    write_long(compared(REAL), tmp_path / "a.csv")
    with pytest.raises(ValueError, match="a key stands twice"):
        merge([tmp_path / "a.csv", tmp_path / "a.csv"], LONG_KEY, tmp_path / "all.csv")
    assert not (tmp_path / "all.csv").exists()


def test_a_printed_table_shows_ours_with_its_interval_and_theirs(tmp_path):
    write_printed(compared(REAL), REAL, tmp_path)
    text = (tmp_path / "main.md").read_text()
    assert text.startswith("### Main numbers\n\nOurs from the mimii corpus, budget full")
    assert "0.700 [0.600, 0.733] (0.7)" in text
    assert "(0.633913)" in text
    assert "ot comparable" not in text
    grid = pd.read_csv(tmp_path / "main.csv", dtype=str, index_col=0)
    assert list(grid.index) == ["inside", "outside", "printed only", "ours only", "00"]
    assert grid.loc["outside", "AUC"] == "0.700 [0.600, 0.733] (0.9)"


def test_a_row_s_name_stays_text_in_a_printed_table(tmp_path):
    rows = compared(REAL)
    write_printed(rows[rows["row"] == "00"].assign(row="0.10"), REAL, tmp_path)
    last = (tmp_path / "main.md").read_text().splitlines()[-1]
    assert last.split("|")[1].strip() == "0.10"


def test_a_printed_table_says_why_it_cannot_be_compared(tmp_path):
    write_printed(compared(REAL), REAL, tmp_path)
    assert "Not comparable: of other ids." in (tmp_path / "side.md").read_text()


def test_a_simulated_table_says_so_and_shows_no_published_number(tmp_path):
    write_printed(compared(SIMULATED), SIMULATED, tmp_path)
    for path in tmp_path.glob("main.*"):
        text = path.read_text()
        assert "0.700 [0.600, 0.733]" in text
        assert not any(number in text for number in ("(0.7)", "0.9", "0.633913", "50760"))
    assert "simulated" in (tmp_path / "main.md").read_text()
    assert "say nothing about the published" in (tmp_path / "main.md").read_text()


def test_weights_stand_beside_the_printed_ones_whatever_the_recordings(tmp_path):
    (cell,) = [cell._replace(metric="parameters") for cell in cells() if cell.row == "00"]
    others = [Estimate(50760), Estimate(50761)]
    found = tables.compared("r", [cell] * 2, others, SIMULATED)
    assert found["status"].tolist() == ["agrees", "differs"]
    rows = found[:1]
    write_printed(rows, SIMULATED, tmp_path)
    text = (tmp_path / "main.md").read_text()
    assert "50760 (50760)" in text
    assert "counted in the networks" in text
    assert "simulated" not in text
    assert "ot comparable" not in text


EXCEPTED = {"row": "outside", "reason": "of other clips"}


def test_an_exception_is_not_comparable_and_says_why(tmp_path):
    main = {**TABLES["main"], "exceptions": [EXCEPTED]}
    setting = REAL._replace(spec={**REAL.spec, "tables": {**TABLES, "main": main}})
    found = statuses(setting)
    assert (found["main", "inside"], found["main", "outside"]) == ("agrees", "not_comparable")
    write_printed(compared(setting), setting, tmp_path)
    text = (tmp_path / "main.md").read_text()
    assert "In part not comparable: of other clips." in text
    assert "Not comparable" not in text


def test_supervised_systems_are_marked(tmp_path):
    spec = {**REAL.spec, "systems": {"cnn": {"supervised": True}, "ae": {"supervised": False}}}
    setting = REAL._replace(spec=spec)
    for system, marked in (("cnn", True), ("ae", False), ("journal", False)):
        rows = compared(setting).assign(system=system)
        write_printed(rows, setting, tmp_path / system)
        text = (tmp_path / system / "main.md").read_text()
        assert ("Supervised, trained on abnormal clips too: cnn." in text) == marked


def test_rows_and_columns_stand_in_the_order_of_the_report():
    rows = compared(REAL)
    rows = pd.concat([rows.assign(column=column) for column in ("6dB", "-6dB")])
    grid = layout(rows[rows["table"] == "main"], published=True)
    assert list(grid.columns) == ["6dB", "-6dB"]
    assert list(grid.index)[:3] == ["inside", "outside", "printed only"]


def test_counts_are_printed_with_all_of_their_digits():
    row = {"row": "weights", "column": "a", "ci_low": float("nan"), "ci_high": float("nan")}
    rows = pd.DataFrame([row | {"reproduced": 2_228_420.0, "published": 0.1234567}])
    assert layout(rows, published=True).loc["weights", "a"] == "2228420 (0.123457)"


def write_published(path, rows):
    path.write_text("\n".join([",".join(CONTRACT.split(",")[1:11]), *rows]) + "\n")
    return path


def test_published_numbers_keep_ids_as_text_and_gaps_as_gaps(tmp_path):
    rows = ["main,a,0dB,fan,0dB,00,ae,,auc,0.5", "main,a,6dB,fan,6dB,,ae,,auc,"]
    found = read_cells(write_published(tmp_path / "published.csv", rows))
    assert [cell.id for cell in found] == ["00", ""]
    assert [cell.value for cell in found] == [0.5, None]


@pytest.mark.parametrize(
    "text",
    [
        "table,row,column\n",
        "\n".join([",".join(CONTRACT.split(",")[1:11]), *["main,a,b,,,,,,,1"] * 2]),
    ],
    ids=["columns", "repeated"],
)
def test_published_tables_that_break_the_contract_are_named(tmp_path, text):
    path = tmp_path / "published.csv"
    path.write_text(text)
    with pytest.raises(UserError, match=f"{path}: line"):
        read_cells(path)
