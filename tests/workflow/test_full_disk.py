"""A full disk ends a job in one line and leaves nothing half-written."""

import shutil
import subprocess

import pytest

pytestmark = pytest.mark.whole


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 3 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("needs the right to mount a small file system")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


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
