"""The whole corpus planned without a recording: every split of every report, by its numbers.

They are those of the reports, of their published code, and of the public listings of the data set;
not those of the code under test.
"""

from collections import Counter
from pathlib import PurePath

import pytest

from mimii_bench.planning.project import Project
from mimii_bench.splits.base import make_split
from mimii_bench.util.documents import read_yaml
from projects import named
from samples import ROOT

#: Normal and abnormal clips of each id, the same at every SNR.
CLIPS = {
    "fan": {"00": (1011, 407), "02": (1016, 359), "04": (1033, 348), "06": (1015, 361)},
    "pump": {"00": (1006, 143), "02": (1005, 111), "04": (702, 100), "06": (1036, 102)},
    "slider": {"00": (1068, 356), "02": (1068, 267), "04": (534, 178), "06": (534, 89)},
    "valve": {"00": (991, 119), "02": (708, 120), "04": (1000, 120), "06": (992, 120)},
}
SNRS = ("-6dB", "0dB", "6dB")
#: Of report ims_cnn: normal and abnormal clips that test, of each machine at each SNR.
FIFTHS = {"fan": (815, 295), "pump": (750, 92), "slider": (641, 178), "valve": (739, 96)}

#: MB that a training on the largest pool took (docs/rehearsal.md).
PEAKS = {
    ("mimii_baseline", "dense_ae"): 413,
    ("eurecom_vae", "ae"): 558,
    ("eurecom_vae", "vae"): 700,
    ("two_mic_ae", "mics_0_4"): 687,
    ("complex_net", "id_complex_deep_attention"): 5800,
}


@pytest.fixture(scope="module", params=["mimii", "rehearsal"])
def whole(request, tmp_path_factory):
    """The real run before its zips are there, and its rehearsal."""
    given = read_yaml(ROOT / f"config/{request.param}.yaml")
    given["results"] = str(tmp_path_factory.mktemp("results"))
    given["mimii"] = {"folder": given["results"]}
    return Project(ROOT, given)


def splits(project, protocol):
    """How many clips of each role and label every pool of a protocol has."""
    one = project.trainings.protocols[protocol]
    held = project.inventory.units
    found = {}
    for pool, units in one.pools.items():
        rows = make_split({unit: held[unit] for unit in units}, **one.split)
        found[pool] = dict(Counter(f"{row.role} {row.label}" for row in rows))
    return found


def of_units(numbers):
    """Return what `numbers` says of the normal and abnormal clips of each unit."""
    return {
        f"{machine}/{snr}/id_{id}": numbers(*counts)
        for machine, ids in CLIPS.items()
        for snr in SNRS
        for id, counts in ids.items()
    }


def test_there_are_54_057_clips_in_12_archives(whole):
    held = whole.inventory.units
    assert sum(map(len, held.values())) == 54_057
    assert len({unit[:2] for unit in held}) == 12
    assert len(held) == 48


def test_nothing_is_missing_for_any_report(whole):
    assert whole.plan.missing == []


def test_mimii_baseline_tests_on_as_many_normal_as_abnormal_clips(whole):
    wanted = of_units(
        lambda normal, abnormal: {
            "train normal": normal - abnormal,
            "test normal": abnormal,
            "test abnormal": abnormal,
        }
    )
    assert splits(whole, "mimii_baseline") == wanted


def test_eurecom_vae_trains_on_2370_clips_of_three_slide_rails(whole):
    wanted = {"train normal": 2370, "test normal": 300, "test abnormal": 801}
    assert splits(whole, "eurecom_vae") == {"slider/-6dB": wanted}


def test_gamma_ae_trains_on_six_of_eight_folds(whole):
    (found,) = splits(whole, "gamma_ae").values()
    assert (found["train normal"], found["test normal"]) == (3056, 127 + 127 + 129 + 127)
    assert found["test abnormal"] == 407 + 359 + 348 + 361
    assert sum(found.values()) == 4075 + 1475


def test_two_mic_ae_draws_1000_200_and_200_of_a_machine(whole):
    wanted = {"train normal": 1000, "test normal": 200, "test abnormal": 200}
    assert splits(whole, "two_mic_ae") == dict.fromkeys(CLIPS, wanted)


def test_complex_net_tests_on_100_normal_clips_of_each_id(whole):
    wanted = {}
    for machine, ids in CLIPS.items():
        normal, abnormal = map(sum, zip(*ids.values(), strict=True))
        wanted[f"{machine}/-6dB"] = {
            "train normal": normal - 400,
            "test normal": 400,
            "test abnormal": abnormal,
        }
    assert splits(whole, "complex_net") == wanted


def test_ims_cnn_tests_on_a_fifth_of_each_label(whole):
    found = splits(whole, "ims_cnn")
    assert set(found) == {f"{machine}/{snr}" for machine in CLIPS for snr in SNRS}
    for pool, counts in found.items():
        machine = PurePath(pool).parts[0]
        assert (counts["test normal"], counts["test abnormal"]) == FIFTHS[machine]
        every = map(sum, zip(*CLIPS[machine].values(), strict=True))
        for label, total in zip(("normal", "abnormal"), every, strict=True):
            there = {role: counts[f"{role} {label}"] for role in ("train", "validation", "test")}
            assert sum(there.values()) == total
            assert there["validation"] == pytest.approx((total - there["test"]) / 5, abs=1)


def test_the_leaderboard_ranks_every_unit_by_half_of_its_anomalies(whole):
    half = of_units(
        lambda normal, abnormal: {
            "train normal": normal - (abnormal + 1) // 2,
            "train abnormal": abnormal // 2,
            "test normal": (abnormal + 1) // 2,
            "test abnormal": (abnormal + 1) // 2,
        }
    )
    found = splits(whole, "leaderboard")
    assert {pool: found[pool] for pool in half} == half
    pools = set(found) - set(half)
    assert pools == {*SNRS, *(f"{machine}/{snr}" for machine in CLIPS for snr in SNRS)}
    for pool in pools:
        parts = [counts for unit, counts in half.items() if f"/{pool}/" in f"/{unit}/"]
        assert found[pool] == {key: sum(one[key] for one in parts) for key in parts[0]}


@pytest.mark.parametrize(("protocol", "system"), PEAKS)
def test_trainings_reserve_what_they_take_and_less_than_twice_that(protocol, system):
    project = Project(
        ROOT,
        {
            "corpus": "mimii",
            "mimii": {"folder": "nowhere"},
            "jobs": {"recordings": "snr", "training": "pool"},
        },
    )
    paths = project.trainings.of_system(protocol, system)
    jobs = [named(protocol=protocol, system=system, job=path) for path in paths]
    reserved = max(map(project.reserved.training, jobs))
    assert 1.05 < reserved / PEAKS[protocol, system] < 2
