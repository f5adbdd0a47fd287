"""Systems by name: whole, as the leaderboard has them, and close names for one that is none."""

import pytest
import yaml

from mimii_bench.leaderboard.catalog import find_system, named_systems
from mimii_bench.systems.base import make_system
from mimii_bench.util import plugins
from mimii_bench.util.errors import UserError
from samples import ROOT

NAMES = list(yaml.safe_load((ROOT / "leaderboard/leaderboard.yaml").read_text())["systems"])


def test_all_systems_of_the_leaderboard_are_there_in_its_order():
    assert list(named_systems()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_system_and_its_features_can_be_made_of_what_is_said(name):
    found = find_system(name)
    system = make_system(plugins.load("systems", found.class_name), found.options)
    features = [
        plugins.build("features", {**one["feature"], "sample_rate": 16_000}) for one in found.inputs
    ]
    assert all(feature.frames(160_000) > 0 for feature in features)
    assert (system.learns == "label") == found.supervised
    assert system.learns == found.learns
    assert found.summary
    assert "\n" not in found.summary


def test_systems_of_one_class_are_told_apart():
    summaries = [one.summary for one in named_systems().values()]
    assert len(set(summaries)) == len(summaries)


@pytest.mark.parametrize(
    ("name", "channels", "learns", "report"),
    [
        ("knn_mean", 1, None, ""),
        ("two_mics_2_6", 7, None, "two_mic_ae"),
        ("id_complex_deep", 1, "id", "complex_net"),
        ("ims_cnn", 1, "label", "ims_cnn"),
    ],
)
def test_what_a_system_needs(name, channels, learns, report):
    found = find_system(name)
    assert (found.channels_needed, found.learns, found.report) == (channels, learns, report)


def test_the_first_kind_of_score_is_one_that_ranks():
    assert find_system("dcase_ae").kinds[0] == "mse"
    assert find_system("gmm").kinds == ["score"]


@pytest.mark.parametrize(
    ("name", "hint"),
    [("knn_men", "did you mean knn_mean"), ("?", "there are knn_mean, ")],
)
def test_an_unknown_name_is_told_close_ones(name, hint):
    with pytest.raises(UserError, match=hint):
        find_system(name)
