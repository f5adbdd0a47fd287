"""The leaderboard on a tiny corpus: its rows, its bytes, and what an edit trains again."""

import csv

import pytest
import yaml

TABLE = "results/tables/leaderboard.csv"
FIELD = {
    "knn": {
        "class": "classical.NearestNeighbours",
        "inputs": [{"feature": "logmel64", "mix": "ch0"}],
        "options": {"pooling": ["mean"], "neighbours": 1},
    },
    "baseline": {"report": "mimii_baseline", "system": "dense_ae"},
    "dcase": {
        "report": "two_mic_ae",
        "system": "baseline",
        "options": {"ridge": 0.001},
        "scores": ["mse", "mahalanobis"],
    },
    "ids": {"report": "complex_net", "system": "giri_logmel_deep", "pool": ["machine", "snr"]},
    "cnn": {"report": "ims_cnn", "system": "cnn"},
}


@pytest.fixture(scope="module")
def ranked(project_class, tmp_path_factory):
    """A tiny workflow whose leaderboard has run to its end."""
    project = project_class.fresh(tmp_path_factory.mktemp("ranked") / "project")
    features = yaml.safe_load((project.folder / "leaderboard/leaderboard.yaml").read_text())
    spec = {key: features[key] for key in ("features", "calibration")} | {"systems": FIELD}
    (project.folder / "leaderboard/leaderboard.yaml").write_text(yaml.safe_dump(spec))
    project.run(TABLE, cores=1)
    return project


def rows(project, name="leaderboard"):
    with (project.folder / f"results/tables/{name}.csv").open() as file:
        return list(csv.DictReader(file))


@pytest.mark.whole
def test_every_kind_of_score_has_a_row_and_supervised_ones_come_last(ranked):
    found = rows(ranked)
    assert {row["system"] for row in found[:-1]} == {
        *("knn", "baseline", "dcase:mse", "dcase:mahalanobis", "ids", "fusion"),
    }
    assert (found[-1]["system"], found[-1]["supervised"], found[-1]["rank"]) == ("cnn", "True", "1")
    assert {row["corpus"] for row in found} == {"simulated"}
    assert {row["units"] for row in found} == {"2"}
    assert {row["seeds"] for row in found} == {"3"}
    by_name = {row["system"]: row for row in found}
    assert by_name["ids"]["learns_from"] == "normal clips of all ids at the SNR"
    assert by_name["baseline"]["parameters"] == "50760"


@pytest.mark.whole
def test_every_unit_and_pair_is_there(ranked):
    assert len({(row["system"], row["snr"]) for row in rows(ranked, "leaderboard_units")}) == 7 * 2
    assert len(rows(ranked, "leaderboard_differences")) == 6 * 5 / 2
    assert {row["trainings"] for row in rows(ranked, "leaderboard_times")} == {"6"}


@pytest.mark.whole
def test_the_stability_of_the_order_is_printed(ranked):
    found = {
        (row["supervised"], row["among"]): row for row in rows(ranked, "leaderboard_stability")
    }
    unsupervised = found["False", "all rows"], found["False", "rows that depend on the seed"]
    # The neighbours are the same with every seed, and on so few clips others happen to be.
    everyone, seeded = (int(row["rows"]) for row in unsupervised)
    assert everyone == 6
    assert 2 <= seeded <= 5
    assert all(-1 <= float(row["rank_correlation"]) <= 1 for row in unsupervised)
    # One supervised row has no order.
    assert found["True", "all rows"]["rank_correlation"] == ""
    page = ranked.read("results/tables/leaderboard.md").decode()
    values = [float(row["rank_correlation"]) for row in unsupervised]
    assert (
        "Rank correlation of the mean ranks between two sets of seeds: "
        f"{values[0]:.3f} among all rows ({everyone}), "
        f"{values[1]:.3f} among rows that depend on the seed ({seeded})."
    ) in page


@pytest.mark.whole
def test_one_test_clip_of_a_class_judges_nothing(ranked):
    pairs = rows(ranked, "leaderboard_differences")
    assert {row[name] for row in pairs for name in ("p", "p_holm", "real")} == {""}
    assert all(row["auc_difference"] for row in pairs)
    page = ranked.read("results/tables/leaderboard.md").decode()
    assert "Which rows differ is not said" in page
    assert "Left out: pump/0dB/id_00: not in simulated.machines, simulated.snrs." in page
    for name in ("pauc_trapz", "pauc_topk"):
        assert {row[name] for row in rows(ranked)} == {""}


@pytest.mark.whole
def test_every_row_but_the_fusion_of_ranks_has_its_false_alarms(ranked):
    found = rows(ranked, "leaderboard_calibration")
    names = {row["system"] for row in rows(ranked)} - {"fusion"}
    assert {row["system"] for row in found} == names
    assert {row["threshold"] for row in found} == {"gamma", "quantile", "quantile_apart"}
    # One normal clip of the test cannot be halved; any two or more have a quantile.
    assert all(0 <= float(row["rate"]) <= 1 for row in found if row["threshold"] == "quantile")
    assert {row["rate"] for row in found if row["threshold"] == "quantile_apart"} == {""}


def test_nothing_to_rank_stops_the_leaderboard_alone(project_class, tmp_path):
    project = project_class.fresh(tmp_path / "project")
    project.edit("config/tiny.yaml", 'ids: ["00", "02"]', 'ids: ["02", "04"]')
    assert project.planned()["all_tables"] == 1
    result = project.snakemake("--dry-run", TABLE)
    assert result.returncode != 0
    said = "config.yaml: leaderboard.ids: the corpus has no id 00; take it away, or choose among "
    assert f"{said}02, 04" in result.stdout


@pytest.mark.whole
def test_the_bytes_do_not_depend_on_the_number_of_cores(ranked, tmp_path):
    again = ranked.clone(tmp_path / "again")
    again.run(TABLE, "--forcerun", "fit_and_score", cores=2)
    for name in ("", "_units", "_differences", "_stability", "_calibration"):
        name = f"leaderboard{name}"
        assert again.read(f"results/tables/{name}.csv") == ranked.read(f"results/tables/{name}.csv")


@pytest.mark.whole
def test_an_edit_trains_again_what_it_concerns(ranked, tmp_path):
    project = ranked.clone(tmp_path / "edited")
    assert project.planned(TABLE) == {}
    project.edit("reports/complex_net/report.yaml", "learning_rate: 0.0001", "learning_rate: 0.001")
    assert project.planned(TABLE) == {"fit_and_score": 1, "score": 1, "leaderboard": 1}
    project.edit("src/mimii_bench/leaderboard/standings.py", "LEVEL = 0.05", "LEVEL = 0.01")
    assert project.planned(TABLE) == {"fit_and_score": 1, "score": 1, "leaderboard": 1}
