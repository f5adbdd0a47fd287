"""A system of fit, score, save and load alone, in a file beside a report, through the whole DAG."""

import csv
import shutil
from pathlib import Path

import pytest
import yaml

DETECTOR = Path(__file__).with_name("my_detectors.py")
REPORT = {
    "extends": "../reports/mimii_baseline",
    "systems": {
        "dense_ae": None,
        "loudness": {
            "class": "./my_detectors.py:Loudness",
            "inputs": [{"feature": "logmel64_reflect", "mix": "ch0"}],
            "options": {},
        },
    },
    "claims": None,
}

pytestmark = pytest.mark.whole


@pytest.fixture(scope="module")
def project(finished, tmp_path_factory):
    """The finished tiny workflow with a report of one's own, whose system is ranked too."""
    project = finished.clone(tmp_path_factory.mktemp("outside") / "project")
    folder = project.folder / "mine"
    folder.mkdir()
    (folder / "report.yaml").write_text(yaml.safe_dump(REPORT))
    shutil.copy(DETECTOR, folder)
    board = project.folder / "leaderboard/leaderboard.yaml"
    entered = REPORT["systems"]["loudness"] | {"class": f"{folder}/my_detectors.py:Loudness"}
    board.write_text(yaml.safe_dump({"features": {}, "systems": {"loudness": entered}}))
    config = yaml.safe_load((project.folder / "config/tiny.yaml").read_text())
    config["reports"] = ["./mine"]
    (project.folder / "config/mine.yaml").write_text(yaml.safe_dump(config))
    project.config = "config/mine.yaml"
    project.run("results/tables/all.csv", "results/tables/leaderboard.csv")
    return project


def rows(project, path):
    with (project.folder / path).open() as file:
        return list(csv.DictReader(file))


def test_its_numbers_stand_in_all_csv(project):
    found = [row for row in rows(project, "results/tables/all.csv") if row["reproduced"]]
    assert {row["system"] for row in found} == {"loudness"}
    assert len([row for row in found if row["metric"] == "auc"]) == 4


def test_it_is_ranked(project):
    found = {row["system"]: row for row in rows(project, "results/tables/leaderboard.csv")}
    assert found["loudness"]["parameters"] == "1"


def test_an_edit_of_its_file_trains_it_again(project):
    project.edit("mine/my_detectors.py", "np.mean(frames)", "np.median(frames)")
    planned = project.planned()
    assert planned["fit_and_score"] == 2
    assert "feature_store" not in planned
