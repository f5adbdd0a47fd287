"""`mimii-bench systems`: all of them, and one with its options."""

import json

import pytest
from click.testing import CliRunner

from mimii_bench.cli.systems import systems
from mimii_bench.cli.tables import as_csv, as_table
from mimii_bench.leaderboard.catalog import named_systems
from mimii_bench.systems.base import check_options
from mimii_bench.util import plugins


def printed(*arguments):
    done = CliRunner().invoke(systems, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_every_system_has_a_line():
    lines = printed().splitlines()
    assert [line.split()[0] for line in lines[2:]] == list(named_systems())
    assert lines[0].split() == [
        "system",
        "what",
        "from",
        "hears",
        "learns",
        "from",
        "fit",
        "score",
        "model",
    ]
    assert "\x1b" not in "".join(lines)


def test_what_is_said_of_a_system_is_what_it_is():
    found = {one["name"]: one for one in json.loads(printed("--format", "json"))}
    assert found["ims_cnn"]["supervised"]
    assert found["ims_cnn"]["learns_from"] == "normal and abnormal clips"
    assert found["two_mics_2_6"]["channels_needed"] == 7
    assert found["baseline_ae"]["report"] == "mimii_baseline"
    assert "Purohit" in found["baseline_ae"]["source"]
    assert (
        found["knn_mean"]["fit_seconds_of_100_clips"]
        < found["baseline_ae"]["fit_seconds_of_100_clips"]
        < found["id_complex_deep"]["fit_seconds_of_100_clips"]
    )


@pytest.mark.parametrize("name", ["knn_mean", "eurecom_vae", "id_complex_deep", "ims_cnn_lstm"])
def test_the_options_that_are_told_are_those_that_it_takes(name):
    system = named_systems()[name]
    told = {
        one["option"]: one["default"]
        for one in json.loads(printed(name, "--format=json"))["options"]
    }
    assert system.options.items() <= told.items()
    check_options(plugins.load("systems", system.class_name), told)
    table = printed(name)
    assert all(f"\n{option} " in table for option in told)


def test_allowed_values_are_told():
    lines = printed("knn_ranked").splitlines()
    pooling = next(line for line in lines if line.startswith("pooling"))
    assert '["rank"]' in pooling
    assert "list of mean, max, deviation, rank, generalised, exponential " in pooling


def test_a_table_is_wrapped_on_a_narrow_terminal_alone(monkeypatch):
    rows = [{"name": "a" * 10, "meaning": "word " * 30}]
    assert max(map(len, as_table(rows).splitlines())) > 140
    monkeypatch.setattr("mimii_bench.cli.tables._columns", lambda: 80)
    assert max(map(len, as_table(rows).splitlines())) <= 80


def test_csv_quotes_what_must_be():
    assert as_csv([{"a": 1, "b": "x, y"}, {"a": 2, "b": ""}]) == 'a,b\n1,"x, y"\n2,'
