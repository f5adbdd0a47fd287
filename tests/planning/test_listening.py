"""Which clips are heard, of which systems: what the configuration says of it."""

import pytest

from mimii_bench.planning.project import Project
from mimii_bench.util.errors import UserError
from projects import TINY, named
from samples import ROOT

AE = {"protocol": "mimii_baseline", "system": "dense_ae"}


def of(**listening):
    """The listening rooms of the tiny project with other settings."""
    return Project(ROOT, {**TINY, "listening": listening}).listening


def test_each_machine_has_a_room_of_the_baseline_by_default(project):
    machines = ("fan", "pump", "slider", "valve")
    folders = [f"results/listening/mimii_baseline/dense_ae/{machine}" for machine in machines]
    assert project.listening.folders() == folders
    assert project.listening.left_out == []


def test_the_page_is_made_of_the_rooms(tiny):
    assert set(tiny.listening.folders()) < set(tiny.page.inputs())
    facts = tiny.page.facts()["listening"]
    assert facts["places"] == ["listening/mimii_baseline/dense_ae/fan"]


def test_a_room_is_made_of_models_scores_and_recordings_alone(tiny):
    assert tiny.listening.inputs(named(**AE, machine="fan")) == [
        "results/models/mimii_baseline/dense_ae/fan/seed0",
        "results/scores/mimii_baseline/dense_ae/fan/seed0",
        "results/corpus/index/fan/-6dB.csv",
        "results/corpus/simulated/-6_dB_fan.zip",
        "results/corpus/index/fan/6dB.csv",
        "results/corpus/simulated/6_dB_fan.zip",
    ]


def test_a_room_is_told_each_pool_and_what_the_system_hears(tiny):
    asked = tiny.listening.asked(named(**AE, machine="fan"))
    assert [pool["pool"] for pool in asked["pools"]] == [
        f"fan/{snr}/id_{id}" for snr in ("-6dB", "6dB") for id in ("00", "02")
    ]
    assert all(pool["models"].endswith(pool["pool"][4:]) for pool in asked["pools"])
    assert [source["mix"] for source in asked["inputs"]] == ["ch0"]
    assert asked["inputs"][0]["feature"]["class"] == "logmel.LogMel"
    assert asked["note"] == "simulated recordings, budget demo"
    assert (asked["kind"], asked["threshold"]) == ("score", None)


def test_the_number_of_clips_is_bounded(tiny):
    wildcards = named(**AE, machine="fan")
    assert tiny.listening.most_clips(wildcards) == 4 * 1 * 2
    assert of(clips=5).most_clips(wildcards) == 4 * 5 * 2


def test_machines_are_chosen_by_name(project):
    chosen = Project(ROOT, {"listening": {"machines": ["valve", "pump"]}}).listening
    assert [folder.rpartition("/")[2] for folder in chosen.folders()] == ["pump", "valve"]
    with pytest.raises(UserError, match="no recordings of a gear; write all, or some of fan"):
        of(machines=["gear"]).folders()


def test_systems_of_reports_that_do_not_run_are_left_out():
    found = of(systems=["gamma_ae/reading_plain", "mimii_baseline/dense_ae"])
    assert found.left_out == ["gamma_ae/reading_plain"]
    assert len(found.folders()) == 1


def test_no_system_is_no_room(tiny):
    assert of(systems=[]).folders() == []


@pytest.mark.parametrize(
    ("systems", "message"),
    [
        (["mimii_baseline/dense"], "mimii_baseline has no system dense; it has dense_ae"),
        (["mimii_baseline/dense_ae", "mimii_baseline/dense_ae/score"], "stands twice; take one"),
        (["mimii_baseline"], "listening.systems"),
        (["a/b/c/d"], "listening.systems"),
        (["mimii_baseline/../x"], "listening.systems"),
    ],
)
def test_a_system_that_there_is_not_is_refused(systems, message):
    with pytest.raises(UserError, match=message):
        of(systems=systems).folders()


@pytest.mark.parametrize("clips", [0, 51, 1.5])
def test_so_many_clips_are_refused(clips):
    with pytest.raises(UserError, match=r"listening\.clips"):
        of(clips=clips)


def test_a_threshold_is_that_of_the_report_for_its_own_kind_of_score():
    given = {"reports": ["ims_cnn", "two_mic_ae"]}
    systems = ["ims_cnn/cnn", "two_mic_ae/mics_0_4/mahalanobis"]
    listening = Project(ROOT, {**given, "listening": {"systems": systems}}).listening
    rooms = {
        system: named(protocol=report, system=system, machine=machine)
        for report, system, machine in listening.rooms()
    }
    asked = {system: listening.asked(wildcards) for system, wildcards in rooms.items()}
    assert asked["cnn"]["threshold"]["value"] == 0.5
    assert asked["mics_0_4"]["threshold"] is None
    assert asked["mics_0_4"]["kind"] == "mahalanobis"
    assert {source["mix"] for source in asked["mics_0_4"]["inputs"]} != {"ch0"}
