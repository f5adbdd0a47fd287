"""How much one job takes, before training."""

import pytest

from mimii_bench.corpus.base import Unit
from mimii_bench.planning.project import Project
from samples import ROOT

SIZES = ("machine", "snr", "unit")


def planned(size, **given):
    return Project(ROOT, {"jobs": {"recordings": size}, **given})


def jobs(rules):
    """The files of each job, by what its rule is called and the values of its wildcards."""
    return {
        (rule.name, *vars(wildcards).values()): files
        for rule in rules
        for wildcards, files in rule.jobs()
    }


@pytest.mark.parametrize("size", SIZES)
def test_every_file_is_made_by_one_job(size):
    project = planned(size)
    batches = project.batches
    stores = [file for files in jobs(batches.stores).values() for file in files]
    assert len(stores) == len(set(stores))
    assert set(project.stores()) <= set(stores)
    quality = [
        file for files in jobs(batches.quality).values() for file in files if file.endswith(".csv")
    ]
    assert sorted(quality) == sorted(project.split_files.quality_of(project.inventory.units))
    manifests = {file for files in jobs(batches.splits).values() for file in files}
    for name, protocol in project.trainings.protocols.items():
        for pool in protocol.pools:
            assert project.paths.split.format(protocol=name, pool=pool) in manifests


def test_a_machine_a_condition_or_a_unit_is_one_job():
    made = {size: planned(size).batches for size in SIZES}
    of_feature = {
        size: [key[1] for key in jobs(found.stores) if key[1].startswith("logmel64_reflect/")]
        for size, found in made.items()
    }
    assert [len(of_feature[size]) for size in SIZES] == [4, 12, 48]
    assert of_feature["snr"][0] == "logmel64_reflect/ch0/fan/-6dB"
    assert [len(jobs(made[size].quality)) for size in SIZES] == [4, 12, 48]
    assert [len(jobs(made[size].indexes)) for size in SIZES] == [4, 12, 12]


def test_a_job_makes_a_feature_of_one_mix():
    batches = planned("snr", reports=["two_mic_ae"]).batches
    rule, wildcards = batches.making("results/features/logmel128/ch2/fan/6dB/id_04.h5")
    assert vars(rule.known(wildcards)) == {"feature": "logmel128", "mix": "ch2"}
    assert rule.members(wildcards) == [Unit("fan", "6dB", id) for id in ("00", "02", "04", "06")]
    assert wildcards.batch == "logmel128/ch2/fan/6dB"


def test_where_mixes_are_kept_stores_are_made_of_them():
    batches = planned("snr", reports=["two_mic_ae"]).batches
    rule, wildcards = batches.making("results/features/logmel128/ch2/fan/6dB/id_04.h5")
    assert batches.mixes_of(rule, wildcards)[2] == "results/audio/ch2/fan/6dB/id_04"


def test_one_more_mix_changes_no_job_of_the_others():
    few = planned("machine", reports=["mimii_baseline"]).batches
    more = planned("machine", reports=["mimii_baseline", "two_mic_ae"]).batches
    made = {tuple(files) for files in jobs(more.stores).values()}
    of_report = [files for files in jobs(few.stores).values() if "logmel64" in files[0]]
    assert of_report
    assert {tuple(files) for files in of_report} <= made


@pytest.mark.parametrize("size", SIZES)
def test_one_more_report_changes_no_job_of_those_before_it(size):
    few = planned(size, reports=["complex_net", "gamma_ae"]).batches
    more = planned(size, reports=["complex_net", "gamma_ae", "ims_cnn", "two_mic_ae"]).batches
    for stage in ("stores", "quality", "splits"):
        asked = {tuple(files) for files in jobs(getattr(more, stage)).values()}
        # Those of the leaderboard come last.
        of_reports = {
            tuple(files)
            for key, files in jobs(getattr(few, stage)).items()
            if any(file in _read_by_reports(few) for file in files)
        }
        assert of_reports <= asked


def _read_by_reports(batches):
    project = batches._project
    used = {unit for key in project.reports for pool in _pools(project, key) for unit in pool}
    quality = project.split_files.quality_of(used)
    splits = [path for key in project.reports for path in _splits(project, key)]
    return {*project.stores(), *quality, *splits}


def _pools(project, key):
    return project.trainings.protocols[key].pools.values()


def _splits(project, key):
    pools = project.trainings.protocols[key].pools
    return [project.paths.split.format(protocol=key, pool=pool) for pool in pools]


def test_what_a_job_depends_on_does_not_change_with_the_reports():
    """Else a run of one report alone would make again what lies there."""
    for reports in (["mimii_baseline"], ["gamma_ae"]):
        project = planned("machine", reports=reports)
        (unit, *_) = (unit for pool in _pools(project, reports[0]) for unit in pool)
        (table,) = project.split_files.quality_of([unit])
        rule, wildcards = project.batches.making(table)
        units = rule.members(wildcards)
        found = project.batches.indexes_of(units), project.batches.corpus_of(units)
        assert [len(files) for files in found] == [3, 3]
        assert len(project.fingerprints.each(units)) == 1


def test_batches_that_are_not_alike_have_rules_of_their_own():
    simulated = {"simulated": {"machines": ["fan", "slider"], "snrs": ["-6dB", "0dB"]}}
    found = planned("machine", reports=["eurecom_vae", "two_mic_ae"], **simulated).batches.stores
    assert found[0].name == "feature_store"
    assert len({rule.name for rule in found}) == len({rule.logged for rule in found}) > 1
    batches = [batch for rule in found for batch in rule.batches]
    of_files = [file for rule in found for _, files in rule.jobs() for file in files]
    assert len(of_files) == len(set(of_files)) >= len(batches)
