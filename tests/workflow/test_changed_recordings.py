"""What Snakemake does when recordings are moved, touched, replaced or added: real workflows.

Simulated zips stand in for the published ones: the copies of the project know their MD5s.
"""

import hashlib
import os
import re
import shutil
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.whole

ARCHIVES = ("-6_dB_fan.zip", "6_dB_fan.zip")
UNITS = 4


def configure(project, **mimii) -> None:
    settings = "".join(f"  {key}: {value}\n" for key, value in mimii.items())
    text = f"corpus: mimii\nreports: [mimii_baseline]\nmimii:\n{settings}"
    (project.folder / "config/real.yaml").write_text(text)
    project.config = "config/real.yaml"


def know_md5s(project) -> None:
    """Have the project take its own zips for the published ones."""
    layout = project.folder / "src/mimii_bench/corpus/mimii.py"
    text = layout.read_text()
    for name in ARCHIVES:
        found = hashlib.md5(project.read(f"data/mimii/{name}")).hexdigest()
        text, count = re.subn(rf'("{name}": )"\w+"', rf'\1"{found}"', text)
        assert count == 1
    layout.write_text(text)


@pytest.fixture(scope="module")
def zips(finished, project_class, tmp_path_factory):
    """A project with its zips in data/mimii, nothing run."""
    project = project_class.fresh(tmp_path_factory.mktemp("recordings") / "project")
    (project.folder / "data/mimii").mkdir(parents=True)
    for name in ARCHIVES:
        source = finished.folder / "results/corpus/simulated" / name
        shutil.copy(source, project.folder / "data/mimii")
    return project


@pytest.fixture(scope="module")
def checked(zips, tmp_path_factory):
    """Features made of zips whose MD5 was verified."""
    project = zips.clone(tmp_path_factory.mktemp("checked") / "project")
    configure(project, folder="data/mimii")
    know_md5s(project)
    project.run("features")
    return project


@pytest.fixture(scope="module")
def unpacked(zips, tmp_path_factory):
    """Features made of unpacked zips."""
    project = zips.clone(tmp_path_factory.mktemp("unpacked") / "project")
    configure(project, folder="data/mimii", layout="folder")
    for name in ARCHIVES:
        snr = f"{name.split('_')[0]}dB"
        with zipfile.ZipFile(project.folder / "data/mimii" / name) as archive:
            archive.extractall(project.folder / "data/mimii" / snr)
    project.run("features")
    return project


@pytest.fixture
def published(checked, tmp_path):
    return checked.clone(tmp_path / "project")


@pytest.fixture
def folders(unpacked, tmp_path):
    return unpacked.clone(tmp_path / "project")


def touch(path: Path) -> None:
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 10**9))


def test_moved_zips_are_not_checked_again(published):
    shutil.move(published.folder / "data/mimii", published.folder / "data/elsewhere")
    configure(published, folder="data/elsewhere")
    assert published.planned("features") == {}


def test_a_touched_zip_is_checked_again_and_nothing_else_runs(published):
    touch(published.folder / "data/mimii/6_dB_fan.zip")
    assert published.planned("features") == {"check_archive": 1}
    published.run("features")
    assert published.planned("features") == {}


def test_another_zip_in_the_same_place_is_refused_and_never_read(published):
    path = published.folder / "data/mimii/6_dB_fan.zip"
    older = path.stat().st_mtime - 1000
    shutil.copy(path.with_name("-6_dB_fan.zip"), path)
    os.utime(path, (older, older))
    for target in ("features", "results/audio/ch1/fan/6dB/id_00"):
        result = published.snakemake(target)
        assert result.returncode != 0
        assert "data/mimii/6_dB_fan.zip is altered (MD5" in result.stdout
    assert not (published.folder / target).exists()


def test_other_zips_in_another_folder_are_refused(published):
    other = published.folder / "data/other"
    shutil.copytree(published.folder / "data/mimii", other)
    shutil.copy(other / "6_dB_fan.zip", other / "-6_dB_fan.zip")
    configure(published, folder="data/other")
    result = published.snakemake("features")
    assert result.returncode != 0
    assert "data/other/-6_dB_fan.zip is altered (MD5" in result.stdout


def test_an_edit_of_code_checks_no_zip_again(published):
    name = "class UserError(Exception):\n"
    published.edit("src/mimii_bench/util/errors.py", name, f"{name}    edited = True\n")
    planned = published.planned("features")
    assert planned["feature_store"] == 1
    assert "check_archive" not in planned


def test_a_recording_that_is_overwritten_in_place_makes_its_unit_anew(folders):
    path = folders.folder / "data/mimii/6dB/fan/id_02/normal/00000001.wav"
    before = path.stat()
    with path.open("r+b") as file:
        file.seek(-2, os.SEEK_END)
        file.write(b"\x01\x02")
    assert path.stat().st_size == before.st_size
    assert folders.planned("features") == {"feature_store": 1}


def test_another_recording_is_listed_and_its_machine_and_snr_made_anew(folders):
    path = folders.folder / "data/mimii/6dB/fan/id_02/normal/00000001.wav"
    shutil.copy(path, path.with_name("00000009.wav"))
    assert folders.planned("features") == {"clip_index": 1, "feature_store": 1}


def test_moved_folders_are_the_same_recordings(folders):
    shutil.move(folders.folder / "data/mimii", folders.folder / "data/elsewhere")
    configure(folders, folder="data/elsewhere", layout="folder")
    assert folders.planned("features") == {}
