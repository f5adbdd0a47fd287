"""A comparison before it runs: what it writes, who takes part, what is left out and why."""

import os
from collections import Counter

import pytest
import soundfile
import yaml

from mimii_bench.pricing import comparison
from mimii_bench.util.checkout import find_checkout
from mimii_bench.util.errors import UserError
from samples import noise


def record(folder, normal=6, abnormal=4, channels=1, rate=16_000, seconds=1):
    """Write recordings, each of its own noise."""
    for label, count in (("normal", normal), ("abnormal", abnormal)):
        for number in range(count):
            path = folder / label / f"take {number}.wav"
            path.parent.mkdir(parents=True, exist_ok=True)
            seed = number + 1000 * (label == "normal")
            soundfile.write(path, noise(seed, seconds * rate, channels), rate)
    return folder


def planned(recordings, output, **options):
    notes = comparison.describe(recordings, output)
    given = {"budget": "demo", "seeds": 2} | options
    comparison.configure(output, output / comparison.DESCRIPTION, **given)
    return comparison.plan_comparison(output, find_checkout(), 2), notes


def test_one_machine_that_one_microphone_heard(tmp_path):
    before = os.getcwd()
    found, notes = planned(record(tmp_path / "pump"), tmp_path / "out")
    assert os.getcwd() == before
    assert found.units == ["pump/any/id_00"]
    assert {"knn_mean", "baseline_ae", "ims_cnn_learned_sinc"} <= set(found.systems)
    assert found.target == "results/tables/leaderboard.csv"
    assert found.seconds > 0
    assert notes == []
    # Encoders whose files are the user's say so.
    left_out = [line for line in found.left_out if "docs/encoders.md" not in line]
    assert len(found.left_out) - len(left_out) == 6
    reasons = Counter(line.split(": ")[1] for line in left_out)
    assert reasons == {
        "the recordings have 1 channel(s)": 5,
        "pump/any/id_00 has no other id to be told from": 10,
        "embedding_adacos:knn_cosine_density is not ranked": 1,
    }


def test_what_is_written_is_a_run_of_the_workflow(tmp_path):
    planned(record(tmp_path / "pump"), tmp_path / "out", budget="full", seeds=5)
    given = yaml.safe_load((tmp_path / "out/config.yaml").read_text())
    assert given == {
        "corpus": "corpus.yaml",
        "budget": "full",
        "reports": ["none"],
        "leaderboard": {"ids": ["00"], "seeds": 5},
    }
    description = yaml.safe_load((tmp_path / "out/corpus.yaml").read_text())
    assert description["folder"] == str(tmp_path / "pump")


@pytest.mark.parametrize("channels", [1, 2, 8])
def test_who_takes_part_depends_on_the_microphones(tmp_path, channels):
    found, _ = planned(record(tmp_path / "pump", channels=channels), tmp_path / "out")
    assert ("two_mics_0_4" in found.systems) == (channels == 8)


def test_machines_with_several_ids_are_told_apart_by_classifiers(tmp_path):
    for id in "ab":
        record(tmp_path / f"pumps/pump/id_{id}", normal=6 + (id == "b"))
    found, _ = planned(tmp_path / "pumps", tmp_path / "out")
    assert found.units == ["pump/any/id_a", "pump/any/id_b"]
    assert "giri_logmel_deep" in found.systems


@pytest.mark.parametrize("rate", [4000, 44_100, 96_000])
def test_any_rate_is_compared_by_those_who_can(tmp_path, rate):
    found, _ = planned(record(tmp_path / "pump", rate=rate), tmp_path / "out")
    assert "knn_mean" in found.systems


@pytest.mark.parametrize(("normal", "abnormal"), [(6, 0), (6, 1), (2, 4)])
def test_too_few_recordings_are_said_to_be(tmp_path, normal, abnormal):
    recordings = record(tmp_path / "pump", normal, abnormal)
    with pytest.raises(UserError, match=r"nothing can be compared: pump/any/id_00: .*; add normal"):
        planned(recordings, tmp_path / "out")


@pytest.mark.parametrize("name", ["config.yaml", "corpus.yaml"])
def test_another_file_of_the_name_is_not_written_over(tmp_path, name):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / name).write_text("corpus: mimii\n")
    with pytest.raises(UserError, match=f"{name}: lies there and is no comparison's"):
        planned(record(tmp_path / "pump"), tmp_path / "out")
    assert (tmp_path / "out" / name).read_text() == "corpus: mimii\n"


def test_a_second_comparison_replaces_the_first(tmp_path):
    planned(record(tmp_path / "pump"), tmp_path / "out")
    found, _ = planned(record(tmp_path / "fan"), tmp_path / "out")
    assert found.units == ["fan/any/id_00"]


def test_a_description_of_ones_own_is_taken_as_it_is(tmp_path):
    record(tmp_path / "gears/gearbox/id_a")
    path = tmp_path / "gears.yaml"
    path.write_text(yaml.safe_dump({"name": "gears", "folder": "gears", "layout": "folder"}))
    comparison.configure(tmp_path / "out", path, "demo", 1)
    found = comparison.plan_comparison(tmp_path / "out", find_checkout(), 1)
    assert found.units == ["gearbox/any/id_a"]
