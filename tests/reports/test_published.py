"""Published numbers: transcribed by hand into published.csv, and here once more from the texts.

The texts are not part of the repository; where ../shared/reports is absent, only the counts and
the conventions are tested. Left out on purpose: kernel sizes, strides and channels of complex_net's
Table I, which are no metrics and stand in its table_1.csv; gains, which are differences of printed
numbers and stand in audit.yaml; the 861,000 weights of eurecom_vae's section 5, which are the
861,480 of its Table 1 in thousands; epochs and the like.
"""

import csv
import re
from collections import Counter
from decimal import Decimal
from itertools import product

import numpy as np
import pytest

from mimii_bench.corpus.base import LABELS, Unit
from mimii_bench.corpus.mimii import COUNTS as PUBLIC
from mimii_bench.corpus.mimii import MACHINES, SNRS
from mimii_bench.evaluation.scores import write_scores
from mimii_bench.reports.published import COUNTED, read_cells
from mimii_bench.reports.recipes import recipe_of
from mimii_bench.reports.report import load_report
from mimii_bench.reports.reproduction import Reproduction
from mimii_bench.reports.tables import Setting, compared
from mimii_bench.splits.manifests import SplitRow
from mimii_bench.util.errors import UserError
from samples import ROOT, read_schema

TEXTS = ROOT.parent / "shared" / "reports"
METRICS = (
    *("auc", "pauc_mcclish", "pauc_trapz", "pauc_topk", "accuracy", "precision", "recall", "f1"),
    *("fpr", "tpr", "clips", "parameters", "threshold"),
)

#: report -> table -> (printed numbers, cells that only we fill)
COUNTS = {
    "complex_net": {
        "table_2": (30, 10),
        "figure_4": (8, 2),
        "identification": (0, 32),
        "attention": (0, 8),
        "weights": (0, 17),
    },
    "eurecom_vae": {
        "section_2_2": (4, 0),
        "table_1": (13, 0),
        "table_2": (8, 0),
        "table_3": (8, 8),
        "table_4": (5, 5),
        "table_5": (3, 0),
    },
    "gamma_ae": {"evaluate_performance": (3, 29), "per_id": (8, 36)},
    "ims_cnn": {
        "table_1": (30, 16),
        "figure_3": (24, 12),
        "table_2": (60, 0),
        "table_3": (10, 20),
        "section_5_3": (16, 17),
    },
    "mimii_baseline": {"readme": (10, 38), "journal": (12, 0)},
    "two_mic_ae": {"section_3_1": (2, 0), "table_1": (180, 110)},
}
FIVE = ("accuracy", "precision", "recall", "f1", "auc")


def percent(text):
    """Move the point two places, keeping every digit: 71,90 is 0.7190."""
    return str(Decimal(text.strip().rstrip("%").replace(",", ".")).scaleb(-2))


def count(text):
    return text.replace(",", "").strip()


def table_rows(text, start, columns):
    """Return the tab-separated rows of `columns` cells behind `start`, markup removed."""
    lines = re.sub(r"</?b>", "", text[text.index(start) :]).split("\n")
    rows = []
    for line in lines:
        cells = line.split("\t")
        if len(cells) == columns:
            rows.append([cell.strip() for cell in cells])
        elif rows and line.strip():
            break
    return rows


def eurecom_vae(text):
    found = re.search(
        r"training set contains ([\d,]+) normal.*?has ([\d,]+) records \((\d+) normal, (\d+) ano",
        text,
        re.S,
    )
    here = ("slider", "-6dB")
    names = ("training set", "normal"), ("test set", "records"), ("test set", "normal")
    for name, number in zip((*names, ("test set", "anomalous")), found.groups(), strict=True):
        yield "section_2_2", *name, *here, "", "", "", "clips", count(number)
    for table, system, total in (
        ("Table 1", "vae", "3.3.1"),
        ("Table 2", "ae", "3.4.1"),
    ):
        name = table.lower().replace(" ", "_")
        for layer, _, number in table_rows(text, f"**{table}**", 3)[1:]:
            label = layer.split(" (")[0]
            yield name, label, "Param #", "", "", "", system, "", "parameters", count(number)
        number = re.search(r"total of ([\d,]+) trainable", text[text.index(f"**{total}") :])[1]
        label = f"Total (section {total})"
        yield name, label, "Param #", "", "", "", system, "", "parameters", count(number)
    for id, auc, pauc in table_rows(text, "**Table 3**", 3)[1:]:
        row, id = ("Average (arithmetic)", "") if id == "Average" else (id, id)
        yield "table_3", row, "AUC", *here, id, "vae", "", "auc", auc
        yield "table_3", row, "pAUC", *here, id, "vae", "", "pauc_mcclish", pauc
    for name, value in table_rows(text, "**Table 4**", 2)[1:]:
        metric = name.split()[0].lower()
        value = percent(value) if "%" in value else value
        yield "table_4", name, "printed", *here, "", "ae", "pooled", metric, value
    header, values = table_rows(text, "**Table 5**", 3)
    for system, value in zip(header[1:], values[1:], strict=True):
        variant = {"AE": "pooled", "VAE": ""}[system]
        yield "table_5", "AUC", system, *here, "", system.lower(), variant, "auc", value
    value = re.search(r"average AUC of (0\.\d+), compared", text)[1]
    yield "table_5", "AUC in the text (section 5)", "VAE", *here, "", "vae", "", "auc", value


def gamma_ae(text):
    here = ("fan", "6dB")
    train = re.search(r"length\(A_train\)\s+ans = ([\d.]+)", text)[1]
    tpr, fpr = re.search(r"\(TPR\) of ([\d.]+) at the cost of an FPR of (\d\.\d+)", text).groups()
    table = "evaluate_performance"
    yield table, "training set", "FPR", *here, "", "ae", "train", "fpr", train
    yield table, "test set", "TPR", *here, "", "ae", "", "tpr", tpr
    yield table, "test set", "FPR", *here, "", "ae", "", "fpr", fpr
    block = text[text.index("IDs     AUCs       pAUCs") :].split("The results show")[0]
    for id, auc, pauc in re.findall(r"^ +(\d) +(0\.\d+) +(0\.\d+)$", block, re.M):
        yield "per_id", id, "AUCs", *here, f"0{id}", "ae", "", "auc", auc
        yield "per_id", id, "pAUCs", *here, f"0{id}", "ae", "", "pauc_trapz", pauc


def two_mic_ae(text):
    # "we randomly selected 1,000 normal", "200 normal and anomalous audio files"
    train = re.search(r"selected ([\d,]+) normal", text)[1]
    test = re.search(r"included (\d+) normal and anomalous", text)[1]
    yield "section_3_1", "training set", "normal", *[""] * 5, "clips", count(train)
    yield "section_3_1", "test set", "normal and anomalous", *[""] * 5, "clips", test
    # The header of the converted table is shifted against its columns: two microphone pairs with
    # four alphas each and the baseline, for both scorings.
    alphas = re.findall(r"alpha = (\d+),(\d)", text)
    assert len(alphas) == 16
    assert len(set(alphas)) == 4
    named = [f"{whole}.{part}".removesuffix(".0") for whole, part in alphas[:4]]
    settings = [
        (f"mics {pair} alpha {alpha}", pair, alpha) for pair in ("0-4", "2-6") for alpha in named
    ]
    columns = [(s, *x) for s in ("MSE", "Mahalanobis") for x in (*settings, ("baseline", "", ""))]
    machine = ""
    for first, title, *values in re.findall(
        r"^(\w*)\t(p?AUC)" + r"\t(\d\d,\d\d)" * 18 + r"\t*$", text, re.M
    ):
        machine = first or machine
        average = machine == "Average"
        row = f"{machine} {title}" + " (harmonic)" * average
        metric = {"AUC": "auc", "pAUC": "pauc_mcclish"}[title]
        for (scoring, name, pair, alpha), value in zip(columns, values, strict=True):
            system = f"mics_{pair.replace('-', '_')}" if pair else "baseline"
            variant = scoring.lower() + f"_alpha_{alpha}" * bool(alpha)
            subject = ("" if average else machine.lower(), "", "", system, variant, metric)
            yield "table_1", row, f"{scoring} {name}", *subject, percent(value)


def complex_net(text):
    systems = (
        ("Giri et al. Log-mel Mobilenetv2", "giri_logmel_mobilenet"),
        ("Giri et al. Log-mel Deep encoder", "giri_logmel_deep"),
        ("Giri et al. Magnitude Deep encoder", "giri_magnitude_deep"),
        ("Proposed Magnitude Deep encoder", "id_magnitude_deep"),
        ("Proposed Complex Deep encoder", "id_complex_deep"),
        ("Proposed Complex Deep encoder with attention block", "id_complex_deep_attention"),
    )
    # A seventh row belongs to the attention system's second line and repeats the sixth misread
    # (03.33 for 89.55); the report's own text confirms the sixth.
    rows = re.findall(r"encoder(?:.*)" + r"\t(\d\d\.\d\d)" * 5, text)
    first = re.search(r"Mobilenetv2" + r"\t(\d\d\.\d\d)" * 5, text).groups()
    assert "average AUC score of 95.39%" in text
    assert "89.55%, 98.75% and 96.87%" in text
    columns = ("Fan", "Pump", "Slider", "Valve", "Avg (arithmetic)")
    for (label, system), values in zip(systems, [first, *rows], strict=True):
        for column, value in zip(columns, values, strict=True):
            machine = "" if "Avg" in column else column.lower()
            subject = (machine, "-6dB", "", system, "", "auc")
            yield "table_2", label, column, *subject, percent(value)
    used = re.search(r"we used (\d+) normal samples and ([\d, ]+) anomalous", text)
    ids = {(machine, number): id for (machine, id), (_, number) in PUBLIC.items()}
    for machine, number in zip(MACHINES, used[2].split(", "), strict=True):
        # The text names no id: those of the first three follow from their numbers.
        id = ids.get((machine, int(number)), "")
        for label, clips in (("normal", used[1]), ("anomalous", number)):
            yield "figure_4", machine, label, machine, "-6dB", id, "", "", "clips", clips


def ims_cnn(text):
    machines = {"Slide rail": "slider", "Slide Rail": "slider"}
    machine = ""
    for first, id, number in table_rows(text, "Machine type/ model ID", 3)[1:]:
        machine = first or machine
        if first == "Total":
            yield "table_1", "Total", "normal", *[""] * 5, "clips", number
        elif machine == "Total":
            yield "table_1", "Total", "anomalous", *[""] * 5, "clips", number
        else:
            subject = (machines.get(machine, machine.lower()), "", id, "", "", "clips")
            yield "table_1", f"{machine} {id}", "normal", *subject, number
    blocks = text[text.index("<b>-6dB</b>") : text.index("**Figure 3.**")].split("<hr/>")
    for block in blocks:
        rows = [re.sub(r"</?b>", "", line).split("\t") for line in block.split("\n")]
        header, *values = [row for row in rows if len(row) == 5 and row[1]]
        for system, *numbers in values:
            for title, number in zip(header[1:], numbers, strict=True):
                subject = (machines.get(title, title.lower()), header[0], "", system.lower(), "")
                yield "figure_3", f"{header[0]} {system}", title, *subject, "auc", number
    yield from ims_results(text)


def ims_results(text):
    titles = ("Accuracy", "Precision", "Recall", "F1-Score", "AUC")
    for machine, snr, *values in table_rows(text, "**Table 2.**", 7):
        if machine != "Machine":
            for title, metric, value in zip(titles, FIVE, values, strict=True):
                subject = (machine.lower(), snr, "", "cnn", "", metric)
                yield "table_2", f"{machine} {snr}", title, *subject, value
    systems = {
        "CNN only": ("cnn", ""),
        "CNN-LSTM": ("cnn_lstm", ""),
        "Youden Index based Threshold": ("cnn_lstm", "youden_test"),
    }
    for table, start, width in (("table_3", "**Table 3.**", 3), ("section_5_3", "### 5-3", 4)):
        header, *lines = table_rows(text, start, width)
        for (title, *values), metric in zip(lines, FIVE, strict=True):
            for column, value in zip(header[1:], values, strict=True):
                yield table, title, column, "fan", "-6dB", "", *systems[column], metric, value
    column = "Youden Index based Threshold"
    subject = ("Threshold", column, "fan", "-6dB", "", *systems[column], "threshold")
    yield "section_5_3", *subject, re.search(r"was determined to be (0\.\d+)", text)[1]


PARSERS = {
    "complex_net": (complex_net, "complex-net.txt"),
    "eurecom_vae": (eurecom_vae, "eurecom-vae.txt"),
    "gamma_ae": (gamma_ae, "gamma-ae.txt"),
    "ims_cnn": (ims_cnn, "kim-ims-cnn.txt"),
    "two_mic_ae": (two_mic_ae, "two-mic-ae.txt"),
}


def transcribed(report):
    with (ROOT / "reports" / report / "published.csv").open(newline="") as file:
        return list(csv.reader(file))[1:]


@pytest.mark.parametrize("report", PARSERS)
def test_transcription_equals_the_text(report):
    parser, name = PARSERS[report]
    if not TEXTS.is_dir():
        pytest.skip("needs the reports' texts in ../shared/reports, which are never committed")
    parsed = Counter(parser((TEXTS / name).read_text()))
    printed = Counter(tuple(cell) for cell in transcribed(report) if cell[-1])
    assert sum(parsed.values()) == sum(n for n, _ in COUNTS[report].values())
    assert printed - parsed == Counter(), "in published.csv, not in the text"
    assert parsed - printed == Counter(), "in the text, not in published.csv"


@pytest.mark.parametrize("report", COUNTS)
def test_every_table_has_all_its_cells(report):
    cells = transcribed(report)
    counted = {}
    for cell in cells:
        printed, empty = counted.get(cell[0], (0, 0))
        counted[cell[0]] = (printed + bool(cell[-1]), empty + (not cell[-1]))
    assert counted == COUNTS[report]


def kinds_of_scores(spec, cells):
    """The names of the score files that a report's systems are asked for, by system."""
    kinds = {system: set() for system in spec["systems"]}
    for cell in cells:
        if cell.system in kinds:
            kinds[cell.system].add(recipe_of(spec, cell.table, cell.variant).scores)
    return kinds


def write_pool(folder, units, kinds, supervised, rng):
    """Scores of 30 clips of each label and role in every unit of a pool; abnormal ones test."""
    rows = [
        SplitRow(f"{label}/{role}{k:02}", *unit, label, role)
        for unit in units
        for role in ("train", "validation", "test")
        for label in LABELS
        if supervised or role == "test" or label == "normal"
        for k in range(30)
    ]
    folder.mkdir(parents=True)
    for kind in sorted(kinds):
        abnormal = np.array([row.label == "abnormal" for row in rows])
        write_scores(rows, rng.gamma(2.0 + abnormal), folder / f"{kind}.csv")
    return [str(folder)]


@pytest.mark.parametrize("report", COUNTS)
def test_all_csv_holds_every_printed_number_beside_ours(report, tmp_path):
    """From scores of every unit that the report uses: a number for each printed result."""
    loaded = load_report(ROOT / "reports" / report, read_schema("report"))
    cells = read_cells(loaded.published)
    rng = np.random.default_rng(0)
    pools = {}
    for unit in map(Unit._make, product(*(loaded.spec["units"][f] for f in Unit._fields))):
        pools.setdefault(loaded.pool_of(unit), []).append(unit)
    scores = {
        system: [
            write_pool(
                tmp_path / system / str(number),
                units,
                kinds,
                loaded.spec["systems"][system].get("supervised", False),
                rng,
            )
            for number, units in enumerate(pools.values())
            if all(loaded.uses(system, unit) for unit in units)
        ]
        for system, kinds in kinds_of_scores(loaded.spec, cells).items()
    }
    measured = Reproduction(scores, loaded.spec, replicates=10)
    setting = Setting("simulated", "demo", False, loaded.spec)
    rows = compared(report, cells, list(map(measured.estimate, cells)), setting)
    counted = rows[rows["published"].notna()].groupby("table").size().to_dict()
    printed = {table: number for table, (number, _) in COUNTS[report].items() if number}
    assert counted == printed
    results = rows[rows["system"].isin(loaded.spec["systems"])]
    ours = results[~results["metric"].isin((*COUNTED, "threshold"))]
    assert ours["reproduced"].notna().all()
    assert ours["reproduced"].between(0, 1).all()


def test_every_report_is_counted():
    folders = {path.parent.name for path in (ROOT / "reports").glob("*/published.csv")}
    assert folders == set(COUNTS)


@pytest.mark.parametrize("report", COUNTS)
def test_published_keeps_the_conventions(report):
    read_cells(ROOT / "reports" / report / "published.csv")
    for table, _row, _column, machine, snr, id, system, variant, metric, value in transcribed(
        report
    ):
        assert re.fullmatch("[a-z0-9_]+", table)
        assert re.fullmatch("[a-z0-9_]*", system)
        assert re.fullmatch("[a-z0-9_.]*", variant)
        assert machine in ("", *MACHINES)
        assert snr in ("", *SNRS)
        assert re.fullmatch("([0-9]{2})?", id)
        assert metric in METRICS
        whole = metric in ("clips", "parameters")
        assert re.fullmatch(r"\d*" if whole else r"(0\.\d+|1\.0+)?", value)
        assert bool(system) == (metric != "clips")


def test_the_journal_rows_are_the_same_in_both_reports():
    baseline = {
        (c[3], c[4]): float(c[-1]) for c in transcribed("mimii_baseline") if c[0] == "journal"
    }
    ims = {(c[3], c[4]): float(c[-1]) for c in transcribed("ims_cnn") if c[6] == "journal"}
    assert baseline == ims


GOOD = "readme,r,c,fan,0dB,00,dense_ae,,auc,0.5"


def written(folder, *lines):
    """A report whose published.csv has these lines, on the baseline's report.yaml."""
    folder.mkdir(exist_ok=True)
    (folder / "report.yaml").write_text((ROOT / "reports/mimii_baseline/report.yaml").read_text())
    header = "table,row,column,machine,snr,id,system,variant,metric,published"
    (folder / "published.csv").write_text("\n".join([header, *lines]) + "\n")
    return load_report(folder, read_schema("report"))


def test_cells_keep_the_printed_digits(tmp_path):
    lines = (GOOD.replace("0.5", "0.500"), "readme,r,e,,,,,,clips,")
    cells = read_cells(written(tmp_path / "mine", *lines).published)
    assert [cell.published for cell in cells] == ["0.500", ""]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (GOOD.replace("auc", "acu"), "line 3: metric 'acu' is not accuracy, auc, "),
        (GOOD.replace("dense", "dens"), "line 3: system 'dens_ae' is not dense_ae"),
        (GOOD.replace("readme", "u", 1), "line 3: table 'u' is not journal, readme"),
        (GOOD.replace("fan", "fans"), "line 3: machine 'fans' is not fan, pump, slider, valve"),
        (GOOD.replace("0.5", "0.5x"), "line 3: published: '0.5x' is no number"),
        (GOOD.replace("0.5", "-1"), "line 3: published: '-1' is no number"),
        (GOOD.replace("auc", "f1"), "line 3: f1 needs a threshold; give report.yaml's"),
        (GOOD.removesuffix(",0.5"), "line 3: 9 fields, not 10"),
        (GOOD + ",1", "line 3: 11 fields, not 10"),
        ("readme,r,first,,,,,,clips,1", "line 3: the cell readme / r / first stands twice"),
    ],
)
def test_a_mistake_in_published_is_named_with_its_line(tmp_path, line, message):
    with pytest.raises(UserError) as caught:
        written(tmp_path / "mine", "readme,r,first,,,,,,clips,1", line)
    assert f"{tmp_path}/mine/published.csv: {message}" in str(caught.value)
