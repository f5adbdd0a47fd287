"""The section of the leaderboard: scopes, means, costs."""

import csv

import pytest

from made_up_run import MACHINES, SNRS, SYSTEMS, facts, files, seal_run, write_run
from mimii_bench.page import leaderboard
from mimii_bench.page.given import Given


@pytest.fixture
def section(tmp_path):
    write_run(tmp_path)
    return leaderboard.section(Given(facts(), files(tmp_path)))


@pytest.fixture
def units(section, tmp_path):
    with (tmp_path / "leaderboard_units.csv").open() as file:
        return list(csv.DictReader(file))


def scope(section, machine="", snr=""):
    return [row for row in section["rows"] if (row["machine"], row["snr"]) == (machine, snr)]


def test_without_a_leaderboard_the_page_tells_how_to_run_it(written, section_of):
    text = section_of(written(ranked=False), "leaderboard")
    assert "snakemake --cores 2 leaderboard --configfile config/leaderboard.yaml\n" in text
    assert "<table" not in text


def test_a_leaderboard_of_another_run_says_so(written, section_of):
    other = {"folder": "results/leaderboard", "is_ours": False}
    assert "results/leaderboard" in section_of(written(facts(leaderboard=other)), "leaderboard")
    assert "From the run" not in section_of(written(), "leaderboard")


def test_every_choice_of_machine_and_snr_has_a_row_of_each_system(section):
    assert len(section["rows"]) == (len(MACHINES) + 1) * (len(SNRS) + 1) * len(SYSTEMS)


def test_only_the_rows_of_all_units_are_shown_without_a_script(written, section_of):
    rows = section_of(written(), "leaderboard").split('<tr data-machine="')[1:]
    shown = [row for row in rows if " hidden>" not in row.split("<td", 1)[0]]
    assert len(shown) == len(SYSTEMS)
    assert all(row.startswith('" data-snr=""') for row in shown)


def test_the_mean_is_over_the_units_of_the_scope(section, units):
    (row,) = [one for one in scope(section, machine="fan") if one["system"] == "gmm"]
    own = [float(u["value"]) for u in units if (u["system"], u["machine"]) == ("gmm", "fan")]
    assert len(own) == len(SNRS)
    assert row["auc"] == pytest.approx(sum(own) / len(own))
    assert row["worst"] == min(own)
    assert "[" not in row["auc_text"]


def test_one_unit_and_all_of_them_have_intervals(section):
    assert all("[" in row["auc_text"] for row in scope(section, "fan", "-6dB"))
    assert all("[" in row["auc_text"] for row in scope(section))


def test_who_heard_anomalies_is_ranked_apart_and_last(section):
    for machine in ("", *MACHINES):
        rows = scope(section, machine)
        assert [row["supervised"] for row in rows] == [False] * 3 + [True]
        assert rows[-1]["rank"] == 1
        if machine:
            aucs = [row["auc"] for row in rows[:-1]]
            assert aucs == sorted(aucs, reverse=True)
            assert [row["rank"] for row in rows[:-1]] == [1, 2, 3]


def test_a_kind_of_score_has_the_times_of_its_system(section):
    (row,) = [one for one in scope(section) if one["system"] == "knn:nearest"]
    assert row["fit_text"] == "2.4 s"


def test_the_best_of_each_machine_is_told_by_kind(section):
    for one in section["bests"]:
        rows = scope(section, one["machine"])
        assert one["unsupervised"]["auc"] == max(r["auc"] for r in rows if not r["supervised"])
        assert one["supervised"]["system"] == "taught"


def test_real_differences_are_counted(section):
    assert section["real"] == {"judged": 2, "real": 2}


def test_pictures_follow_the_filters_of_the_table(section):
    for picture in [*section["pictures"], *section["costs"]]:
        assert [one["name"] for one in picture.spec["params"]] == ["machine", "snr", "supervised"]
        assert picture.rows == "leaderboard"
        first = picture.spec.get("layer", [picture.spec])[0]
        assert "datum.supervised == supervised" in first["transform"][0]["filter"]


def test_a_system_without_weights_is_in_no_picture_of_them(section, tmp_path):
    path = tmp_path / "leaderboard.csv"
    path.write_text(path.read_text().replace(",300,400,", ",0,400,"))
    seal_run(tmp_path)
    costs = leaderboard.section(Given(facts(), files(tmp_path)))["costs"]
    shown = {row["system"] for row in costs[-1].spec["data"]["values"]}
    assert shown == {*SYSTEMS} - {SYSTEMS[0]}
