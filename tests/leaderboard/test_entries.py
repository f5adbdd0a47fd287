"""Who takes part in the leaderboard, and what each job trains."""

import re

import pytest
import yaml

from mimii_bench.corpus.base import Clip, Unit
from mimii_bench.corpus.inventory import Inventory, simulated_inventory
from mimii_bench.corpus.mimii import MACHINES, SNRS
from mimii_bench.leaderboard.entries import (
    Entry,
    check_entries,
    check_units,
    chosen,
    load_entries,
    own_features,
    rankable,
    rows_of,
    split_of,
    taking_part,
)
from mimii_bench.reports.report import load_report, shared_features
from mimii_bench.util.errors import UserError
from mimii_bench.util.plugins import place_of
from samples import ROOT, read_schema

FILE = ROOT / "leaderboard/leaderboard.yaml"
OWN = {"class": "classical.NearestNeighbours", "inputs": [{"feature": "f", "mix": "ch0"}]}


@pytest.fixture(scope="module")
def reports():
    schema = read_schema("report")
    return {
        path.parent.name: load_report(path.parent, schema)
        for path in ROOT.glob("reports/*/report.yaml")
    }


@pytest.fixture(scope="module")
def entries(reports):
    return load_entries(FILE, read_schema("leaderboard"), reports)


def entry(pool=("machine", "snr", "id"), **changes):
    given = {
        **{"name": "mine", "class_name": "a.B", "inputs": OWN["inputs"], "options": {}},
        **{"scores": ["score"], "pool": pool, "supervised": False, "report": "", "system": ""},
    }
    return Entry(**given | changes)


def written(tmp_path, systems, reports):
    file = tmp_path / "leaderboard.yaml"
    file.write_text(yaml.safe_dump({"features": {}, "systems": systems}))
    return load_entries(file, read_schema("leaderboard"), reports)


def split_already(trained=("normal", "normal")):
    """A corpus of one unit with parts of its own, as the sets of DCASE have them."""
    unit = Unit("fan", "any", "00")
    clips = [
        Clip(f"{label}/{part}_{n}", unit.id, label, part, "")
        for part, labels in (("train", trained), ("test", ("normal", "abnormal")))
        for n, label in enumerate(labels)
    ]
    return Inventory("own", 1, 16_000, 16_000, {unit: clips}, {}, [])


def test_a_set_that_is_split_already_keeps_its_parts_and_has_no_supervised_rows():
    inventory = split_already()
    assert split_of(inventory) == "given_parts"
    units, reasons = rankable(inventory, ["00"])
    assert (units, reasons) == ([*inventory.units], [])
    entries = [entry(name="mine"), entry(name="taught", supervised=True)]
    found, absent = taking_part(entries, inventory, units, ["00"])
    assert [one.name for one in found] == ["mine"]
    assert absent == ["taught: the set has no anomalies to learn from"]


def test_a_section_with_one_clip_to_train_on_is_not_ranked():
    units, (reason,) = rankable(split_already(trained=("normal",)), ["00"])
    assert units == []
    assert reason.startswith("fan/any/id_00: 1 normal clip(s) to train on")


SYSTEM = {**OWN, "inputs": [{"feature": "logmel128", "mix": "ch0"}], "options": {}}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"class": "classical.Neighbours"},
            "systems.mine: classical.Neighbours: systems/classical",
        ),
        ({"options": {"neighbour": 3}}, "systems.mine.options.neighbour: NearestNeighbours has no"),
        ({"inputs": [{"feature": "f", "mix": "ch0"}]}, "systems.mine: feature 'f' is not "),
        ({"inputs": [{"feature": "logmel128", "mix": "ch-9"}]}, "systems.mine: mix 'ch-9': write "),
    ],
)
def test_a_mistake_is_named_before_the_first_job(tmp_path, reports, change, message):
    with pytest.raises(UserError) as caught:
        written(tmp_path, {"mine": {**SYSTEM, **change}}, reports)
    assert str(caught.value).startswith(f"{tmp_path}/leaderboard.yaml: {message}")


def test_what_is_no_yaml_is_named(tmp_path, reports):
    (tmp_path / "leaderboard.yaml").write_text("systems: [")
    with pytest.raises(UserError, match=r"leaderboard.yaml: no valid YAML"):
        load_entries(tmp_path / "leaderboard.yaml", read_schema("leaderboard"), reports)


def test_every_system_of_every_report_takes_part(entries, reports):
    # The same system trained on less, for the report's honest threshold; on other inputs; controls
    # of what makes another better; other readings of what a report did.
    left_out = {
        *(("ims_cnn", name) for name in ("cnn_lstm_held_out", "cnn_logmel", "cnn_sinc")),
        *(("complex_net", f"id_magnitude_{name}") for name in ("wide", "heads")),
        ("ims_cnn", "cnn_printed_sinc"),
        ("eurecom_vae", "vae_mean"),
        ("two_mic_ae", "baseline_mic_2"),
        *(("gamma_ae", name) for name in reports["gamma_ae"].spec["systems"] if name != "ae"),
    }
    taking_part = {(one.report, one.system) for one in entries}
    there = {(key, name) for key, report in reports.items() for name in report.spec["systems"]}
    assert there - taking_part == left_out


def test_all_that_they_name_is_there(entries, reports):
    features = shared_features(list(reports.values()), own_features(FILE))
    for one in entries:
        place_of("systems", one.class_name)
        assert {source["feature"] for source in one.inputs} <= set(features)


def test_the_noise_of_the_denoising_autoencoder_is_configured(entries):
    (found,) = [one for one in entries if one.name == "denoising_ae"]
    assert found.options["snr"] == [0, 20]


def test_what_learns_from_anomalies_is_marked(entries):
    marked = {one.name for one in entries if one.supervised}
    assert marked == {"ims_cnn", "ims_cnn_lstm", "ims_cnn_learned_sinc"}


def test_a_system_of_a_report_keeps_its_options_but_for_those_named(reports, tmp_path):
    given = {"report": "two_mic_ae", "system": "mics_0_4", "options": {"alphas": [0.5]}}
    (found,) = written(tmp_path, {"mine": given}, reports)
    there = reports["two_mic_ae"].spec["systems"]["mics_0_4"]
    assert found.options == there["options"] | {"alphas": [0.5]}
    assert (found.class_name, found.inputs) == (there["class"], there["inputs"])
    assert (found.pool, found.scores) == (["machine", "snr", "id"], ["score"])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"report": "two_mic_ae", "system": "mics_9"}, "no two_mic_ae/mics_9"),
        ({"report": "nobody", "system": "ae"}, "no nobody/ae"),
        ({"report": "two_mic_ae"}, "mine"),
        ({**OWN, "options": {}, "pool": ["id", "who"]}, "pool"),
    ],
)
def test_a_wrong_entry_is_named(given, said, reports, tmp_path):
    with pytest.raises(UserError, match=f"leaderboard.yaml.*{said}"):
        written(tmp_path, {"mine": given}, reports)


def inventory(ids=("00", "02"), machines=MACHINES):
    return simulated_inventory(list(machines), list(SNRS), list(ids), 8, 4)


def test_a_system_trains_on_each_unit_that_is_ranked():
    pools = entry().pools(inventory().units, ["00"])
    assert len(pools) == len(MACHINES) * len(SNRS)
    assert pools["fan/0dB/id_00"] == [Unit("fan", "0dB", "00")]


def test_a_pool_of_ids_holds_those_that_are_not_ranked_too():
    pools = entry(pool=["machine", "snr"]).pools(inventory().units, ["00"])
    assert pools["fan/0dB"] == [Unit("fan", "0dB", id) for id in ("00", "02")]


def test_a_pool_of_one_id_cannot_tell_ids_apart():
    assert entry(pool=["machine", "snr"]).pools(inventory(["00"]).units, ["00"]) == {}
    assert entry().pools(inventory(["00"]).units, ["00"])


@pytest.mark.parametrize(
    ("normal", "abnormal", "said"),
    [
        (8, 0, "no abnormal clips in test"),
        (8, 1, r"^fan/0dB/id_00: 0 abnormal clip\(s\) to train on, and some systems need 1"),
        (2, 2, r"^fan/0dB/id_00: 1 normal clip\(s\) to train on, and some systems need 2"),
    ],
)
def test_a_unit_on_which_not_all_can_train_or_be_tested_is_not_ranked(normal, abnormal, said):
    units, reasons = rankable(simulated_inventory(["fan"], ["0dB"], ["00"], normal, abnormal), [])
    assert units == []
    assert re.search(said, reasons[0])


def test_units_of_few_clips_are_ranked():
    few = simulated_inventory(["fan"], ["0dB"], ["00", "02"], 3, 2)
    assert rankable(few, ["02"])[0] == list(few.units)


def test_what_the_corpus_lacks_of_the_ids_to_rank_is_named():
    found = simulated_inventory(["fan"], list(SNRS), ["00", "02"], 8, 4)
    _, reasons = rankable(found, ["02", "04"])
    assert "fan/0dB/id_04: not in simulated.ids" in reasons
    assert "pump/0dB/id_02: not in simulated.machines" in reasons
    assert len(reasons) == len(MACHINES) * len(SNRS) * 2 - len(SNRS)


def test_nothing_to_rank_is_said_with_the_mend():
    there = inventory(["02", "04"])
    units, reasons = rankable(there, ["00"])
    said = r"^config.yaml: leaderboard.ids: no unit of 00 can be .*simulated.*choose among 02, 04,"
    with pytest.raises(UserError, match=said):
        check_units(units, ["00"], reasons)
    with pytest.raises(UserError, match=r"leaderboard.ids.*add such clips \(simulated.ids"):
        check_units([], ["00"], [])
    check_units(units, ["02"], reasons)


def test_nobody_to_rank_is_said():
    with pytest.raises(UserError, match=r"leaderboard.yaml: no system can be ranked \(mine: why\)"):
        check_entries([], ["mine: why"])
    check_entries([entry()], ["mine: why"])


def test_who_cannot_be_ranked_on_every_unit_is_left_out_and_named():
    alone = entry(name="alone")
    ids = entry(name="ids", pool=["machine", "snr"])
    two = entry(name="two", inputs=[{"feature": "f", "mix": "ch0-ch4"}])
    eight = inventory(["00"], ["fan"])
    found, reasons = taking_part([alone, ids, two], eight, list(eight.units), ["00"])
    assert found == [alone, two]
    assert reasons == ["ids: fan/-6dB/id_00 has no other id to be told from"]
    mono = inventory()._replace(channels=1)
    found, reasons = taking_part([alone, ids, two], mono, list(mono.units), ["00"])
    assert found == [alone, ids]
    assert reasons == ["two: the recordings have 1 channel(s)"]


def test_a_pool_of_an_snr_holds_all_machines():
    pools = entry(pool=["snr"]).pools(inventory().units, ["00"])
    assert list(pools) == list(SNRS)
    assert {(unit.machine, unit.id) for unit in pools["0dB"]} == {
        (machine, id) for machine in MACHINES for id in ("00", "02")
    }


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        (["all"], ["one", "two", "three"]),
        (["two", "one"], ["one", "two"]),
        (["all", "-two"], ["one", "three"]),
        (["-two", "-one"], ["three"]),
        (["one", "two", "-two"], ["one"]),
    ],
)
def test_rows_can_be_chosen(rows, names):
    found, reasons = chosen([entry(name=name) for name in ("one", "two", "three")], rows)
    assert [one.name for one in found] == names
    assert len(reasons) == 3 - len(names)
    assert all(reason.endswith(": not among leaderboard.rows of config.yaml") for reason in reasons)


@pytest.mark.parametrize("row", ["four", "-four", "-all"])
def test_a_row_that_is_not_there_is_named(row):
    with pytest.raises(UserError, match=f"leaderboard.rows: there is no {row}; choose all, or amo"):
        chosen([entry(name="one")], [row])


def test_limits_of_an_own_system_stand_beside_it(reports, tmp_path):
    limits = {"demo": {"max_steps": 2, "of": 300, "batch_size": 8}}
    (found,) = written(tmp_path, {"mine": {**SYSTEM, "budgets": limits}}, reports)
    assert found.limits == limits
    given = {"report": "complex_net", "system": "id_complex_deep"}
    (found,) = written(tmp_path, {"mine": given}, reports)
    assert found.limits == reports["complex_net"].limits
    with pytest.raises(UserError, match="budgets is that of complex_net"):
        written(tmp_path, {"mine": {**given, "budgets": limits}}, reports)


def test_every_kind_of_score_is_a_row():
    one, two = entry(name="one"), entry(name="two", scores=["mse", "mahalanobis"])
    assert [(name, kind) for name, _, kind in rows_of([one, two])] == [
        *(("one", "score"), ("two:mse", "mse"), ("two:mahalanobis", "mahalanobis")),
    ]
