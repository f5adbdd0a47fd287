"""Which figures there are, of what, and what a mistake in report.yaml ends in."""

import inspect
from pathlib import Path

import pytest
import yaml

from mimii_bench.corpus.base import Unit
from mimii_bench.corpus.mimii import IDS
from mimii_bench.figures.base import PART_KINDS, Figure
from mimii_bench.figures.plan import plan_figures
from mimii_bench.reports.report import Report, load_report
from mimii_bench.util import plugins
from mimii_bench.util.errors import UserError
from mimii_bench.util.schema import check
from samples import ROOT

FOLDERS = sorted(path.parent for path in (ROOT / "reports").glob("*/report.yaml"))
SPEC = yaml.safe_load((ROOT / "reports/gamma_ae/report.yaml").read_text())
FANS = [Unit("fan", "6dB", id) for id in IDS]
POOLS = {"fan/6dB": FANS}
STORE = {"feature": "logmel128_matlab", "mix": "mono", "machine": "fan", "snr": "6dB", "id": "02"}
FIGURE = {"plot": "scores.Roc", "caption": "ROC", "scores": [{"system": "ae"}]}


def report_with(**figure):
    return Report("gamma_ae", SPEC | {"figures": {"mine": figure}}, Path("reports/gamma_ae"))


#: A class that draws each kind.
PLOTS = {
    "stores": "spectrograms.Spectrograms",
    "scores": "scores.Roc",
    "histories": "curves.Losses",
    "models": "embeddings.Tsne",
}


def part_of(kind, part, pools=POOLS):
    planned, _ = plan_figures(report_with(plot=PLOTS[kind], caption="", **{kind: [part]}), pools)
    return planned["mine"].parts[0]


def all_pools(report):
    """The pools of a report on the whole corpus."""
    units = report.spec["units"]
    pools = {}
    for machine in units["machine"]:
        for snr in units["snr"]:
            for id in units["id"]:
                unit = Unit(machine, snr, id)
                pools.setdefault(report.pool_of(unit), []).append(unit)
    return pools


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_figure_of_every_report_can_be_drawn_on_the_whole_corpus(report_schema, folder):
    report = load_report(folder, report_schema)
    planned, missing = plan_figures(report, all_pools(report))
    assert not missing
    assert list(planned) == list(report.spec.get("figures", {}))
    for figure in planned.values():
        assert inspect.isfunction(plugins.load("figures", f"from_{figure.kind}.read"))
        plot = plugins.load("figures", figure.plot)(**figure.options)
        assert isinstance(plot, Figure)
        assert plot.kind == figure.kind


def test_reports_have_figures_of_every_kind(report_schema):
    reports = [load_report(folder, report_schema) for folder in FOLDERS]
    kinds = {
        k for r in reports for f in r.spec.get("figures", {}).values() for k in PART_KINDS if k in f
    }
    assert kinds == set(PART_KINDS)


def test_a_part_of_a_trained_system_is_of_one_pool_and_all_its_units():
    part = part_of("histories", {"system": "ae"})
    assert (part.pool, part.units) == ("fan/6dB", FANS)
    assert part.spec == {"title": "ae", "system": "ae"}


def test_a_part_of_a_unit_names_it_in_its_title():
    part = part_of("stores", STORE)
    assert part.units == [Unit("fan", "6dB", "02")]
    assert part.spec["title"] == "fan 02, 6 dB"
    assert part_of("stores", {**STORE, "title": "mine"}).spec["title"] == "mine"


def test_scores_are_those_of_the_report_s_tables():
    rule = {"class": "thresholds.GammaThreshold", "p": 0.1}
    part = part_of("scores", {"system": "ae", "id": "00"})
    wanted = {"scores": "score", "roles": ["test"], "threshold": rule}
    assert {key: part.spec[key] for key in wanted} == wanted
    assert part.units == FANS[:1]
    assert part_of("scores", {"system": "ae", "variant": "train"}).spec["roles"] == ["train"]


def test_a_caption_of_a_table_is_no_part_of_a_figure():
    part = part_of("scores", {"system": "ae", "table": "evaluate_performance"})
    assert not {"caption", "comparable", "over"} & set(part.spec)


def test_a_model_comes_with_its_class_and_inputs():
    part = part_of("models", {"system": "ae", "machine": "fan", "snr": "6dB", "id": "00"})
    assert part.spec["class"] == "dense_autoencoder.DenseAutoencoder"
    assert part.spec["inputs"] == [{"feature": "logmel128_matlab", "mix": "mono"}]


@pytest.mark.parametrize("pools", [{}, {"fan/6dB": FANS[2:]}])
def test_what_the_corpus_lacks_is_missing_and_named(pools):
    report = report_with(plot="spectrograms.Spectrograms", caption="", stores=[STORE, STORE])
    planned, missing = plan_figures(report, pools)
    assert planned == {}
    assert missing == {"mine": "figure mine, drawn from fan/6dB/id_02"}


def test_tables_need_all_units_of_one_machine():
    part = {"table": "per_id", "metric": "auc", "system": "ae"}
    report = report_with(plot="sweeps.Sweep", caption="", tables=[part])
    assert "mine" in plan_figures(report, POOLS)[0]
    said = "figure mine, drawn from fan/6dB/id_00, fan/6dB/id_02"
    assert plan_figures(report, {"fan/6dB": FANS[2:]})[1] == {"mine": said}
    spec = {**report.spec, "units": {**report.spec["units"], "machine": ["fan", "pump"]}}
    pumps = {"pump/6dB": [unit._replace(machine="pump") for unit in FANS]}
    assert "mine" in plan_figures(Report("two", spec, report.folder), pumps)[0]


def test_a_system_that_uses_some_pools_only_is_shown_on_these_only(report_schema):
    report = load_report(ROOT / "reports/ims_cnn", report_schema)
    spec = report.spec | {"figures": {"mine": {**FIGURE, "scores": [{"system": "cnn_lstm"}]}}}
    planned, _ = plan_figures(Report("ims_cnn", spec, Path("reports/ims_cnn")), all_pools(report))
    assert planned["mine"].parts[0].pool == "fan/-6dB"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"plot": "pies.Pie"}, "pies.Pie: there is no figures/pies.py"),
        ({"plot": "curves.Losses"}, "curves.Losses is drawn from histories, not from scores"),
        ({"plot": "canvas.panels"}, "canvas.panels is drawn from nothing, not from scores"),
        ({"scores": [{"system": "vae"}]}, "system 'vae' is not ae"),
        ({"scores": [{"system": "ae", "table": "t"}]}, "table 't' is not evaluate_performance"),
        ({"stores": []}, "it must be drawn from one of stores, recordings, scores"),
        ({"scores": [{"system": "ae", "id": "08"}]}, "ae, 08: name units that train together"),
    ],
)
def test_a_mistake_is_named_with_report_and_figure(change, message):
    with pytest.raises(UserError) as caught:
        plan_figures(report_with(**{**FIGURE, **change}), POOLS)
    assert str(caught.value).startswith("reports/gamma_ae/report.yaml: figures.mine: " + message)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": "08"}, "fan 08, 6 dB: name one unit of the report by machine, snr and id"),
        ({"feature": "mel"}, "feature 'mel' is not logmel128_matlab"),
        ({"mix": "stereo"}, "mix 'stereo': write mono, chA or chA-chB"),
    ],
)
def test_a_mistake_in_a_store_is_named(change, message):
    with pytest.raises(UserError, match=f"figures.mine: {message}"):
        part_of("stores", {**STORE, **change})


def test_a_part_of_several_pools_is_refused():
    spec = yaml.safe_load((ROOT / "reports/mimii_baseline/report.yaml").read_text())
    spec["figures"] = {"mine": {**FIGURE, "scores": [{"system": "dense_ae", "machine": "fan"}]}}
    with pytest.raises(UserError, match="dense_ae, fan: name units that train together"):
        plan_figures(Report("mimii_baseline", spec, Path("reports/mimii_baseline")), {})


@pytest.mark.parametrize(
    ("figure", "message"),
    [
        ({"plot": "roc"}, "figures.mine.plot: 'roc' does not match"),
        ({"colour": "red"}, "figures.mine: unknown key 'colour'; allowed: plot, caption, options"),
        ({"scores": [{"sytem": "ae"}]}, "figures.mine.scores.0: "),
        ({"scores": []}, "figures.mine.scores: "),
        (
            {"stores": [{"feature": "f", "mix": "mono"}]},
            "figures.mine.stores.0: 'machine' is a req",
        ),
    ],
)
def test_the_schema_names_the_key(report_schema, figure, message):
    spec = SPEC | {"figures": {"mine": {**FIGURE, **figure}}}
    with pytest.raises(UserError, match=f"^report.yaml: {message}"):
        check(spec, report_schema, "report.yaml")
