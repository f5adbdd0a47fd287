"""Hostile published.csv and report.yaml: each is refused in one line, with its place."""

import copy
import re

import pytest
import yaml

from mimii_bench.reports.report import load_report
from mimii_bench.util.errors import UserError
from samples import ROOT, read_schema

SPEC = yaml.safe_load((ROOT / "reports/mimii_baseline/report.yaml").read_text())
HEADER = "table,row,column,machine,snr,id,system,variant,metric,published\n"
FIRST = ["readme", "r", "c", "fan", "0dB", "00", "dense_ae", "", "auc", "0.5"]
GOOD = dict(zip(HEADER.strip().split(","), FIRST, strict=True))


@pytest.fixture(scope="module")
def schema():
    return read_schema("report")


def line(**fields):
    return ",".join({**GOOD, **fields}.values()) + "\n"


def spec_with(key="", value=None):
    """A valid report.yaml without claims, one key of it altered."""
    spec = copy.deepcopy(SPEC)
    del spec["claims"]
    place = spec
    *parents, last = key.split("/")
    for parent in parents:
        place = place[int(parent) if parent.isdigit() else parent]
    if key:
        place[last] = value
    return spec


def answer(folder, schema, report, published=None):
    """What a report is answered with, without its folder."""
    path = folder / "mine"
    path.mkdir()
    data = report if isinstance(report, bytes | str) else yaml.safe_dump(report)
    (path / "report.yaml").write_bytes(data if isinstance(data, bytes) else data.encode())
    if published is not None:
        data = published if isinstance(published, bytes) else published.encode()
        (path / "published.csv").write_bytes(data)
    try:
        load_report(path, schema)
    except UserError as error:
        told = str(error)
    else:
        told = "nothing"
    assert "\n" not in told
    assert len(told) < 600
    return told.replace(f"{path}/", "")


def test_what_the_cases_alter_is_allowed(tmp_path, schema):
    assert answer(tmp_path, schema, spec_with(), HEADER + line()) == "nothing"


CELLS = [
    *((dict(published=text), "is no fraction of 1; write .91") for text in ("1.5", "91.2", "50")),
    *(
        (dict(published=text), "is no number; write digits")
        for text in (
            *(
                "inf",
                "nan",
                "-0.1",
                "+0.1",
                "1e-1",
                "0x1",
                "0..1",
                ".",
                "1_0",
                "\u0660.\u0665",
                "½",
                "0.5%",
            ),
            *("0.5*", "<0.5", "0.5±0.1", "9" * 40, "0." + "1" * 40, "n/a", "None", "-", "1/2"),
        )
    ),
    *((dict(published=text), "a blank too many") for text in (" .5", ".5 ")),
    *((dict(metric="clips", published=text), "is no whole number") for text in ("1.5", ".5")),
    *(
        (dict(metric="parameters", published=text), "is no whole number")
        for text in ("0.1", "12.25")
    ),
    *((dict(id=text), f"id '{text}' is not 00, 02") for text in ("0", "000", "id_00", "07", "-1")),
    *((dict(snr=text), f"snr '{text}' is not") for text in ("0", "0 dB", "0db", "3dB", "6 dB")),
    *((dict(machine=text), f"machine '{text}' is not") for text in ("Fan", "fans", "FAN", "all")),
    *((dict(system=text), f"system '{text}' is not") for text in ("x", "Dense_AE", "base.Counter")),
    *((dict(metric=text), f"metric '{text}' is not") for text in ("AUC", "acu", "pauc", "roc_auc")),
    *((dict(table=text), f"table '{text}' is not") for text in ("x", "Readme", "readme.csv")),
    (dict(table=""), "no table is said"),
    (dict(metric=""), "no metric is said"),
    (dict(metric="f1"), "f1 needs a threshold"),
    *(
        (dict([(field, text)]), why)
        for field in ("row", "column", "variant")
        for text, why in (
            ("v ", "a blank too many"),
            (" v", "a blank too many"),
            ("a  b", "a blank too many"),
            ("a\tb", "holds the character"),
            ('"a\nb"', "holds the character"),
            ("a\u00a0b", "holds the character"),
            ("a\u200bb", "holds the character"),
            ("\u202eab", "holds the character"),
            ("\x1b[31m", "holds the character"),
            ("a\0b", "a zero byte"),
            ("e\u0301", "Unicode's form NFC"),
            ("x" * 300, "has 300 characters"),
        )
    ),
]


@pytest.mark.parametrize(("fields", "why"), CELLS)
def test_a_cell_that_cannot_be_is_refused_with_its_line(tmp_path, schema, fields, why):
    told = answer(tmp_path, schema, spec_with(), HEADER + line(row="first") + line(**fields))
    assert told.startswith("published.csv: line 3: ")
    assert why in told


@pytest.mark.parametrize("row", ["r", "r ", " r", "R", "r\u00a0", "r\u200b", '"r"', '"r\n"'])
def test_a_cell_that_stands_twice_but_for_what_nobody_sees_is_refused(tmp_path, schema, row):
    told = answer(tmp_path, schema, spec_with(), HEADER + line() + line(row=row))
    assert told.startswith("published.csv: line 3: ")


TEXT = HEADER + line()
FILES = [
    ("", "it is empty"),
    (HEADER, "there is no number under its columns"),
    ("# comment\n" + TEXT, "line 1: columns must be"),
    (TEXT.replace(",", ";"), "line 1: columns must be"),
    (TEXT.replace(",", "\t"), "line 1: columns must be"),
    (HEADER.replace("variant", "system") + line(), "line 1: columns must be"),
    (HEADER.replace("snr,id", "id,snr") + line(), "line 1: columns must be"),
    (HEADER.upper() + line(), "line 1: columns must be"),
    (HEADER + HEADER + line(), "line 2: "),
    (TEXT + "readme,a,b\n", "line 3: 3 fields, not 10"),
    (TEXT + line().strip() + ",1\n", "line 3: 11 fields, not 10"),
    (TEXT + "\0\0\n", "line 3: a zero byte"),
    (TEXT[:-8], "line 2: 9 fields, not 10"),
    (TEXT + 'readme,"r,c,fan,0dB,00,dense_ae,,auc,0.5\n', "no valid CSV"),
    (TEXT + 'readme,"' + "x" * 200_000, "no valid CSV"),
    (TEXT.encode("utf-16"), "line 1: the file is in UTF-16; save it as UTF-8"),
    (TEXT.encode("utf-16-be"), ": "),
    (HEADER.encode() + line(row="é").encode("latin-1"), "line 2: not all of it is UTF-8"),
    (bytes(range(256)), "line 1: a zero byte"),
]


@pytest.mark.parametrize(("content", "why"), FILES)
def test_a_file_that_is_no_table_is_refused(tmp_path, schema, content, why):
    told = answer(tmp_path, schema, spec_with(), content)
    assert told.startswith("published.csv: ")
    assert why in told


@pytest.mark.parametrize("text", [TEXT.replace("\n", "\r\n"), "\ufeff" + TEXT, TEXT + "\n\n"])
def test_what_editors_do_to_a_table_is_harmless(tmp_path, schema, text):
    assert answer(tmp_path, schema, spec_with(), text) == "nothing"


YAML = yaml.safe_dump(SPEC)
LISTS = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + k)}: &{chr(98 + k)} [{','.join(['*' + chr(97 + k)] * 9)}]\n" for k in range(20)
)
MERGES = "a0: &a0 {x: 1}\n" + "".join(
    f"a{k}: &a{k} {{<<: [{','.join([f'*a{k - 1}'] * 9)}], y{k}: 1}}\n" for k in range(1, 20)
)
DOCUMENTS = [
    (YAML + "\ntitle: x\n", "the key 'title' stands twice"),
    (YAML + "\n'title': x\n", "the key 'title' stands twice"),
    (YAML.replace("epochs: 50", "epochs: 50\n      epochs: 51"), "the key 'epochs' stands twice"),
    ("1: a\n'1': b\n", "the key '1' stands twice"),
    (YAML.encode("utf-16"), "the file is in UTF-16"),
    (YAML.replace("title:", "title: é", 1).encode("latin-1"), "not all of it is UTF-8"),
    (bytes(range(256)), "line 1: a zero byte"),
    ("", "None is not of type 'object'"),
    ("- a\n", "is not of type 'object'"),
    ("3", "is not of type 'object'"),
    ("~", "is not of type 'object'"),
    (f"{YAML}\n---\n{YAML}", "expected a single document"),
    ("title: !!python/object/apply:os.system ['true']\n", "could not determine a constructor"),
    ("title: !!python/name:os.system\n", "could not determine a constructor"),
    ("title: !foo x\n", "could not determine a constructor"),
    ("[" * 100_000, "nested more than 40 levels deep"),
    ("{a: " * 5_000, "nested more than 40 levels deep"),
    ("- " * 5_000, "nested more than 40 levels deep"),
    ("title: " + "[" * 3_000 + "]" * 3_000, "nested more than 40 levels deep"),
    (LISTS, "more than 100000 values"),
    (MERGES, "more than 100000 values"),
    (f"title: [{'x,' * 200_000}]", "more than 100000 values"),
    ("a: &a [*a]\n", "*a stands within what it repeats"),
    ("title: &a {x: *a}\n", "*a stands within what it repeats"),
    ("title: *a\n", "found undefined alias"),
    (f"title: {'9' * 5_000}", "no valid YAML"),
    (YAML.replace("title:", "title: 2020-13-45 #", 1), "no valid YAML"),
    (YAML.replace("title:", "title: 2020-01-01 #", 1), "is not of type 'string'"),
    (YAML.replace("  ", "\t"), "no valid YAML"),
    ("~: x\n" + YAML, "unknown key 'None'"),
    ("1: x\n" + YAML, "unknown key '1'"),
    ("? [a]\n: x\n" + YAML, "found unhashable key"),
    ("? {a: b}\n: x\n" + YAML, "found unhashable key"),
    ("a: b: c", "no valid YAML"),
    ("title: 'x", "no valid YAML"),
    ("title: @x", "no valid YAML"),
    ("\x00", "line 1: a zero byte"),
]


@pytest.mark.parametrize(("text", "why"), DOCUMENTS)
def test_a_document_that_is_no_report_is_refused(tmp_path, schema, text, why):
    told = answer(tmp_path, schema, text)
    assert told.startswith("report.yaml: ")
    assert why in told


def threshold(name):
    return {"default": {"threshold": {"class": name}}}


def figure(name, key="mine"):
    return {key: {"plot": name, "caption": "", "scores": [{"system": "dense_ae"}]}}


SYSTEM, FEATURE = SPEC["systems"]["dense_ae"], SPEC["features"]["logmel64_reflect"]
AE = {"system": "dense_ae", "metric": "auc"}
ODD_NAMES = ("x\n", "x" * 300, "X", "a b", "a/b", "..", "", "a{b}", "é", "a.b")
KEYS = [
    *(
        ("systems/dense_ae/class", name, "systems.dense_ae: ")
        for name in (
            *("base.Counter", "base.System", "base.Adapted", "base.Path", "base.json"),
            *("dense_autoencoder.np", "dense_autoencoder.Annotated", "classical.PooledSystem"),
            *("dense_autoencoder.Autoencoder", "denoising_autoencoder.DenseAutoencoder"),
            *("logmel.LogMel", "collections.abc.Mapping", "os.path.join", "os.path.nothing"),
        )
    ),
    *(("systems/dense_ae/class", name, "does not match") for name in ("x.Y\n", "3", "", "x y.Z")),
    *(
        ("features/logmel64_reflect/class", name, "features.logmel64_reflect: ")
        for name in ("logmel.np", "base.Feature", "logmel.Feature", "ims.LogMel", "logmel.Literal")
    ),
    *(
        ("split/scheme", name, name or "''")
        for name in (
            *("base", "os.path", "collections.Counter", "", "../x", "manifests", "base.Counter"),
            *("mimii_bench.splits.base.Split", "mimii_bench.splits.base.FirstNormalTest"),
        )
    ),
    *(
        ("evaluation", threshold(name), "evaluation.default.threshold: ")
        for name in (
            *("thresholds.Threshold", "thresholds.np", "thresholds.Component", "base.Counter"),
            *("scores.Unit", "metrics.Sample"),
        )
    ),
    *(
        ("figures", figure(name), "figures.mine: ")
        for name in ("base.Figure", "scores.Figure", "scores.np", "collections.abc.Sized")
    ),
    *(("tables", {name: SPEC["tables"]["readme"]}, "tables: ") for name in ODD_NAMES),
    *(("systems", {name: SYSTEM}, "systems: ") for name in ODD_NAMES),
    *(("features", {name: FEATURE}, "features: ") for name in ODD_NAMES),
    *(("figures", figure("scores.Roc", name), "figures: ") for name in ODD_NAMES),
    *(("quoted", [name], "quoted.0: ") for name in ODD_NAMES),
    *(
        ("evaluation", {"variants": {name: {}}}, "evaluation.variants: ")
        for name in ("v\n", "", "v*w*x", "a/b", "x" * 300, "a  b")
    ),
    *(
        ("evaluation", {"variants": {"a": {"scores": name}}}, "evaluation.variants.a.scores: ")
        for name in ("../x", "/etc/passwd", "x\n", "", 3)
    ),
    ("quoted", ["dense_ae"], "quoted: dense_ae is trained here"),
    ("quoted", ["x", "x"], "non-unique"),
    *(("title", text, "title: ") for text in (3, "", "a\nb", "x" * 3_000, None, ["a"], True)),
    *(("runs", number, "runs: ") for number in (True, 1.0, 1.5, 0, -1, 10**30, "3", None)),
    *(("least_units", number, "least_units: ") for number in (True, 1.0, 0, 10**30, "3")),
    *(
        ("budgets", {"demo": {"max_steps": number, "of": 1}}, "budgets.demo.max_steps: ")
        for number in (True, 1.0, 0, 10**30, float("nan"), float("inf"), "3", None)
    ),
    ("units/machine", ["fan", "fan"], "non-unique"),
    ("units/machine", [], "non-empty"),
    ("units/machine", "fan", "is not of type 'array'"),
    ("pool", [], "non-empty"),
    *(
        ("systems/dense_ae/inputs/0/mix", mix, "mix")
        for mix in (
            "ch9" + "9" * 20,
            "ch0-ch0",
            "ch00",
            "ch\u0663",
            "mono\n",
            "",
            "ch-1",
            0,
            "Mono",
        )
    ),
    ("tables/readme/exceptions", [{"row": "x", "reason": "y"}], "no cell of published.csv has row"),
    ("tables/readme/layers", {"x": "y"}, "no cell of published.csv has row 'x'"),
    *(
        ("extends", base, "extends")
        for base in (".", 3, ["a", "b"], {"a": 1}, "", True, 0, None, [], "a\0b", "../nothing")
    ),
    ("extends", "x" * 300, "report.yaml: extends: xxx"),
    ("extends", "~nobody_is_called_so/x", "there is no such home folder"),
]


@pytest.mark.parametrize(("key", "value", "why"), KEYS)
def test_a_key_that_cannot_be_is_refused(tmp_path, schema, key, value, why):
    told = answer(tmp_path, schema, spec_with(key, value), TEXT)
    assert told.partition(": ")[0].endswith(("report.yaml", "published.csv"))
    assert why in told


FIELDS = ("machine", "snr", "id", "system", "variant", "metric")
CLAIMS = [
    *(({"greater": [{**AE, "metric": name}, 0.5]}, "metric") for name in ("auc\n", "AUC", "x", "")),
    *(({"greater": [{**AE, "system": name}, 0.5]}, "system") for name in ("x", "", "dense_ae ")),
    *(({"greater": [{**AE, "snr": name}, 0.5]}, "snr") for name in ("3dB", "0", "0 dB", 0)),
    *(({"greater": [{**AE, "id": name}, 0.5]}, "id") for name in ("0", "01", 0, [])),
    *(
        ({"greater": [AE, number]}, "claims.0.greater.1: ")
        for number in (float("nan"), float("inf"), True, "0.5", 50, -2, None)
    ),
    *(
        ({"near": [AE, number, 0.1]}, "claims.0.near.1: ")
        for number in (float("nan"), float("-inf"), True, "0.5", 90, None)
    ),
    *(
        ({"near": [AE, 0.5, number]}, "claims.0.near.2: ")
        for number in (float("nan"), float("inf"), True, -0.1, 2, "1")
    ),
    ({"greater": [AE, AE]}, "it compares a number with itself"),
    ({"near": [AE, AE, 0.1]}, "it compares a number with itself"),
    ({"greater": [{**AE, "system": ["dense_ae"] * 2}, 0.5]}, "non-unique"),
    ({"greater": [{**AE, "row": "x"}, 0.5]}, "unknown key 'row'; allowed: table"),
    ({"greater": [{}, 0.5]}, "no system is said"),
    ({"greater": [AE]}, "claims.0.greater: "),
    ({"greater": [AE, 0.1, 0.2]}, "claims.0.greater"),
    ({}, "write either greater or near"),
    ({"greater": [AE, 0.5], "near": [AE, 1, 1]}, "write either greater or near"),
    ({"greater": [AE, 0.5], "every": {"id": ["00", "00"]}}, "non-unique"),
    ({"greater": [AE, 0.5], "every": {"id": []}}, "non-empty"),
    (
        {"greater": [AE, 0.5], "every": {name: [f"{k}" for k in range(1000)] for name in FIELDS}},
        "its lists stand for 1000000000000000000 cells; name at most 10000",
    ),
    *(({"claim": text, "greater": [AE, 0.5]}, "claim") for text in ("", "a\nb", "x" * 5000, 3)),
]


@pytest.mark.parametrize(("claim", "why"), CLAIMS)
def test_a_claim_that_cannot_be_is_refused(tmp_path, schema, claim, why):
    told = answer(tmp_path, schema, spec_with("claims", [{"claim": "c", **claim}]), TEXT)
    assert told.startswith("report.yaml: claims.0")
    assert why in told


def test_a_claim_that_stands_twice_is_refused(tmp_path, schema):
    claims = [{"claim": "c", "greater": [AE, 0.5]}] * 2
    told = answer(tmp_path, schema, spec_with("claims", claims), TEXT)
    assert told == "report.yaml: claims.1: 'c' stands twice; say what differs"


@pytest.mark.parametrize("length", [2, 3, 30])
def test_reports_that_extend_one_another_in_a_circle_are_refused(tmp_path, schema, length):
    for number in range(length):
        (tmp_path / f"r{number}").mkdir()
        text = f"extends: ../r{(number + 1) % length}\n"
        (tmp_path / f"r{number}/report.yaml").write_text(text)
    with pytest.raises(UserError, match=r"extends this one in turn; name another report$"):
        load_report(tmp_path / "r0", schema)


@pytest.mark.parametrize(
    "name", ["a{b}", "a+b", "a(b", "a b", "a,b", "é", "a\nb", "-a", ".a", "x" * 100, "a*", "$HOME"]
)
def test_a_report_s_folder_has_a_name_that_files_and_jobs_can_bear(tmp_path, schema, name):
    (tmp_path / name).mkdir()
    (tmp_path / name / "report.yaml").write_text(YAML)
    with pytest.raises(UserError, match=r"a report's folder has a name of .*; rename it") as caught:
        load_report(tmp_path / name, schema)
    assert not re.search(r"\n", str(caught.value))
