"""Which trainings a process takes, where they stand, and what they read."""

from pathlib import PurePath

import pytest

from mimii_bench.corpus.base import Unit
from mimii_bench.planning.trainings import grouped
from projects import named

FANS = [Unit("fan", snr, id) for snr in ("-6dB", "0dB") for id in ("00", "02")]
POOLS = {unit.path: [unit] for unit in [*FANS, Unit("pump", "0dB", "00")]}


def test_a_job_trains_on_all_pools_of_a_machine_with_one_seed():
    jobs = grouped(POOLS, range(2), "machine")
    assert list(jobs) == ["fan/seed0", "fan/seed1", "pump/seed0", "pump/seed1"]
    group, pools, seeds = jobs["fan/seed1"]
    assert (group, list(pools), seeds) == ("fan", [unit.path for unit in FANS], [1])


def test_a_job_may_train_on_all_pools():
    jobs = grouped(POOLS, range(2), "system")
    assert list(jobs) == ["all/seed0", "all/seed1"]
    group, pools, seeds = jobs["all/seed1"]
    assert (group, list(pools), seeds) == ("", list(POOLS), [1])
    assert list(grouped(POOLS, range(2), "system", together=True)) == ["all/seeds"]
    of_fans = {unit.path: [unit] for unit in FANS}
    assert grouped(of_fans, [0], "system") == grouped(of_fans, [0], "machine")


def test_a_job_may_hold_all_seeds():
    jobs = grouped(POOLS, range(2), "machine", together=True)
    assert {path: list(seeds) for path, (_, _, seeds) in jobs.items()} == {
        "fan/seeds": [0, 1],
        "pump/seeds": [0, 1],
    }


@pytest.mark.parametrize("together", [True, False])
def test_a_job_may_train_on_one_pool_with_one_seed(together):
    jobs = grouped(POOLS, range(2), "pool", together)
    assert len(jobs) == 2 * len(POOLS)
    assert all(len(pools) == len(seeds) == 1 for _, pools, seeds in jobs.values())


def test_a_pool_of_several_machines_is_a_group_of_its_own():
    pools = {"-6dB": FANS[:2], "0dB": FANS[2:]}
    assert list(grouped(pools, [0], "machine")) == ["-6dB/seed0", "0dB/seed0"]


def test_every_training_of_a_run_stands_below_its_job_and_alone(project):
    trainings = project.trainings
    jobs = [job for name in trainings.protocols for job in trainings.of_protocol(name)]
    folders = [
        PurePath(job.protocol, job.system, job.path, job.inside(training))
        for job in jobs
        for training in job.trainings
    ]
    assert len(set(folders)) == len(folders) > 100
    for one in jobs:
        mine = PurePath(one.protocol, one.system, one.path)
        below = [folder for folder in folders if folder.is_relative_to(mine)]
        assert len(below) == len(one.trainings)


def test_a_job_reads_a_manifest_per_pool_and_a_store_per_input_and_unit(project):
    wildcards = named(protocol="two_mic_ae", system="mics_0_4", job="fan/seed0")
    job = project.trainings.job(wildcards)
    assert project.trainings.splits(wildcards) == ["results/splits/two_mic_ae/fan.csv"]
    stores = project.trainings.stores(wildcards)
    assert len(stores) == 2 * len(job.units) == 24
    assert stores[0] == "results/features/logmel128/ch0/fan/-6dB/id_00.h5"
    assert stores[12] == "results/features/logmel128/ch0-ch4/fan/-6dB/id_00.h5"
    assert [feature["n_mels"] for feature in job.features] == [128, 128]


def test_the_budget_ends_trainings_and_counts_seeds(tiny):
    (job, other) = tiny.trainings.of_protocol("mimii_baseline")
    assert job.options["max_steps"] == 10
    assert (job.path, other.path) == ("fan/seed0", "fan/seed1")


def test_frames_that_are_computed_count_twice_in_memory(project, monkeypatch):
    wildcards = named(protocol="complex_net", system="id_complex_deep", job="fan/seed0")
    assert project.trainings.memory(wildcards, 100.0) == 1300
    monkeypatch.setattr(project.feature_files, "on_the_fly", ["stft1024_complex"])
    found = project.trainings.system(wildcards).inputs[0]["feature"]
    monkeypatch.setattr(project.feature_files, "on_the_fly", [found])
    assert project.trainings.memory(wildcards, 100.0) == 1400
