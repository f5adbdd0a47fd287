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
    quality = [file for files in jobs(batches.quality).values() for file in files]
    assert sorted(quality) == sorted(project.split_files.quality_of(project.inventory.units))
    manifests = {file for files in jobs(batches.splits).values() for file in files}
    for name, protocol in project.trainings.protocols.items():
        for pool in protocol.pools:
            assert project.paths.split.format(protocol=name, pool=pool) in manifests


def test_a_machine_a_condition_or_a_unit_is_one_job():
    made = {size: planned(size).batches for size in SIZES}
    of_feature = {
        size: [key for key in jobs(found.stores) if key[0] == "feature_store__logmel64_reflect"]
        for size, found in made.items()
    }
    assert [len(of_feature[size]) for size in SIZES] == [4, 12, 48]
    assert of_feature["snr"][0][-1] == "fan/-6dB"
    assert [len(jobs(made[size].quality)) for size in SIZES] == [4, 12, 48]
    assert [len(jobs(made[size].indexes)) for size in SIZES] == [4, 12, 12]


def test_one_job_makes_all_mixes_of_a_feature():
    batches = planned("unit", reports=["two_mic_ae"]).batches
    rule, wildcards = batches.making("results/features/logmel128/ch2/fan/6dB/id_04.h5")
    unit = Unit("fan", "6dB", "04")
    mixes = ("ch0", "ch0-ch4", "ch2", "ch2-ch6")
    assert rule.members(wildcards) == [(mix, unit) for mix in mixes]
    assert wildcards.group == unit.path


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
        units = rule.units(wildcards)
        found = project.batches.indexes_of(units), project.batches.corpus_of(units)
        assert [len(files) for files in found] == [3, 3]
        assert len(project.fingerprints.each(units)) == 1


def test_groups_that_are_not_alike_have_rules_of_their_own():
    simulated = {"simulated": {"machines": ["fan", "slider"], "snrs": ["-6dB"]}}
    found = planned("machine", reports=["eurecom_vae", "two_mic_ae"], **simulated).batches.stores
    of_feature = [rule for rule in found if rule.fixed == {"feature": "logmel128"}]
    assert of_feature[0].name == "feature_store__logmel128"
    assert len({rule.name for rule in of_feature}) == len(of_feature) > 1
    assert len({rule.logged for rule in of_feature}) == len(of_feature)
