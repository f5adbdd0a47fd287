"""A full disk ends a job in one line and leaves nothing half-written; a read-only one, a run."""

import shutil
import subprocess
from contextlib import contextmanager

import pytest

pytestmark = pytest.mark.whole


@contextmanager
def mounted(folder, option):
    """A file system in memory, mounted at a folder."""
    mount = ["mount", "-t", "tmpfs", "-o", option, "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("needs the right to mount a file system")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 3 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    with mounted(folder, "size=3m"):
        yield folder


@pytest.mark.parametrize(
    ("stage", "target"),
    [
        ("corpus", "results/corpus/simulated/bank.h5"),
        ("audio", "results/audio/mono/fan/6dB/id_00"),
        ("features", "results/features/logmel64_reflect/ch0/fan/-6dB/id_00.h5"),
    ],
)
def test_full_disk_is_said_in_one_line(clone, small_disk, stage, target):
    folder = clone.folder / "results" / stage
    if stage == "features":
        clone.edit("reports/mimii_baseline/report.yaml", "hop: 512", "hop: 32")
    shutil.rmtree(folder)
    folder.symlink_to(small_disk)
    result = clone.snakemake(target)
    assert result.returncode != 0
    assert f"{target}: the disk is full; free space and run again" in result.stdout
    assert not [f for f in small_disk.rglob("*") if f.is_file()]


@pytest.mark.parametrize("place", [".snakemake", "results"])
def test_a_disk_that_is_read_only_is_said_before_the_first_job(clone, place):
    shutil.rmtree(clone.folder / place)
    (clone.folder / place).mkdir()
    with mounted(clone.folder / place, "ro"):
        result = clone.snakemake()
    assert result.returncode != 0
    assert f"{place}: may not be written here; give it back the right to be" in result.stdout
    assert "Traceback" not in result.stdout
