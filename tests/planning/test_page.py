"""What the page of a project is made of."""

import shutil
from pathlib import Path

import pytest
import yaml

from mimii_bench.planning.project import Project
from projects import TINY
from samples import ROOT


@pytest.fixture
def here(tmp_path, monkeypatch):
    """The tiny project, run in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return Project(ROOT, TINY)


def test_every_report_names_its_authors_and_tells_its_story(project):
    for report in project.page.facts()["reports"]:
        assert report["authors"], report["key"]
        assert 4 <= report["story"].count(". ") + 1 <= 7, report["key"]


def test_clips_and_units_are_counted(here):
    corpus = here.page.facts()["corpus"]
    assert (corpus["units"], corpus["normal"], corpus["abnormal"]) == (4, 20, 8)
    assert (corpus["machines"], corpus["snrs"], corpus["ids"]) == (
        *(["fan"], ["-6dB", "6dB"]),
        ["00", "02"],
    )
    assert corpus["simulated"]
    assert corpus["seconds"] == 10


def test_the_leaderboard_is_no_input_and_yet_changes_what_the_page_stands_on(here):
    before = here.page.stands_on()
    assert here.paths.leaderboard not in here.page.inputs()
    assert here.page.files()["leaderboard"] == here.paths.leaderboard
    write(here.paths.leaderboard, "rank")
    assert here.page.stands_on() != before


def test_the_leaderboard_of_its_own_run_is_shown_where_this_one_has_none(here):
    other = "results/leaderboard/tables/leaderboard.csv"
    assert here.page.facts()["leaderboard"] == {"folder": "results", "is_ours": True}
    write(other, "rank")
    assert here.page.files()["leaderboard"] == other
    assert here.page.facts()["leaderboard"] == {"folder": "results/leaderboard", "is_ours": False}
    write(here.paths.leaderboard, "rank")
    assert here.page.files()["leaderboard"] == here.paths.leaderboard


def test_a_figure_is_shown_where_it_lies_there(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    project = Project(ROOT, {"reports": ["gamma_ae"]})
    (report,) = project.page.facts()["reports"]
    assert report["figures"] == []
    name = next(iter(project.reports["gamma_ae"].spec["figures"]))
    write(project.paths.figure.format(report="gamma_ae", figure=name), "")
    (report,) = project.page.facts()["reports"]
    assert [one["place"] for one in report["figures"]] == [f"figures/gamma_ae/{name}.png"]
    assert report["asked_figures"] > 1


def test_a_template_is_code_of_the_page(here, tmp_path, monkeypatch):
    library = tmp_path / "src/mimii_bench"
    shutil.copytree(ROOT / "src/mimii_bench/page/templates", library / "page/templates")
    monkeypatch.setattr("mimii_bench.planning.code.__file__", str(library / "planning/code.py"))
    before = here.code.page()
    style = library / "page/templates/page.css"
    style.write_text(style.read_text() + "\n")
    assert here.code.page() != before


def test_a_story_changes_no_number(tmp_path):
    """It stands in no part of report.yaml that tables depend on."""
    text = (ROOT / "reports/mimii_baseline/report.yaml").read_text()
    spec = yaml.safe_load(text) | {"story": "Another.", "authors": "Others", "year": 1999}
    for folder in ("one", "two"):
        shutil.copytree(ROOT / "reports/mimii_baseline", tmp_path / folder / "mine")
    (tmp_path / "two/mine/report.yaml").write_text(yaml.safe_dump(spec, sort_keys=False))
    projects = [
        Project(ROOT, {**TINY, "reports": [str(tmp_path / folder / "mine")]})
        for folder in ("one", "two")
    ]
    one, two = (project.fingerprints.reports(None) for project in projects)
    assert one == two
    assert projects[0].page.facts() != projects[1].page.facts()


def write(path, text):
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text)
