"""What a run will do, and what is missing."""

from pathlib import Path

import pytest

from mimii_bench.corpus.base import Unit
from mimii_bench.corpus.inventory import simulated_inventory, take_inventory
from mimii_bench.corpus.mimii import MIMII
from mimii_bench.planning.plan import (
    budget_of,
    make_plan,
    pools_of,
    scaled_options,
    units_used,
)
from mimii_bench.reports.report import Report
from samples import write_mimii_zip

DENSE = "dense_autoencoder.DenseAutoencoder"
FAN = Unit("fan", "0dB", "00")
PUMP = Unit("pump", "0dB", "00")


@pytest.fixture
def report(report_spec):
    report_spec["units"] |= {"machine": ["fan", "pump"], "snr": ["0dB"], "id": ["00", "02"]}
    return Report("mine", report_spec, Path("reports/mine"))


def simulated(machines=("fan", "pump"), normal=3, abnormal=1):
    return simulated_inventory(list(machines), ["0dB", "6dB"], ["00", "02"], normal, abnormal)


def test_every_selected_unit_of_the_corpus_has_a_pool(report):
    plan = make_plan([report], simulated())
    ids = [unit._replace(id=id) for unit in (FAN, PUMP) for id in ("00", "02")]
    assert plan.pools == {"mine": {unit.path: [unit] for unit in ids}}
    assert plan.missing == []
    assert units_used(plan) == ids


def test_units_that_train_together_share_a_pool(report):
    report.spec["pool"] = ["machine"]
    plan = make_plan([report], simulated())
    assert plan.pools["mine"] == {
        unit.machine: [unit, unit._replace(id="02")] for unit in (FAN, PUMP)
    }


def test_what_a_partial_corpus_lacks_is_said_for_the_units_of_the_report(report, tmp_path):
    write_mimii_zip(tmp_path, "fan", "0dB")
    plan = make_plan([report], take_inventory(MIMII, tmp_path, "mimii.folder"))
    assert list(plan.pools["mine"]) == [FAN.path]
    assert plan.missing[:-1] == [
        ("mine", f"fan/0dB/id_02: not in {tmp_path}/0_dB_fan.zip"),
        ("mine", f"pump/0dB/id_00: not in {tmp_path}/0_dB_pump.zip"),
        ("mine", f"pump/0dB/id_02: not in {tmp_path}/0_dB_pump.zip"),
    ]
    assert plan.missing[-1][1].startswith(
        "comparison with printed numbers: the recordings count as own, since no MD5 proves them"
    )


def test_a_pool_that_cannot_be_split_is_left_out_and_named(report):
    inventory = simulated()
    few = {FAN: [clip for clip in inventory.units[FAN] if clip.label == "abnormal"]}
    plan = make_plan([report], inventory._replace(units=inventory.units | few))
    assert FAN.path not in plan.pools["mine"]
    assert PUMP.path in plan.pools["mine"]
    ((key, line),) = plan.missing
    assert key == "mine"
    assert line.startswith("fan/0dB/id_00: no normal clips in train/")


def test_a_report_that_needs_more_channels_says_so_and_the_others_run(report, report_spec):
    spatial = Report(
        "spatial", {**report_spec, "systems": dict(report_spec["systems"])}, Path("reports/spatial")
    )
    system = report_spec["systems"]["dense_ae"]
    inputs = [{**system["inputs"][0], "mix": mix} for mix in ("ch2-ch6", "ch0")]
    spatial.spec["systems"]["dense_ae"] = {**system, "inputs": inputs}
    one_channel = simulated()._replace(channels=1)
    plan = make_plan([spatial, report], one_channel)
    assert plan.pools["spatial"] == {}
    assert len(plan.pools["mine"]) == 4
    assert plan.missing == [
        ("spatial", "its mixes (ch0, ch2-ch6) need 7 channels, the recordings have 1")
    ]


def test_a_system_of_some_units_has_the_pools_of_these_only(report):
    report.spec["pool"] = ["machine", "snr"]
    report.spec["systems"]["second"] = {
        **report.spec["systems"]["dense_ae"],
        "units": {"machine": ["pump"]},
    }
    plan = make_plan([report], simulated())
    assert list(pools_of(plan, report, "dense_ae")) == ["fan/0dB", "pump/0dB"]
    assert pools_of(plan, report, "second") == {"pump/0dB": [PUMP, PUMP._replace(id="02")]}
    alone = make_plan([report], simulated(["fan"]))
    assert pools_of(alone, report, "second") == {}


def test_units_of_several_reports_are_used_once(report):
    other = Report("other", report.spec, Path("reports/other"))
    plan = make_plan([report, other], simulated(["fan"]))
    assert units_used(plan) == [FAN, FAN._replace(id="02")]


@pytest.mark.parametrize("steps", [1, 300, None])
def test_a_budget_ends_trainings_and_changes_nothing_else(steps):
    options = {"epochs": 50, "batch_size": 512}
    scaled = scaled_options(DENSE, options, {"max_steps": steps})
    assert scaled == {**options, "max_steps": steps}
    assert "max_steps" not in options


def test_a_system_that_counts_no_steps_has_the_same_options_under_any_budget():
    options = {"neighbours": 3}
    assert scaled_options("classical.NearestNeighbours", options, {"max_steps": 1}) == options
    # One from outside may well have an option of the same name as ours.
    assert scaled_options("urllib.request.Request", {"epochs": 3}, {"max_steps": 1}) == {
        "epochs": 3
    }


@pytest.mark.parametrize(("own", "given", "least"), [(5, 300, 5), (500, 300, 300), (5, None, 5)])
def test_a_system_s_own_limit_of_steps_holds_too(own, given, least):
    assert scaled_options(DENSE, {"max_steps": own}, {"max_steps": given})["max_steps"] == least


def test_a_system_that_leaves_its_epochs_to_the_default_has_the_budget():
    assert scaled_options(DENSE, {}, {"max_steps": 300}) == {"max_steps": 300}


@pytest.mark.parametrize(
    ("given", "own", "expected"),
    [
        (300, 4, 4),
        (10, 40, 10),
        (100, 40, 40),
        (3000, 40, 400),
        (450, 3, 4),
        (None, 4, None),
        (300, None, 300),
        (None, None, None),
        (300, 500, 300),
    ],
)
def test_a_report_s_limit_of_steps_grows_with_the_budget_and_never_beyond(given, own, expected):
    budgets = {"demo": {"max_steps": given, "seeds": 1}, "full": {"max_steps": 7, "seeds": 3}}
    limits = {} if own is None else {"demo": {"max_steps": own, "of": 300}}
    assert budget_of(limits, budgets, "demo") == {"max_steps": expected, "seeds": 1}
    assert budget_of(limits, budgets, "full") == {"max_steps": 7, "seeds": 3}


@pytest.mark.parametrize(("given", "expected"), [(300, 8), (10, 8), (301, 32), (None, 32)])
def test_a_report_s_limit_of_examples_ends_where_the_budget_is_larger(given, expected):
    limits = {"demo": {"max_steps": 1, "of": 300, "batch_size": 8}}
    budget = budget_of(limits, {"demo": {"max_steps": given}}, "demo")
    assert scaled_options(DENSE, {"batch_size": 32}, budget)["batch_size"] == expected
    assert scaled_options(DENSE, {"batch_size": 4}, budget)["batch_size"] == 4
    assert "batch_size" not in scaled_options(DENSE, {"batch_fraction": 0.5}, budget)


def test_a_pool_of_one_id_is_missing_where_ids_are_told_apart(report):
    report.spec.update(pool=["machine", "snr"], least_units=2)
    one = simulated_inventory(["fan"], ["0dB"], ["00"], 3, 1)
    plan = make_plan([report], one)
    assert plan.pools["mine"] == {}
    assert plan.missing[-1][1] == (
        "fan/0dB: 1 id with clips to train on, and at least 2 must be told apart"
    )
    assert make_plan([report], simulated(["fan"])).pools["mine"].keys() == {"fan/0dB"}
