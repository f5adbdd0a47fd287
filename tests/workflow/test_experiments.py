"""The experiments that the documents rest on can be run as they say."""

import pytest

from samples import ROOT

pytestmark = pytest.mark.whole

EXPERIMENTS = sorted(path.parent.name for path in (ROOT / "experiments").glob("*/report.yaml"))
#: Trainings of each.
TRAININGS = {
    **{"baseline_releases": 6, "fans_6dB": 2, "ims_fans": 15, "ims_runs": 5},
    **{"spatial": 6, "vae_weight": 6},
}


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_an_experiment_is_planned_in_full(name, project_class, tmp_path):
    project = project_class.fresh(tmp_path / "project", f"experiments/{name}/config.yaml")
    planned = project.planned(f"results/tables/{name}/all.csv")
    assert planned["fit_and_score"] == TRAININGS[name]
    assert planned["report_tables"] == 1


def test_a_small_experiment_has_its_numbers(project_class, tmp_path):
    """A report in a folder of its own that extends another one and prints nothing."""
    project = project_class.fresh(tmp_path / "project")
    folder = project.folder / "mine/baseline"
    folder.mkdir(parents=True)
    (folder / "report.yaml").write_text(
        "extends: ../../reports/mimii_baseline\n"
        "units: {machine: [fan], snr: [6dB], id: ['00']}\n"
        "systems: {dense_ae: {options: {hidden: [16, 4, 16]}}}\n"
        "claims: null\n"
    )
    project.edit("config/tiny.yaml", "reports: [mimii_baseline]", "reports: [mine/baseline]")
    project.run("results/tables/baseline/all.csv")
    lines = project.read("results/tables/baseline/all.csv").decode().splitlines()
    assert [line.split(",")[:4] for line in lines[1:]] == [
        # A partial AUC takes ten normal clips.
        ["baseline", "unprinted", "fan 6dB 00", "dense_ae auc"]
    ]
    assert "| dense_ae auc" in project.read("results/tables/baseline/printed/unprinted.md").decode()
