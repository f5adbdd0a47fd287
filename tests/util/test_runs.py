"""Which runs are alive, and what is done about those that are not."""

import os
import subprocess
import sys
import threading

import pytest

from mimii_bench.util import runs
from mimii_bench.util.errors import UserError
from samples import ROOT

SLEEP = "__import__('time').sleep(60)"


@pytest.fixture
def other():
    """A process that is alive, and its name."""
    program = f"from mimii_bench.util import runs; print(runs.this_run(), flush=True); {SLEEP}"
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        process.run = process.stdout.readline().strip()
        yield process
        process.kill()


def records(folder, *names):
    """Snakemake's folder with a lock, and records of runs."""
    for name in names:
        (folder / "runs").mkdir(exist_ok=True)
        (folder / "runs" / name).touch()
    (folder / "locks").mkdir()
    (folder / "locks/0.output.lock").write_text("results/tables/all.csv\n")
    return folder


def locked(folder):
    return (folder / "locks/0.output.lock").exists()


def test_a_process_is_alive_until_it_is_killed(other):
    assert runs.is_alive(runs.this_run())
    assert runs.is_alive(other.run)
    other.kill()
    os.waitid(os.P_PID, other.pid, os.WEXITED | os.WNOWAIT)
    assert not runs.is_alive(other.run), "nobody has taken note of its end yet"
    other.wait()
    assert not runs.is_alive(other.run)


def test_another_process_of_the_same_number_is_not_it(other):
    host, pid, started = other.run.rsplit(".", 2)
    assert not runs.is_alive(f"{host}.{pid}.{int(started) - 1}")


def test_what_a_killed_run_had_locked_is_free(other, tmp_path):
    records(tmp_path, other.run)
    assert not runs.enter(tmp_path), "the other is alive"
    assert locked(tmp_path)
    other.kill()
    other.wait()
    assert runs.enter(tmp_path)
    assert not locked(tmp_path)
    assert os.listdir(tmp_path / "runs") == [runs.this_run()]


def test_a_lock_stays_while_one_of_several_runs_is_alive(other, tmp_path):
    host, pid, started = other.run.rsplit(".", 2)
    dead = f"{host}.{pid}.{int(started) - 1}"
    records(tmp_path, other.run, dead)
    assert not runs.enter(tmp_path)
    assert locked(tmp_path)
    assert {other.run, dead} < set(os.listdir(tmp_path / "runs"))


@pytest.mark.parametrize("others", [[], ["elsewhere.1.1"]])
def test_a_lock_of_nobody_known_or_of_another_host_stays(tmp_path, others):
    assert not runs.enter(records(tmp_path, *others))
    assert locked(tmp_path)


def test_a_dead_run_that_had_locked_nothing_is_not_told_of(tmp_path):
    (tmp_path / "runs").mkdir()
    host = runs.this_run().rsplit(".", 2)[0]
    (tmp_path / f"runs/{host}.1.-1").touch()
    assert not runs.enter(tmp_path)


def test_a_folder_that_is_not_writable_is_not_our_matter(tmp_path):
    (tmp_path / "file").touch()
    assert not runs.enter(tmp_path / "file")


def test_a_job_ends_with_its_run(other, monkeypatch):
    ended = threading.Event()
    monkeypatch.setenv(runs.VARIABLE, other.run)
    runs.end_with_run(0.01, ended.set)
    assert not ended.wait(0.2)
    other.kill()
    other.wait()
    assert ended.wait(10)


def test_a_job_of_no_run_goes_on(monkeypatch):
    monkeypatch.delenv(runs.VARIABLE, raising=False)
    before = threading.active_count()
    runs.end_with_run(0.01)
    assert threading.active_count() == before


def test_a_run_may_write_in_folders_that_are_to_be_made(tmp_path):
    runs.check_writable(tmp_path / "results", tmp_path / "deep" / "er")


def test_a_file_in_the_place_of_a_folder_is_named(tmp_path):
    (tmp_path / "results").touch()
    with pytest.raises(UserError, match=r"results: is no folder; move it away"):
        runs.check_writable(tmp_path / "results" / "tables")


def test_a_folder_that_may_not_be_written_is_named(tmp_path, monkeypatch):
    # For root there is none but on a disk that is read-only.
    monkeypatch.setattr(os, "access", lambda path, mode: path != tmp_path)
    with pytest.raises(UserError, match=f"{tmp_path}: may not be written here; give it back"):
        runs.check_writable(tmp_path / "results")
