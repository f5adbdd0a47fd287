"""How much one job takes changes how many there are, and no file."""

import pytest

pytestmark = pytest.mark.whole

#: Of the stages whose work per job can be set, and what they end in.
FOLDERS = ("corpus/index", "corpus/quality", "features", "splits", "tables")
#: 2 SNRs x 2 ids in config/tiny.yaml.
UNITS, SNRS = 4, 2


def files_of(project):
    results = project.folder / "results"
    found = [path for folder in FOLDERS for path in (results / folder).rglob("*")]
    return {str(path.relative_to(results)): path.read_bytes() for path in found if path.is_file()}


@pytest.mark.parametrize(
    ("size", "jobs"), [("machine", (1, 1, 1)), ("snr", (SNRS, SNRS, SNRS)), ("unit", (2, 4, 4))]
)
def test_the_setting_decides_how_many_jobs_there_are(project_class, tmp_path, size, jobs):
    project = project_class.fresh(tmp_path / "project")
    planned = project.planned("--config", f"jobs={{recordings: {size}}}")
    kinds = ("clip_index", "quality", "feature_store")
    assert tuple(planned[kind] for kind in kinds) == jobs


def test_all_files_are_the_same_however_much_a_job_takes(finished, project_class, tmp_path):
    project = project_class.fresh(tmp_path / "project")
    setting = ["--config", "jobs={recordings: unit}", "simulated={keep_mixes: false}"]
    project.run(*setting)
    ours, others = files_of(project), files_of(finished)
    assert ours.keys() == others.keys()
    assert [name for name in ours if ours[name] != others[name]] == []
    assert not (project.folder / "results/audio").exists()
    # A unit by itself: the store that is lost, and what stands on it.
    (project.folder / "results/features/logmel64_reflect/ch0/fan/6dB/id_02.h5").unlink()
    planned = project.planned("results/features/logmel64_reflect/ch0/fan/6dB/id_02.h5", *setting)
    assert planned == {"feature_store": 1}


def test_one_report_less_makes_nothing_again(project_class, tmp_path):
    project = project_class.fresh(tmp_path / "project")
    both = ["--config", "reports=[mimii_baseline, gamma_ae]"]
    project.run("features", *both)
    assert project.planned("features", *both) == {}
    assert project.planned("features", "--config", "reports=[gamma_ae]") == {}
