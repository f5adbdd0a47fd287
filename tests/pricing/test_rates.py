from dataclasses import replace

import pytest

from mimii_bench.planning.project import Project
from mimii_bench.pricing import calibration
from mimii_bench.pricing.rates import FeatureRate, Rates, SystemRate, network_options
from mimii_bench.pricing.rules import rules_of
from mimii_bench.pricing.work import Works
from mimii_bench.util.errors import UserError
from samples import ROOT

DENSE = "dense_autoencoder.DenseAutoencoder"


def test_there_are_rates_of_every_rule_feature_and_system():
    # A demo's batches are smaller than those of a report.
    project, rates = Project(ROOT, {"budget": "full"}), Rates.shipped()
    assert {rule.name for rule in rules_of(project)} <= rates.jobs.keys()
    by_name = project.feature_files.by_name
    assert {given["class"] for given in by_name.values()} <= rates.features.keys()
    for protocol in project.trainings.protocols.values():
        for name, system in protocol.systems.items():
            features = [by_name[source["feature"]] for source in system.inputs]
            found, known = rates.system(system.class_name, system.options, features)
            assert known, name
            assert network_options(system.options) == found.options, name
            assert features == found.features or name not in ("cnn", "dense_ae")


def test_what_is_written_is_read_back(tmp_path):
    rates = Rates.shipped()
    rates.write(tmp_path / "rates.yaml")
    again = Rates.read(tmp_path / "rates.yaml")
    assert again.jobs.keys() == rates.jobs.keys()
    assert again.systems[3].example == pytest.approx(rates.systems[3].example, rel=1e-3)
    assert (again.sizes, again.machine) == (rates.sizes, rates.machine)


@pytest.mark.parametrize("text", ["a: 1", "[]", "machine: x\njobs: {mix: {begin: 1}}"])
def test_a_file_of_something_else_is_refused(tmp_path, text):
    path = tmp_path / "rates.yaml"
    path.write_text(text)
    with pytest.raises(UserError, match=r"no rates that this version knows .*; delete it"):
        Rates.read(path)


def test_the_system_that_is_most_like_one_gives_the_rate():
    rates = Rates.shipped()
    wide = {"hidden": [128, 128, 8, 128, 128], "context": 5, "batch_fraction": 0.5}
    assert rates.system(DENSE, wide, [])[0].options["hidden"] == wide["hidden"]
    _, known = rates.system("./mine.py:Loudness", {}, [])
    assert not known


def test_what_was_measured_here_comes_first():
    rates = Rates.shipped()
    known, _ = rates.system(DENSE, {"hidden": [1]}, [])
    fast = SystemRate(DENSE, known.options, known.features, 1e-9, 0, 0, 1)
    slow = 3 * rates.feature("logmel.LogMel", 160_000)
    measured = rates.with_measured([fast, FeatureRate("logmel.LogMel", slow, 160_000)])
    assert measured.system(DENSE, known.options, known.features)[0] == fast
    assert measured.feature("logmel.LogMel", 320_000) == pytest.approx(2 * slow)
    assert measured.job("mix").each == pytest.approx(3 * rates.job("mix").each)


def test_factors_are_of_the_same_work_first():
    rates = replace(Rates.shipped(), factors={("", ""): 2.0, ("mix", ""): 3.0, ("split", "a"): 4.0})
    asked = [("mix", ""), ("split", "a"), ("split", "b"), ("figure", "")]
    assert [rates.factor(*one) for one in asked] == [3.0, 4.0, 2.0, 2.0]


def test_a_system_is_timed(tiny):
    (system,) = calibration.systems_to_time(
        [tiny.trainings.protocols["mimii_baseline"]], tiny.feature_files.by_name
    ).values()
    feature = tiny.feature_files.by_name["logmel64_reflect"]
    shape = Works(tiny).shape("logmel64_reflect")
    assert (shape.frames, shape.bins, shape.size) == (313, 64, 313 * 64 * 4)
    with calibration.one_thread():
        found = calibration.system_rate(system, [feature], [shape])
    assert 0 < found.example < 0.01
    assert found.score > 0
    assert found.model_bytes == pytest.approx(50_760 * 4, rel=0.1)
    assert network_options(system.options) == found.options


def test_features_are_timed():
    given = {"short": {"class": "samples.Samples"}, "again": {"class": "samples.Samples"}}
    (found,) = calibration.features_rates(given, 16_000, 16_000)
    assert (found.class_name, found.samples) == ("samples.Samples", 16_000)
    assert 0 < found.seconds < 1
