"""A project as a whole: what it asks of the corpus, and what rules ask of it."""

import shutil

import pytest
import yaml

from mimii_bench.planning.project import Project
from mimii_bench.util.errors import UserError
from projects import TINY, named
from samples import ROOT, mimii_members, noise, wav_bytes, write_mimii_zip, write_zip


@pytest.fixture
def copy(tmp_path):
    """A copy of what describes the project, to alter; its library is the one that is tested."""
    for part in ("config.yaml", "leaderboard", "reports", "workflow/schemas", "workflow/scripts"):
        source, target = ROOT / part, tmp_path / "project" / part
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copy)(source, target)
    return tmp_path / "project"


def test_all_reports_stand_in_the_project(project):
    assert (
        set(project.reports)
        == set(project.known_reports)
        == {*("mimii_baseline", "eurecom_vae", "gamma_ae", "two_mic_ae", "complex_net", "ims_cnn")}
    )


def test_the_leaderboard_is_one_more_protocol(project):
    assert set(project.trainings.protocols) == {*project.reports, "leaderboard"}
    board = project.trainings.protocols["leaderboard"]
    assert board.split == {"scheme": "half_of_anomalies"}
    assert {"knn_mean", "baseline_ae", "ims_cnn"} <= set(board.systems)
    assert all(job.numbers == [0, 1, 2] for job in project.trainings.of_protocol("leaderboard"))


def test_a_report_of_one_s_own_is_found_where_it_lies(copy, tmp_path, monkeypatch):
    folder = tmp_path / "mine"
    folder.mkdir()
    base = copy / "reports/mimii_baseline"
    (folder / "report.yaml").write_text(yaml.safe_dump({"extends": str(base), "title": "Mine"}))
    assert list(Project(copy, {**TINY, "reports": [str(folder)]}).reports) == ["mine"]
    monkeypatch.chdir(tmp_path)
    assert list(Project(copy, {**TINY, "reports": ["./mine/"]}).reports) == ["mine"]


def test_an_experiment_of_the_project_is_found_from_any_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert list(Project(ROOT, {"reports": ["experiments/spatial"]}).reports) == ["spatial"]


@pytest.mark.parametrize(
    ("reports", "message"),
    [
        (["mimi_baseline"], "no report 'mimi_baseline'; there are complex_net, "),
        (["mimii_baseline", "reports/mimii_baseline"], "two are called mimii_baseline; rename"),
        (["leaderboard"], "leaderboard"),
    ],
)
def test_a_report_that_cannot_be_is_named(reports, message):
    with pytest.raises(UserError, match=message):
        _ = Project(ROOT, {"reports": reports}).reports


def test_the_rules_of_one_checkout_do_not_run_the_library_of_another(copy):
    shutil.copytree(ROOT / "src/mimii_bench/util", copy / "src/mimii_bench/util")
    with pytest.raises(UserError, match=r"its rules would run the library of .*install its own"):
        Project(copy, TINY)


def test_jobs_find_the_library_and_what_was_there_before(tiny):
    found = tiny.environment({"PYTHONPATH": "/mine:"})["PYTHONPATH"]
    assert found == f"{ROOT / 'src'}:/mine"
    assert tiny.environment({})["PYTHONPATH"] == str(ROOT / "src")


def test_targets_are_what_the_reports_need(tiny):
    assert len(tiny.stores()) == len(tiny.mixes()) == 4
    assert tiny.mixes()[0] == "results/audio/ch0/fan/-6dB/id_00"


def test_results_may_go_elsewhere():
    found = Project(ROOT, {**TINY, "results": "/data/out", "run": "tiny"})
    assert found.stores()[0].startswith("/data/out/tiny/features/")
    assert found.corpus_files.archives("fan")[0].startswith("/data/out/tiny/corpus/simulated/")


def test_wildcards_are_the_names_that_there_are(tiny):
    wildcards = tiny.wildcards()
    assert wildcards["machine"] == "fan|pump|slider|valve"
    assert wildcards["report"] == "mimii_baseline"
    assert wildcards["protocol"] == "mimii_baseline|leaderboard"


def test_what_is_missing_and_what_is_not_used_is_announced(tmp_path):
    write_mimii_zip(tmp_path, "fan", "0dB", ids=("00", "01"))
    (tmp_path / "notes.txt").write_text("?")
    given = {"corpus": "mimii", "mimii": {"folder": str(tmp_path), "archives": "own"}}
    lines = Project(ROOT, {**given, "reports": ["mimii_baseline"]}).announcements()
    missing = [line for line in lines if line.startswith("missing for mimii_baseline: ")]
    assert missing[0].startswith("missing for mimii_baseline: 47 units: 4 not in ")
    assert missing[0].endswith(", and so on in 8 more")
    assert len(missing) <= 3
    assert any(line.startswith("fan/0dB/id_01: 01 is not one of") for line in lines)
    assert any("notes.txt" in line for line in lines if line.endswith("; not used"))


@pytest.mark.parametrize(("given", "limited"), [(300, 5), (3000, 50), (None, None)])
def test_what_a_report_limits_itself_to_is_announced(given, limited):
    demo = {"max_steps": given, "seeds": 1, "bootstrap": 100}
    lines = Project(ROOT, {**TINY, "reports": ["ims_cnn"], "budgets": {"demo": demo}})
    said = [line for line in lines.announcements() if "steps" in line]
    if limited is None:
        assert said == []
    else:
        (line,) = said
        assert line.startswith(
            f"trainings end after fewer steps than {given}: ims_cnn after {limited}, "
        )


def gears(folder, **units):
    """Configure gears that four microphones heard at 48 kHz, and a report that names `units`."""
    for id in ("a", "b"):
        for label, count in (("normal", 4), ("abnormal", 1)):
            place = folder / f"recordings/gearbox/id_{id}/{label}"
            place.mkdir(parents=True)
            for number in range(count):
                (place / f"{number}.wav").touch()
    description = {"name": "gears", "folder": "recordings", "layout": "folder", "channels": 4}
    description |= {"sample_rate": 48_000, "seconds": "any"}
    (folder / "gears.yaml").write_text(yaml.safe_dump(description))
    (folder / "gears").mkdir()
    named = {"machine": ["gearbox"], "snr": ["any"], "id": ["a", "b"]} | units
    spec = {"extends": str(ROOT / "reports/mimii_baseline"), "units": named, "claims": None}
    (folder / "gears/report.yaml").write_text(yaml.safe_dump(spec))
    return {"corpus": str(folder / "gears.yaml"), "reports": [str(folder / "gears")]}


def test_a_corpus_of_one_s_own_runs_machines_of_any_name(tmp_path):
    project = Project(ROOT, gears(tmp_path))
    assert list(project.plan.pools["gears"]) == ["gearbox/any/id_a", "gearbox/any/id_b"]
    assert project.plan.missing == []
    assert project.announcements() == []
    assert project.inventory.corpus == "own"
    assert "results/features/logmel64_reflect/ch0/gearbox/any/id_a.h5" in project.stores()
    # None of its ids is one of leaderboard.ids.
    assert project.ranking.rows() == []
    assert not [line for line in project.ranking.left_out if "48000 Hz" in line]


def test_a_system_that_has_to_know_the_rate_is_told_that_of_the_recordings(tmp_path):
    given = gears(tmp_path)
    for id in ("a", "b"):
        (tmp_path / f"recordings/gearbox/id_{id}/abnormal/1.wav").touch()
    project = Project(ROOT, {**given, "leaderboard": {"ids": ["a"], "seeds": 1}})
    systems = project.trainings.protocols["leaderboard"].systems
    assert systems["ims_cnn_learned_sinc"].options["sample_rate"] == 48_000
    assert "sample_rate" not in systems["ims_cnn"].options


def test_a_misspelt_unit_of_one_s_own_corpus_is_said(tmp_path):
    project = Project(ROOT, gears(tmp_path, machine=["gearbx"], id=["a", "c"]))
    assert project.announcements() == [
        "missing for gears: units.machine: the corpus has no gearbx; it has gearbox",
        "missing for gears: units.id: the corpus has no c; it has a, b",
        "gearbox: no report uses it; name it under units in a report.yaml",
    ]


def test_a_unit_that_no_report_names_is_said(tmp_path):
    project = Project(ROOT, gears(tmp_path, id=["b"]))
    assert project.announcements() == [
        "gearbox: no report uses 1 of its 2 units, e.g. gearbox/any/id_a; "
        "name them under units in a report.yaml"
    ]


def test_a_system_for_another_sample_rate_is_named_before_any_job(copy):
    path = copy / "reports/ims_cnn/report.yaml"
    spec = yaml.safe_load(path.read_text())
    system = spec["systems"]["cnn_learned_sinc"]
    system["options"] = {**system["options"], "sample_rate": 8000}
    path.write_text(yaml.safe_dump(spec))
    with pytest.raises(UserError, match=r"sample_rate: 8000, but the recordings have 16000"):
        _ = Project(copy, {"reports": ["ims_cnn"]}).trainings


def test_a_band_above_half_the_sample_rate_is_named_before_any_job(copy):
    path = copy / "reports/mimii_baseline/report.yaml"
    path.write_text(path.read_text().replace("    hop: 512", "    hop: 512\n    f_max: 20000"))
    with pytest.raises(UserError, match=r"report.yaml: features.logmel64_reflect: .*f_max"):
        _ = Project(copy, TINY).trainings


def test_features_on_the_fly_are_read_from_samples():
    project = Project(ROOT, {**TINY, "on_the_fly": ["logmel64_reflect"]})
    assert {store.split("/")[2] for store in project.stores()} == {"samples"}
    (job, _) = project.trainings.of_protocol("mimii_baseline")
    assert job.features[0]["class"] == "logmel.LogMel"
    with pytest.raises(UserError, match="on_the_fly: 'mfcc' is not one of"):
        _ = Project(ROOT, {**TINY, "on_the_fly": ["mfcc"]}).feature_files


def test_splits_ask_for_recordings_only_where_they_compare_them(project):
    asked = project.split_files.recordings(named(protocol="two_mic_ae", pool="fan"))
    assert asked == "results/recordings/two_mic_ae/fan.csv"
    assert project.split_files.recordings(named(protocol="gamma_ae", pool="fan")) == []


def test_every_figure_has_its_files(project):
    for key, report in project.reports.items():
        for name in report.spec.get("figures", {}):
            wildcards = named(report=key, figure=name)
            assert project.drawing.inputs(wildcards)
            assert project.drawing.parts(wildcards)
            assert project.code.figure(wildcards)
    with pytest.raises(UserError, match="gamma_ae: no figure of_mine can be drawn"):
        project.drawing.figure(named(report="gamma_ae", figure="of_mine"))


def test_the_leaderboard_takes_scores_and_first_models_of_every_row(project):
    rows = project.ranking.rows()
    assert len({row["name"] for row in rows}) == len(rows)
    (row,) = [row for row in rows if row["name"] == "knn_mean"]
    unit, folders = row["folders"][0]
    assert unit == ("fan", "-6dB", "00")
    assert folders == [
        f"results/scores/leaderboard/knn_mean/fan/seeds/seed{k}/-6dB/id_00" for k in range(3)
    ]
    assert row["model"] == "results/models/leaderboard/knn_mean/fan/seeds/seed0/-6dB/id_00"


@pytest.mark.parametrize("layout", ["folder", "zip"])
def test_recordings_and_not_the_layout_say_how_many_channels_there_are(tmp_path, layout):
    data = wav_bytes(noise(0, 16_000, 1))
    members = mimii_members("fan", ["00", "02"], 6, 4, data)
    if layout == "zip":
        write_zip(tmp_path / "-6_dB_fan.zip", members)
    else:
        for name, content in members.items():
            (tmp_path / "-6dB" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "-6dB" / name).write_bytes(content)
    block = {"folder": str(tmp_path), "layout": layout, "archives": "own"}
    project = Project(ROOT, {**TINY, "corpus": "mimii", "mimii": block})
    held = project.inventory
    assert (held.corpus, held.channels, held.samples) == ("own", 1, 16_000)
    assert "two_mics_0_4: the recordings have 1 channel(s)" in project.ranking.left_out
    assert "knn_mean" in {entry.name for entry in project.ranking.entries}
