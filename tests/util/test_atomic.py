"""Outputs that are whole or absent."""

import errno
import os
import signal
import subprocess
import sys
import time

import pytest

from mimii_bench.util.atomic import parts, replacing
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


WRITER = """if True:
    import sys, time
    from mimii_bench.util.atomic import replacing
    path, content, begun, end = sys.argv[1:]
    with replacing(path) as part:
        part.write_text(content)
        open(begun, "w").close()
        while not __import__("os").path.exists(end):
            time.sleep(0.01)
"""


def writing(folder, content):
    """Start a process that writes `out`, and goes on until the file `end-<content>` is there."""
    program = [sys.executable, "-c", WRITER, str(folder / "out"), content]
    files = [str(folder / f"{name}-{content}") for name in ("begun", "end")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    return subprocess.Popen([*program, *files], env=environment, stderr=subprocess.PIPE, text=True)


def until(condition):
    while not condition():
        time.sleep(0.01)


def test_a_writer_waits_for_another_that_is_alive(tmp_path):
    """Both files are whole; the one that came second stands."""
    first = writing(tmp_path, "first")
    until((tmp_path / "begun-first").exists)
    second = writing(tmp_path, "second")
    assert "another process is writing here; waiting" in second.stderr.readline()
    assert not (tmp_path / "begun-second").exists()
    (tmp_path / "end-first").touch()
    assert first.wait() == 0
    assert (tmp_path / "out").read_text() == "first"
    (tmp_path / "end-second").touch()
    assert second.wait() == 0
    assert (tmp_path / "out").read_text() == "second"
    assert parts(tmp_path / "out") == []


def test_a_writer_that_is_killed_holds_nobody_up(tmp_path):
    first = writing(tmp_path, "first")
    until((tmp_path / "begun-first").exists)
    second = writing(tmp_path, "second")
    assert "waiting" in second.stderr.readline()
    first.kill()
    (tmp_path / "end-second").touch()
    assert second.wait() == 0
    assert (tmp_path / "out").read_text() == "second"
    assert parts(tmp_path / "out") == []


def test_without_locks_nobody_takes_what_another_writes(tmp_path, monkeypatch):
    """Some network file systems have none."""

    def flock(descriptor, kind):
        raise OSError(errno.ENOTSUP, os.strerror(errno.ENOTSUP))

    monkeypatch.setattr("mimii_bench.util.atomic.fcntl.flock", flock)
    with replacing(tmp_path / "out") as one, replacing(tmp_path / "out") as other:
        one.write_text("one")
        other.write_text("other")
    assert (tmp_path / "out").read_text() == "one"
    assert parts(tmp_path / "out") == []


def test_what_other_files_are_called_is_no_matter(tmp_path):
    for name in (".out.1.part", ".out.part", "out.part", ".out.x.1.part", ".outer.1.a.part"):
        (tmp_path / name).mkdir()
    with replacing(tmp_path / "out") as part:
        part.touch()
    assert len(names(tmp_path)) == 6


def test_records_read_back_as_text_whatever_they_hold(tmp_path):
    rows = [["normal/00", 'a "b", c'], ["", "line\nbreak"]]
    write_rows(tmp_path / "rows.csv", ["clip", "note"], rows)
    assert [list(row.values()) for row in read_rows(tmp_path / "rows.csv")] == rows
    assert b"\r" not in (tmp_path / "rows.csv").read_bytes()


def test_a_name_alone_is_of_the_folder_that_one_is_in(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for content in ("first", "second"):
        with replacing("page.html") as part:
            part.write_text(content)
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]
    assert (tmp_path / "page.html").read_text() == "second"
