"""Outputs that are whole or absent."""

import os
import signal
import subprocess
import sys

import pytest

from mimii_bench.util.atomic import replacing
from mimii_bench.util.records import read_rows, write_rows
from samples import ROOT


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_takes_its_name_when_it_is_written(tmp_path):
    path = tmp_path / "deep/out.csv"
    with replacing(path) as part:
        part.write_text("new")
        assert not path.exists()
    assert path.read_text() == "new"
    assert names(path.parent) == ["out.csv"]


def test_a_folder_replaces_the_one_before(tmp_path):
    for content in ("old", "new"):
        with replacing(tmp_path / "out") as part:
            part.mkdir()
            (part / content).touch()
    assert names(tmp_path / "out") == ["new"]
    assert names(tmp_path) == ["out"]


def fail(path, error):
    """Write half of a folder, then stop with an error."""
    with replacing(path) as part:
        (part / "sub").mkdir(parents=True)
        raise error


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_error_leaves_what_was_there_and_nothing_else(tmp_path, error):
    with pytest.raises(error):
        fail(tmp_path / "out", error)
    assert names(tmp_path) == []
    (tmp_path / "out").write_text("old")
    with pytest.raises(error):
        fail(tmp_path / "out", error)
    assert (tmp_path / "out").read_text() == "old"
    assert names(tmp_path) == ["out"]


def test_a_killed_writer_leaves_no_output_and_the_next_one_starts_afresh(tmp_path):
    program = f"""if True:
        import os, signal
        from mimii_bench.util.atomic import replacing
        with replacing({str(tmp_path / "out")!r}) as part:
            part.mkdir()
            (part / "half").touch()
            os.kill(os.getpid(), signal.SIGKILL)
    """
    killed = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": str(ROOT / "src")}
    )
    assert killed.returncode == -signal.SIGKILL
    assert not (tmp_path / "out").exists()
    with replacing(tmp_path / "out") as part:
        part.mkdir()
    assert names(tmp_path) == ["out"]
    assert names(tmp_path / "out") == []


def test_records_read_back_as_text_whatever_they_hold(tmp_path):
    rows = [["normal/00", 'a "b", c'], ["", "line\nbreak"]]
    write_rows(tmp_path / "rows.csv", ["clip", "note"], rows)
    assert [list(row.values()) for row in read_rows(tmp_path / "rows.csv")] == rows
    assert b"\r" not in (tmp_path / "rows.csv").read_bytes()
