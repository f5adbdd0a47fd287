"""The findings on the five reports, and a made-up report in which there is nothing to find."""

import re
import time

import pytest

from mimii_bench.audit import COLUMNS, audit, check, write_audit
from mimii_bench.audit.cells import load
from mimii_bench.audit.findings import CONTRADICTION, FACT, FITS
from mimii_bench.util.errors import UserError
from mimii_bench.util.records import read_rows
from samples import ROOT

HEAD = "table,row,column,machine,snr,id,system,variant,metric,published\n"


@pytest.fixture(scope="module")
def findings():
    return audit(ROOT / "reports")


def find(findings, **fields):
    """Return the findings whose fields have these values."""
    return [f for f in findings if all(getattr(f, k) == v for k, v in fields.items())]


#: report, table, check, then patterns for cell, finding, arithmetic and explanation
REQUIRED = [
    (
        *("eurecom_vae", "table_4", "confusion_matrix", "Precision, Recall, Accuracy, F1 Score"),
        "300 normal \\+ 801 abnormal .* precision 0.527, recall 0.620, .* rounded or cut",
        "497 found; precision 0.527 then needs 44[56] to 446 false alarms, of 300 normal clips",
        "together \\(cut: 2670 normal \\+ 801 abnormal clips, TP 497, FP 446, FN 304, TN 2224\\)$",
    ),
    (
        *("eurecom_vae", "table_3", "whole_numbers", "6 numbers", "rounded; .* chance of 0.00058"),
        *("33836/35600; .*; 20915/26700; .*; 16597/17800; ", "^$"),
    ),
    (
        *("gamma_ae", "per_id", "whole_numbers", "8 numbers", "shares of whole clips or pairs"),
        *("37292/51689", "00: 127; 02: 127; 04: 129; 06: 124 or 127 or 130"),
    ),
    (
        *("gamma_ae", "evaluate_performance", "whole_numbers", "1 number", "", "64/510"),
        "test set: 510 or 511",
    ),
    (
        *("gamma_ae", "evaluate_performance", "whole_numbers", "1 number", "", "332/3056"),
        "training set: 3056 or 3057",
    ),
    (
        *(
            "mimii_baseline",
            "readme",
            "whole_numbers",
            "10 numbers",
            "chance of 0.28; .* 7[0-9] % are found",
        ),
        *("105007/165649", "^$"),
    ),
    ("eurecom_vae", "table_3", "kind_of_mean", "", "arithmetic", "arithmetic 2 of 2", ""),
    (
        *(
            "eurecom_vae",
            "table_3",
            "pauc_definition",
            "3 pairs",
            "every pair allows pauc_mcclish$",
        ),
        *("pauc_mcclish: all fit; pauc_trapz: whole pairs excludes 3", "^pauc_mcclish$"),
    ),
    (
        *("gamma_ae", "per_id", "pauc_definition", "4 pairs", "every pair allows pauc_trapz$"),
        *("AUC 0.72147 allows 0.47368 to .* printed 0.19134", "^pauc_trapz$"),
    ),
    (
        *("ims_cnn", "section_5_3", "f1", "Youden", "prints 0.8688, .* give 0.6628"),
        *("2 \\* 0.5821 \\* 0.7695 / \\(0.5821 \\+ 0.7695\\) = 0.6628", "^$"),
    ),
    (
        *("ims_cnn", "section_5_3", "confusion_matrix", "Youden", "815 normal \\+ 295 abnormal"),
        *("227 found", "f1 aside .*TP 227, FP 163, FN 68, TN 652"),
    ),
    (
        *("ims_cnn", "table_2", "test_set", "^fan", "3 rows fit one test set"),
        *("-6dB cnn: 295; 0dB cnn: 295", "815 normal \\+ 295 abnormal clips"),
    ),
    (
        *("ims_cnn", "table_2", "test_set", "^pump", "3 rows fit one .* 91.2 abnormal"),
        *("-6dB cnn: 92; 0dB cnn: 92; 6dB cnn: 92", "749 or 750 normal \\+ 92 abnormal clips"),
    ),
    (
        *("ims_cnn", "table_2", "test_set", "^slider", "3 rows fit one .* 178 abnormal"),
        *("-6dB cnn: 178; 0dB cnn: 178", "641 normal \\+ 178 abnormal clips"),
    ),
    (
        *("ims_cnn", "table_2", "test_set", "^valve", "sets differ; .* would be 95.8 abnormal"),
        *("-6dB cnn: 96; 0dB cnn: 97; 6dB cnn: 97; not all rows fit 20 % of the public set", "^$"),
    ),
    (
        *("ims_cnn", "table_2", "confusion_matrix", "Valve 0dB", "95 or 96 abnormal clips"),
        *("95/96 = 0.9896", "737 normal \\+ 97 abnormal clips, TP 96, FP 0, FN 1"),
    ),
    (
        *("ims_cnn", "table_2", "confusion_matrix", "Valve 6dB", "95 or 96 abnormal clips"),
        *("95/96 = 0.9896", "737 normal \\+ 97 abnormal clips, TP 96, FP 0, FN 1"),
    ),
    (
        *("ims_cnn", "table_1", "public_counts", "all ids", "lists 28 ids, .* 12 are not public"),
        *("28 ids - 16 public = 12", ""),
    ),
    (
        *("ims_cnn", "table_1", "public_counts", "Total / normal", "26092 .* holds 14719"),
        *("26092 - 14719 = 11373", "the ids that are not public: 11373 clips"),
    ),
    (
        *("ims_cnn", "figure_3", "bounds_of_mean", "6dB Journal / Fan", "add up to 1.153"),
        *("4 \\* 0.94 - 0.744586 - 0.993056 - 0.868865 = 1.153", "seven ids"),
    ),
    (
        *("ims_cnn", "figure_3", "bounds_of_mean", "0dB Journal / Fan", "that is 0.801"),
        *("", "seven ids"),
    ),
    ("two_mic_ae", "table_1", "kind_of_mean", "", "harmonic", "0 of 36, harmonic 35 of 36", ""),
    (
        *("two_mic_ae", "table_1", "average", "Mahalanobis mics 2-6 alpha 0.5$"),
        *("prints 0.7237, the harmonic mean of its parts is 0.7227", "0.8981, 0.9136", "one digit"),
    ),
    (
        *("two_mic_ae", "table_1", "pauc_definition", "72 pairs", "pauc_mcclish, not pauc_topk"),
        *("AUC 0.4808 allows 0.0000 to 0.4808, printed 0.4883", "^pauc_mcclish$"),
    ),
    (
        *("two_mic_ae", "table_1", "claimed_gain", "section 3.4: .* 4.29 %", "on the test set"),
        "0.77089 - 0.72800 = 0.04289",
        "auc gain of mics_0_4 over baseline mse, best setting per machine, harmonic mean$",
    ),
    (
        *("two_mic_ae", "table_1", "claimed_gain", "section 3.4: .* 3.45 %"),
        "if rounded, no such gain of pauc_mcclish gives it, one of auc does, by the best setting "
        "for each machine, chosen on the test set; if cut, a gain as described gives it",
        "if rounded 0.034552 to 0.034700 against 0.034450 to 0.034550, if cut .* against 0.034500 "
        "to 0.034600; explained by: 0.76253 - 0.72800 = 0.03453",
        "^absolute auc gain of mics_2_6 over baseline mse, best setting per machine, harmonic mean"
        "; if cut: absolute pauc_mcclish gain of mics_2_6 over .*, setting mics_2_6 mse_alpha_2,",
    ),
    ("complex_net", "table_2", "kind_of_mean", "", "arithmetic", "arithmetic 6 of 6", ""),
    (
        *("complex_net", "table_2", "claimed_gain", "6.72 %", "no rule gives it"),
        *("0.96720 - 0.90020 = 0.06700", "^$"),
    ),
    (
        *("gamma_ae", "per_id", "folds", "10 numbers", "^1 of 9000 ways .* all 10 numbers"),
        *(
            "64/510 = 0.125, 332/3056 = 0.1086",
            "^127 \\+ 127 \\+ 129 \\+ 127 = 510 test, 3056 train",
        ),
    ),
    ("complex_net", "figure_4", "public_counts", "valve", "118 .* no valve id", "id 00: 119", "^$"),
]


@pytest.mark.parametrize("required", REQUIRED, ids=lambda r: " ".join(r[:4]))
def test_the_audit_comes_upon(findings, required):
    report, table, check, *patterns = required
    candidates = find(findings, report=report, table=table, check=check)
    texts = [(f.cell, f.finding, f.arithmetic, f.explained_by) for f in candidates]
    matching = [t for t in texts if all(map(re.search, patterns, t))]
    assert len(matching) == 1, texts


#: Findings that say what fits; all others say that something does not.
INFORMATIVE = {"folds", "kind_of_mean", "pauc_definition", "test_set", "whole_numbers"}


def test_nothing_else_is_found_wrong(findings):
    wrong = [f for f in findings if f.check not in INFORMATIVE]
    required = [r for r in REQUIRED if r[2] not in INFORMATIVE]
    # One more: the total of abnormal clips, whose parts are not legible.
    assert len(wrong) == len(required) + 1
    assert find(wrong, report="ims_cnn", cell="Total / anomalous", explained_by="")


def test_findings_say_of_what_kind_they_are(findings):
    assert {f.kind for f in findings} == {CONTRADICTION, FITS, FACT}
    fit = [f for f in findings if f.kind == FITS]
    assert {f.check for f in fit} == INFORMATIVE
    (fact,) = find(findings, kind=FACT)
    assert "of which 12 are not public" in fact.finding
    against = [(f.report, f.check) for f in findings if f.kind == CONTRADICTION]
    assert ("two_mic_ae", "pauc_definition") in against
    # Of the valves; the rows of all other machines share a set.
    (valves,) = find(findings, check="test_set", kind=CONTRADICTION)
    assert valves.cell.startswith("valve")


def test_two_valve_rows_share_a_set_that_nobody_names():
    """Without the row at -6 dB, which needs 96 anomalies, the two that need 97 agree."""
    everything = load(ROOT / "reports")
    report = everything["ims_cnn"]
    others = tuple(c for c in report.cells if (c.table, c.row) != ("table_2", "Valve -6dB"))
    found = check({**everything, "ims_cnn": report._replace(cells=others)})
    (finding,) = find(found, check="test_set", cell="valve (0dB cnn, 6dB cnn)")
    assert finding.finding.startswith("2 rows fit one test set, but none that is named; 20 %")
    assert finding.explained_by == "as many clips, otherwise divided: 97 abnormal"


def test_every_finding_shows_its_arithmetic(findings):
    assert all(f.report and f.table and f.cell and f.finding and f.arithmetic for f in findings)


def test_the_order_is_fixed_and_the_file_has_the_columns(findings, tmp_path):
    again = audit(str(ROOT / "reports"))
    assert again == findings
    write_audit(findings, tmp_path / "audit.csv")
    rows = read_rows(tmp_path / "audit.csv")
    assert [tuple(row.values()) for row in rows] == [tuple(f) for f in findings]
    expected = ("report", "table", "cell", "check", "finding", "arithmetic", "explained_by", "kind")
    assert tuple(rows[0]) == COLUMNS == expected


def test_the_audit_takes_seconds(findings):
    start = time.monotonic()
    audit(ROOT / "reports")
    assert time.monotonic() - start < 10


def test_a_report_without_notes_and_without_mistakes(tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    values = {"precision": "0.714", "recall": "0.750", "f1": "0.732", "auc": ""}
    cells = [f"t,{m},printed,fan,6dB,,mine,,{m},{value}\n" for m, value in values.items()]
    (folder / "published.csv").write_text(HEAD + "".join(cells))
    assert audit(tmp_path) == []


@pytest.mark.parametrize("notes", ["", "# Nothing to say.\n", "{}\n", "sums:\nmeans: []\n"])
def test_notes_may_be_empty(tmp_path, notes):
    (tmp_path / "published.csv").write_text(f"{HEAD}t,a,n,fan,6dB,,mine,,auc,0.5\n")
    (tmp_path / "audit.yaml").write_text(notes)
    assert audit(tmp_path.parent) == []


@pytest.mark.parametrize(
    ("notes", "message"),
    [
        ("- sums\n", "must be sections with their entries"),
        ("sums: {table: t}\n", "sums: must be a list of entries"),
        ("sums: [t]\n", "sums: must be a list of entries"),
    ],
)
def test_notes_of_another_form_are_refused(tmp_path, notes, message):
    (tmp_path / "published.csv").write_text(f"{HEAD}t,a,n,fan,6dB,,mine,,auc,0.5\n")
    (tmp_path / "audit.yaml").write_text(notes)
    with pytest.raises(UserError, match=rf"audit\.yaml: {message}"):
        audit(tmp_path.parent)


@pytest.mark.parametrize("text", ["about .5", "-1", "inf", "nan", "5e-1", "."])
def test_what_is_no_number_is_refused_with_its_line(tmp_path, text):
    """An exponent too: it hides how many digits are printed."""
    (tmp_path / "published.csv").write_text(f"{HEAD}t,a,n,fan,6dB,,mine,,auc,{text}\n")
    with pytest.raises(UserError, match=r"published\.csv: line 2: .*is no number") as refused:
        audit(tmp_path.parent)
    assert repr(text) in str(refused.value)


@pytest.mark.parametrize(
    ("report", "table", "system"),
    [
        ("eurecom_vae", "table_5", "vae"),
        ("ims_cnn", "figure_3", "journal"),
        ("ims_cnn", "table_3", "cnn"),
    ],
)
def test_a_slip_in_a_number_that_stands_elsewhere_too_is_found(report, table, system):
    everything = load(ROOT / "reports")
    printed = everything[report]
    cell = printed.table(table, system=system)[0]
    wrong = cell._replace(published=cell.published[:-1] + "89"[cell.published[-1] == "8"])
    cells = tuple(wrong if c == cell else c for c in printed.cells)
    found = check({**everything, report: printed._replace(cells=cells)})
    told = find(found, check="repeated_number")
    assert told
    assert not find(check(everything), check="repeated_number")
    assert all(wrong.published in f.finding for f in told)


def test_a_folder_without_reports(tmp_path):
    assert audit(tmp_path) == []
