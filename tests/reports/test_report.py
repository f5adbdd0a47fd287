"""Reports as data: every one of the project's, and what a mistake in one ends in."""

import re

import pytest
import yaml

from mimii_bench.corpus.base import Unit
from mimii_bench.corpus.mimii import IDS, MACHINES, SNRS
from mimii_bench.evaluation.metrics import METRICS
from mimii_bench.features.build import build_feature
from mimii_bench.reports.published import COUNTED, read_cells
from mimii_bench.reports.recipes import recipe_of
from mimii_bench.reports.report import load_report, shared_features
from mimii_bench.util import plugins
from mimii_bench.util.errors import UserError
from samples import ROOT, printed_by, read_schema

FOLDERS = sorted(path.parent for path in (ROOT / "reports").glob("*/report.yaml"))
BASELINE = ROOT / "reports/mimii_baseline"
#: Of the paper; its counts are published, 01, 03 and 05 themselves are not.
PAPER_IDS = [f"0{number}" for number in range(7)]

#: The released code's readme, AUC at (0dB, 6dB, -6dB); transcribed a second time from PROTOCOLS.md.
README = {
    "00": (0.633913, 0.744586, 0.575711),
    "02": (0.856441, 0.993056, 0.640149),
    "04": (0.730447, 0.868865, 0.571501),
    "06": (0.982144, None, None),
}
#: "Journal" of kim-ims-cnn, Figure 3: (valve, pump, fan, slider); transcribed a second time.
JOURNAL = {
    "-6dB": (0.53, 0.68, 0.70, 0.70),
    "0dB": (0.61, 0.74, 0.84, 0.80),
    "6dB": (0.67, 0.81, 0.94, 0.90),
}


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.name)
def report(request, report_schema):
    return load_report(request.param, report_schema)


def test_there_are_reports():
    assert BASELINE in FOLDERS


def test_a_report_s_features_and_systems_can_be_built(report):
    for description in report.spec["features"].values():
        assert build_feature(description, 16_000).frames(160_000) > 0
    for system in report.spec["systems"].values():
        plugins.load("systems", system["class"])(**system["options"], seed=0, device="cpu")


def test_what_learns_labels_is_marked_supervised_and_nothing_else(report):
    for system in report.spec["systems"].values():
        learns = plugins.load("systems", system["class"]).learns
        assert (learns == "label") == system.get("supervised", False)


def test_eurecom_s_auc_of_the_ae_is_the_same_number_in_both_tables():
    spec = load_report(ROOT / "reports/eurecom_vae", read_schema("report")).spec
    four, five = (
        recipe_of(spec, cell.table, cell.variant)
        for cell in read_cells(ROOT / "reports/eurecom_vae/published.csv")
        if (cell.system, cell.variant, cell.metric) == ("ae", "pooled", "auc")
    )
    assert four._replace(threshold=None) == five._replace(threshold=None)
    assert (five.over, five.roles) == ("pool", ["train", "validation", "test"])


def test_every_published_cell_names_things_that_exist(report):
    cells = read_cells(ROOT / "reports" / report.key / "published.csv")
    allowed = {
        "table": set(report.spec["tables"]),
        "machine": {*MACHINES, ""},
        "snr": {*SNRS, ""},
        "id": {*PAPER_IDS, ""},
        "system": {*report.spec["systems"], *report.spec.get("quoted", ()), ""},
        "metric": {*METRICS, "clips", "parameters", "threshold"},
    }
    for column, known in allowed.items():
        assert {getattr(cell, column) for cell in cells} <= known, column
    assert {cell.table for cell in cells} == allowed["table"]
    assert {cell.id for cell in cells if cell.system} <= {*IDS, ""}
    fractions = [cell for cell in cells if cell.published and cell.metric not in COUNTED]
    assert all(0 <= cell.value <= 1 for cell in fractions)


def test_features_of_one_name_mean_one_thing(report_schema):
    shared_features([load_report(folder, report_schema) for folder in FOLDERS])


def of_baseline(table):
    return [cell for cell in read_cells(BASELINE / "published.csv") if cell.table == table]


def test_the_baseline_s_readme_numbers_are_those_of_two_transcriptions():
    found = {(cell.machine, cell.id, cell.snr): cell.value for cell in of_baseline("readme")}
    printed = {key: value for key, value in found.items() if value is not None}
    assert printed == {
        ("fan", id, snr): value
        for id, values in README.items()
        for snr, value in zip(("0dB", "6dB", "-6dB"), values, strict=True)
        if value is not None
    }
    assert len(printed) == 10
    assert set(found) == {(m, i, s) for m in MACHINES for i in IDS for s in SNRS}


def test_the_baseline_s_journal_numbers_are_those_of_two_transcriptions():
    cells = of_baseline("journal")
    assert {(cell.snr, cell.machine): cell.value for cell in cells} == {
        (snr, machine): value
        for snr, values in JOURNAL.items()
        for machine, value in zip(("valve", "pump", "fan", "slider"), values, strict=True)
    }
    assert {cell.id for cell in cells} == {""}


def test_cells_stand_in_the_row_and_column_that_they_name():
    for cell in of_baseline("readme"):
        assert (cell.row, cell.column) == (f"{cell.machine} id_{cell.id}", cell.snr)
    for cell in of_baseline("journal"):
        assert (cell.row, cell.column) == (cell.snr, cell.machine)


def test_the_baseline_is_as_described(report_schema):
    report = load_report(BASELINE, report_schema)
    assert report.mixes == {"ch0"}
    assert report.channels_needed == 1
    assert report.pool_of(Unit("fan", "-6dB", "02")) == "fan/-6dB/id_02"
    assert report.spec["systems"]["dense_ae"]["options"] == {
        "hidden": [64, 64, 8, 64, 64],
        "eps": 1e-7,
        "context": 5,
        "epochs": 50,
        "batch_size": 512,
        "learning_rate": 1e-3,
        "validation_fraction": 0.1,
        "held_out": "random",
    }
    assert not report.spec["tables"]["journal"]["comparable"]


def test_a_report_selects_its_units_and_pools_them_as_it_says(report_schema, report_spec, tmp_path):
    report_spec["units"] |= {"machine": ["slider"], "snr": ["-6dB"]}
    report_spec["pool"] = ["machine"]
    del report_spec["claims"]
    report = load_report(write(tmp_path, report_spec), report_schema)
    assert report.selects(Unit("slider", "-6dB", "00"))
    assert not report.selects(Unit("slider", "0dB", "00"))
    assert not report.selects(Unit("fan", "-6dB", "00"))
    assert report.pool_of(Unit("slider", "-6dB", "04")) == "slider"


def test_a_system_may_use_some_of_the_report_s_pools(report_schema, report_spec, tmp_path):
    only = {"machine": ["fan"], "snr": ["-6dB"]}
    report_spec["systems"]["second"] = {**report_spec["systems"]["dense_ae"], "units": only}
    report = load_report(write(tmp_path, report_spec), report_schema)
    used = [unit for unit in UNITS if report.uses("second", unit)]
    assert used == [Unit("fan", "-6dB", id) for id in IDS]
    assert [unit for unit in UNITS if report.uses("dense_ae", unit)] == UNITS


UNITS = [Unit(machine, snr, id) for machine in MACHINES for snr in SNRS for id in IDS]


CNN = {
    "class": "spectrogram_cnn.SpectrogramCnn",
    "inputs": [{"feature": "logmel64_reflect", "mix": "ch0"}],
    "options": {"epochs": 1, "batch_size": 8, "learning_rate": 0.1},
}


@pytest.mark.parametrize(
    ("units", "message"),
    [
        ({"id": ["00"]}, "systems.dense_ae.units.id: pools differ in machine, snr only"),
        ({"snr": ["6dB"]}, "systems.dense_ae.units.snr: '6dB' is not among the report's -6dB, 0dB"),
    ],
)
def test_a_system_s_units_are_whole_pools_of_the_report(
    report_schema, report_spec, tmp_path, units, message
):
    report_spec["pool"] = ["machine", "snr"]
    report_spec["units"]["snr"] = ["-6dB", "0dB"]
    report_spec["systems"]["dense_ae"]["units"] = units
    with pytest.raises(UserError, match=re.escape(message)):
        load_report(write(tmp_path, report_spec), report_schema)


def write(folder, spec):
    path = folder / "mine"
    path.mkdir()
    text = spec if isinstance(spec, str) else yaml.safe_dump(spec)
    (path / "report.yaml").write_text(text)
    return path


def alter(spec, key, value):
    *parents, last = key.split("/")
    for parent in parents:
        spec = spec[int(parent) if parent.isdigit() else parent]
    spec[last] = value


PART = {"system": "dense_ae", "table": "readme", "metric": "auc"}


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        (
            "split/scheme",
            "by_hand",
            "split.scheme: 'by_hand' is not dcase_development, given_parts, half_of_anomalies, ",
        ),
        ("split/share", 0.5, "split.share: matched_test has no such option; it has none"),
        (
            "features/logmel64_reflect/class",
            "mfcc.Mfcc",
            "features.logmel64_reflect: mfcc.Mfcc: there",
        ),
        ("systems/dense_ae/class", "gan.Gan", "systems.dense_ae: gan.Gan: there is no systems/gan"),
        (
            "systems/dense_ae/class",
            "dense_autoencoder.DenseAutoencodr",
            "systems.dense_ae: dense_autoencoder.DenseAutoencodr: systems/dense_autoencoder.py has "
            "no name 'DenseAutoencodr'",
        ),
        (
            "systems/dense_ae/options/learning_rat",
            0.1,
            "systems.dense_ae.options.learning_rat: DenseAutoencoder has no such option; it has "
            "epochs, learning_rate, ",
        ),
        (
            "systems/dense_ae/options/seed",
            1,
            "systems.dense_ae.options.seed: DenseAutoencoder has no such option; it has epochs, ",
        ),
        (
            "features/logmel64_reflect/n_mel",
            64,
            "features.logmel64_reflect.n_mel: LogMel has no such option; it has n_fft, hop, ",
        ),
        (
            "features/logmel64_reflect",
            {"class": "logmel.LogMel"},
            "features.logmel64_reflect: LogMel needs the option n_mels",
        ),
        (
            "evaluation",
            {"default": {"threshold": {"class": "thresholds.GammaThreshold", "q": 0.1}}},
            "evaluation.default.threshold.q: GammaThreshold has no such option; it has p",
        ),
        (
            "evaluation",
            {"default": {"threshold": {"class": "thresholds.FixedThreshold", "value": "1e-4"}}},
            "evaluation.default.threshold.value: '1e-4' is not allowed: input should be a valid "
            "number; write 0.0001",
        ),
        (
            "evaluation",
            {"variants": {"strict": {"threshold": {"class": "thresholds.GamaThreshold"}}}},
            "evaluation.variants.strict.threshold: thresholds.GamaThreshold: "
            "evaluation/thresholds.py has no name 'GamaThreshold'",
        ),
        (
            "figures",
            {"mine": {"plot": "scores.Rocc", "caption": "", "scores": [{"system": "dense_ae"}]}},
            "figures.mine: scores.Rocc: figures/scores.py has no name 'Rocc'",
        ),
        (
            "figures",
            {
                "mine": {
                    "plot": "scores.Histogram",
                    "caption": "",
                    "options": {"treshold": False},
                    "scores": [{"system": "dense_ae"}],
                }
            },
            "figures.mine.options.treshold: Histogram has no such option; it has ",
        ),
        (
            "figures",
            {"mine": {"plot": "scores.Roc", "caption": "", "tables": [{**PART, "system": "ae"}]}},
            "figures.mine: scores.Roc is drawn from scores",
        ),
        *(
            (
                "figures",
                {"mine": {"plot": "scores.Roc", "caption": "", "scores": [{**PART, **part}]}},
                f"figures.mine.scores.0: {message}",
            )
            for part, message in (
                ({"system": "vae"}, "system 'vae' is not dense_ae"),
                ({"machine": "fans"}, "machine 'fans' is not fan, pump, slider, valve"),
                ({"snr": "3dB"}, "snr '3dB' is not -6dB, 0dB, 6dB"),
                ({"id": "01"}, "id '01' is not 00, 02, 04, 06"),
                ({"metric": "acu"}, "metric 'acu' is not auc, "),
            )
        ),
        (
            "systems/dense_ae/options/loss",
            "foo",
            "systems.dense_ae.options.loss: 'foo' is not allowed: input should be ",
        ),
        (
            "systems/dense_ae/options/epochs",
            0,
            "systems.dense_ae.options.epochs: 0 is not allowed: input should be greater than or ",
        ),
        (
            "features/logmel64_reflect/mel_scale",
            "foo",
            "features.logmel64_reflect.mel_scale: 'foo' is not allowed: input should be ",
        ),
        ("systems/dense_ae/class", "Gan", "systems.dense_ae.class: 'Gan' does not match"),
        (
            "systems/dense_ae/inputs/0/mix",
            "stereo",
            "systems.dense_ae: mix 'stereo': write mono, chA or chA-chB",
        ),
        (
            "systems/dense_ae/inputs/0/feature",
            "mel",
            "systems.dense_ae: feature 'mel' is not logmel64_reflect",
        ),
        ("units/id", ["00", 2], "units.id.1: 2 is not one of 00, 02, 04, 06"),
        ("corpora", {"mimii": "equal"}, "corpora.mimii: 'equal' is not one of same, drawn"),
        (
            "systems/dense_ae/units",
            {"snr": ["3dB"]},
            "systems.dense_ae.units.snr.0: '3dB' is not one of -6dB, 0dB, 6dB",
        ),
        ("systems/dense_ae/train_on", ["test"], "systems.dense_ae.train_on.0: 'test' is not one"),
        (
            "systems/dense_ae/supervised",
            True,
            "systems.dense_ae.supervised: dense_autoencoder.DenseAutoencoder learns from normal "
            "clips alone; write false",
        ),
        (
            "systems/dense_ae",
            {**CNN, "supervised": False},
            "systems.dense_ae.supervised: spectrogram_cnn.SpectrogramCnn learns from abnormal "
            "clips; write true",
        ),
        (
            "systems/dense_ae",
            {**CNN, "supervised": True},
            "systems.dense_ae.supervised: the split matched_test gives no abnormal clips to train",
        ),
        (
            "systems/dense_ae/inputs",
            [{"feature": "logmel64_reflect", "mix": mix} for mix in ("ch0", "ch1")],
            "systems.dense_ae: inputs: DenseAutoencoder takes 1, and 2 are given",
        ),
        (
            "evaluation",
            {
                "default": {
                    "threshold": {"class": "thresholds.GammaThreshold", "fitted_on": ["trian"]}
                }
            },
            "evaluation.default.threshold.fitted_on: ['trian']: list some of train, validation, te",
        ),
        (
            "features",
            {"logmel64_reflect": {"class": "store.FeatureStore"}},
            "features.logmel64_reflect: store.FeatureStore is no feature: it has no transform",
        ),
        ("splits", {}, "unknown key 'splits'; allowed: title, source"),
    ],
)
def test_a_mistake_names_file_key_and_what_is_allowed(
    report_schema, report_spec, tmp_path, key, value, message
):
    alter(report_spec, key, value)
    folder = write(tmp_path, report_spec)
    with pytest.raises(UserError, match=rf"^{folder}/report.yaml: {re.escape(message)}"):
        load_report(folder, report_schema)


@pytest.mark.parametrize(
    ("methods", "message"),
    [
        (
            "def fit(self, frames): ...\n    score = save = print\n    load = classmethod(print)",
            "systems.mine.options: Mine: got an unexpected",
        ),
        (
            "fit = score = save = load = print",
            "systems.mine: Mine: load is no class method; put @classmethod above it",
        ),
        (
            "learns = 'machine'\n    fit = score = save = print\n    load = classmethod(print)",
            "systems.mine: Mine: it learns 'machine'; a system learns id, label or nothing",
        ),
        ("fit = save = load = print", "systems.mine: Mine: a system has fit, score, save and load"),
    ],
)
def test_a_system_from_outside_has_what_is_demanded_and_takes_its_options(
    report_schema, report_spec, tmp_path, methods, message
):
    report_spec["systems"]["mine"] = {
        **report_spec["systems"]["dense_ae"],
        "class": "./mine.py:Mine",
        "options": {"bins": 3},
    }
    folder = write(tmp_path, report_spec)
    (folder / "mine.py").write_text(f"class Mine:\n    {methods}\n")
    with pytest.raises(UserError, match=rf"^{folder}/report.yaml: {re.escape(message)}"):
        load_report(folder, report_schema)


AE = {"system": "dense_ae", "metric": "auc"}


@pytest.mark.parametrize(
    ("comparison", "message"),
    [
        ({"greater": [{**AE, "system": "vae"}, AE]}, "system 'vae' is not dense_ae"),
        ({"greater": [AE, {"metric": "auc"}]}, "no system is said; say one of dense_ae"),
        ({"greater": [{**AE, "metric": "acu"}, 0.5]}, "metric 'acu' is not auc, pauc_mcclish, "),
        ({"near": [{**AE, "metric": "clips"}, 1, 0]}, "metric 'clips' is not auc, "),
        ({"greater": [{**AE, "metric": "f1"}, 0.5]}, "f1 needs a threshold; give report.yaml's"),
        ({"greater": [{**AE, "table": "r"}, 0.5]}, "table 'r' is not journal, readme"),
        ({"greater": [{**AE, "snr": "3dB"}, 0.5]}, "snr '3dB' is not -6dB, 0dB, 6dB"),
        ({"greater": [{**AE, "machine": ["fan", "fans"]}, 0.5]}, "machine 'fans' is not fan, "),
        ({"greater": [{**AE, "id": "01"}, 0.5]}, "id '01' is not 00, 02, 04, 06"),
        ({"greater": [{**AE, "variant": "mse"}, 0.5]}, "variant 'mse' is not known; name it in "),
        ({"greater": [AE, 0.5], "every": {"snr": ["6dB", "9dB"]}}, "snr '9dB' is not -6dB, "),
        (
            {"greater": [{**AE, "per": "machine", "machine": "fan"}, 0.5]},
            "per: machine, and machine is said too",
        ),
    ],
)
def test_a_claim_about_what_there_is_not_is_an_error_and_not_inconclusive(
    report_schema, report_spec, tmp_path, comparison, message
):
    report_spec["claims"] = [{"claim": "a", "greater": [AE, 0.5]}, {"claim": "b", **comparison}]
    folder = write(tmp_path, report_spec)
    cells = "table,row,column,machine,snr,id,system,variant,metric,published\n"
    (folder / "published.csv").write_text(cells + "readme,r,c,fan,0dB,00,dense_ae,,auc,0.5\n")
    where = f'{folder}/report.yaml: claims.1 ("b"): '
    with pytest.raises(UserError, match=rf"^{re.escape(where + message)}"):
        load_report(folder, report_schema)


def test_a_claim_is_about_what_its_system_trains_on(report_schema, report_spec, tmp_path):
    report_spec["pool"] = ["machine"]
    report_spec["systems"]["dense_ae"]["units"] = {"machine": ["fan"]}
    report_spec["claims"] = [{"claim": "a", "greater": [{**AE, "machine": "fan"}, 0.5]}]
    load_report(write(tmp_path, report_spec), report_schema)
    for side, message in (
        (AE, "no machine is said; say one of fan"),
        ({**AE, "machine": "pump"}, "machine 'pump' is not fan"),
    ):
        report_spec["claims"] = [{"claim": "a", "greater": [side, 0.5]}]
        (tmp_path / "mine/report.yaml").write_text(yaml.safe_dump(report_spec))
        with pytest.raises(UserError, match=message):
            load_report(tmp_path / "mine", report_schema)


@pytest.mark.parametrize("variant", ["", "strict", "mse_alpha_3", "printed"])
def test_a_variant_is_one_that_is_explained_or_printed(
    report_schema, report_spec, tmp_path, variant
):
    report_spec["evaluation"] = {"variants": {"strict": {}, "mse_*": {"scores": "mse_*"}}}
    report_spec["claims"] = [{"claim": "a", "greater": [{**AE, "variant": variant}, 0.5]}]
    folder = write(tmp_path, report_spec)
    cells = "table,row,column,machine,snr,id,system,variant,metric,published\n"
    (folder / "published.csv").write_text(cells + "readme,r,c,,,,dense_ae,printed,auc,0.5\n")
    load_report(folder, report_schema)


def test_the_scores_of_a_figure_are_of_a_variant_that_there_is(
    report_schema, report_spec, tmp_path
):
    part = {"system": "dense_ae", "variant": "mse"}
    report_spec["figures"] = {"mine": {"plot": "scores.Roc", "caption": "", "scores": [part]}}
    folder = write(tmp_path, report_spec)
    cells = "table,row,column,machine,snr,id,system,variant,metric,published\n"
    (folder / "published.csv").write_text(cells + "readme,r,c,,,,dense_ae,printed,auc,0.5\n")
    with pytest.raises(UserError, match=r"figures.mine.scores.0: variant 'mse' is not printed; na"):
        load_report(folder, report_schema)


def test_without_printed_cells_only_the_trainings_can_tell_a_variant(
    report_schema, report_spec, tmp_path
):
    report_spec["claims"] = [{"claim": "a", "greater": [{**AE, "variant": "mse"}, 0.5]}]
    load_report(write(tmp_path, report_spec), report_schema)


PLUGINS = """
from typing import Annotated

from pydantic import Field

from mimii_bench.util.options import Component


class Declared(Component):
    class Options(Component.Options):
        size: Annotated[int, Field(ge=1, description="How big.")] = 1

    def fit(self, frames): ...

    score = save = print
    load = classmethod(print)


class Foreign:
    def fit(self, frames): ...

    score = save = print
    load = classmethod(print)

    def __init__(self, **anything): ...
"""


def with_plugin(spec, name, options):
    spec["systems"]["dense_ae"] |= {"class": name, "options": options}
    return spec


def test_a_class_in_a_file_is_found_from_the_report_s_folder(report_schema, report_spec, tmp_path):
    folder = write(tmp_path, with_plugin(report_spec, "./own.py:Declared", {"size": 2}))
    (folder / "own.py").write_text(PLUGINS)
    system = load_report(folder, report_schema).spec["systems"]["dense_ae"]
    assert system["class"] == f"{folder.resolve()}/own.py:Declared"
    # One that extends it may lie anywhere.
    patch = {"extends": "../mine", "systems": {"dense_ae": {"options": {"size": 0}}}}
    other = tmp_path / "other"
    other.mkdir()
    (other / "report.yaml").write_text(yaml.safe_dump(patch))
    message = "systems.dense_ae.options.size: 0 is not allowed: input should be greater than or"
    with pytest.raises(UserError, match=message):
        load_report(other, report_schema)


def test_files_of_one_name_in_two_folders_are_two_plugins(tmp_path):
    for folder in "ab":
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "own.py").write_text(f"class It:\n    place = {folder!r}\n")
    names = [f"{tmp_path}/{folder}/own.py:It" for folder in "ab"]
    assert [plugins.load("systems", name).place for name in names] == ["a", "b"]


def test_a_class_that_declares_no_options_is_given_them_as_they_are(
    report_schema, report_spec, tmp_path
):
    folder = write(tmp_path, with_plugin(report_spec, "./own.py:Foreign", {"any": "thing"}))
    (folder / "own.py").write_text(PLUGINS)
    assert load_report(folder, report_schema).spec["systems"]["dense_ae"]["options"] == {
        "any": "thing"
    }


def test_a_class_in_an_installed_package_has_its_full_name(report_schema, report_spec, tmp_path):
    name = "mimii_bench.systems.dense_autoencoder.DenseAutoencoder"
    report_spec["systems"]["dense_ae"]["class"] = name
    assert load_report(write(tmp_path, report_spec), report_schema)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("./none.py:It", "systems.dense_ae: /.*/mine/none.py:It: there is no file /.*/none.py"),
        ("./own.py:It", "systems.dense_ae: /.*/own.py:It: /.*/own.py has no name 'It'"),
        ("no_such_package.module.It", "systems.dense_ae: no_such_package.module.It: No module "),
    ],
)
def test_a_class_that_is_not_there_is_named(report_schema, report_spec, tmp_path, name, message):
    folder = write(tmp_path, with_plugin(report_spec, name, {}))
    (folder / "own.py").write_text(PLUGINS)
    with pytest.raises(UserError, match=message):
        load_report(folder, report_schema)


def test_reading_all_reports_imports_nothing_slow():
    """Each of these takes more than a tenth of a second, at every look at the workflow."""
    script = """
import sys
from mimii_bench.reports.report import load_report
from samples import ROOT, read_schema
for path in ROOT.glob("reports/*/report.yaml"):
    load_report(path.parent, read_schema("report"))
# A module of each, since those that are loaded lazily have a name before they are.
slow = {"scipy.special", "pandas.core", "torch.nn", "librosa.core", "sklearn.base"}
print({*slow, "matplotlib.figure"} & {*sys.modules})
"""
    assert printed_by(script).strip() == "set()"


@pytest.mark.parametrize("text", ["", "title: [", "a: b: c"])
def test_what_is_no_report_at_all_is_named(report_schema, tmp_path, text):
    folder = write(tmp_path, text)
    with pytest.raises(UserError, match=rf"^{folder}/report.yaml: .+") as caught:
        load_report(folder, report_schema)
    assert "\n" not in str(caught.value)


def test_an_unknown_report_lists_those_that_exist(report_schema):
    with pytest.raises(UserError, match=r"no report 'mimii'; there are .*mimii_baseline"):
        load_report(ROOT / "reports/mimii", report_schema)


def test_two_meanings_of_one_feature_name_are_refused(report_schema, report_spec, tmp_path):
    report_spec["features"]["logmel64_reflect"]["n_mels"] = 32
    reports = [load_report(f, report_schema) for f in (BASELINE, write(tmp_path, report_spec))]
    with pytest.raises(UserError, match=r"mine/report.yaml: features.logmel64_reflect"):
        shared_features(reports)


def extending(folder, patch):
    """A report in `folder` that extends the baseline by what `patch` says."""
    folder.mkdir()
    (folder / "report.yaml").write_text(yaml.safe_dump({"extends": str(BASELINE), **patch}))
    return folder


def test_a_report_says_only_what_differs_from_the_one_it_extends(tmp_path, report_schema):
    patch = {
        "units": {"machine": ["fan"]},
        "systems": {"dense_ae": {"options": {"epochs": 7}}},
        "claims": None,
    }
    base = load_report(BASELINE, report_schema)
    found = load_report(extending(tmp_path / "mine", patch), report_schema)
    assert found.spec["units"] == {**base.spec["units"], "machine": ["fan"]}
    options = found.spec["systems"]["dense_ae"]["options"]
    assert options == {**base.spec["systems"]["dense_ae"]["options"], "epochs": 7}
    assert "claims" in base.spec
    assert "claims" not in found.spec
    assert (found.key, found.published) == ("mine", None)


def test_figures_of_the_units_of_another_report_are_not_taken_over(tmp_path, report_schema):
    shown = {"system": "dense_ae", "machine": "fan", "snr": "6dB", "id": "00", "title": "fan"}
    figure = {"plot": "costs.CostCurves", "caption": "What errors cost", "scores": [shown]}
    extending(tmp_path / "drawn", {"claims": None, "figures": {"costs": figure}})
    same = {"extends": str(tmp_path / "drawn")}
    found = load_report(extending(tmp_path / "same", same), report_schema)
    assert list(found.spec["figures"]) == ["costs"]
    other = {**same, "units": {"id": ["02"]}}
    found = load_report(extending(tmp_path / "other", other), report_schema)
    assert "figures" not in found.spec


@pytest.mark.parametrize(
    ("patch", "message"),
    [
        ({"extends": "../nothing"}, "nothing/report.yaml: no such report; correct what extends it"),
        (
            {"systems": {"dense_ae": {"options": {"epoch": 7}}}},
            "mine/report.yaml: systems.dense_ae",
        ),
        ({"tables": {"journal": None, "readme": None}}, "mine/report.yaml: tables"),
    ],
)
def test_a_mistake_in_a_report_that_extends_another_is_named(
    tmp_path, report_schema, patch, message
):
    with pytest.raises(UserError, match=message):
        load_report(extending(tmp_path / "mine", patch), report_schema)
