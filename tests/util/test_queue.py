"""Which jobs of a queue a killed run has left, and that they end before another one begins."""

from pathlib import Path

import pytest

from mimii_bench.util import queue
from mimii_bench.util.errors import UserError

QUEUE = """\
11|/home/me/run|rule_frames_mix
12|/home/me/other|rule_frames_mix
13|/home/me/run|my own work
14|/home/me/run|rule_fit_and_score_wildcards_a|b
15|/home/me/run|
"""


@pytest.fixture
def slurm(tmp_path, monkeypatch):
    """A folder with a squeue that prints the file `queue`, and an scancel that empties it."""
    (tmp_path / "queue").write_text(QUEUE)
    programs = {
        "squeue": f"cat {tmp_path}/queue",
        "scancel": f'echo "$@" >> {tmp_path}/cancelled; : > {tmp_path}/queue',
    }
    for name, does in programs.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{does}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path


def test_those_of_the_folder_that_snakemake_submitted_are_cancelled(slurm):
    said = queue.end_leftovers(Path("/home/me/run"))
    assert said == ["2 jobs that a killed run had left in the queue were cancelled"]
    assert (slurm / "cancelled").read_text() == "11 14\n"


def test_nothing_is_done_or_said_where_there_is_none(slurm):
    assert queue.end_leftovers(Path("/home/me/third")) == []
    assert not (slurm / "cancelled").exists()


def test_without_a_slurm_there_is_nothing_to_ask(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert queue.end_leftovers(tmp_path) == []


def test_what_does_not_end_stops_the_run_before_it_begins(slurm, monkeypatch):
    (slurm / "scancel").write_text("#!/bin/sh\n")
    monkeypatch.setattr(queue, "PATIENCE", 0.1)
    with pytest.raises(UserError, match="jobs 11, 14 of a killed run do not end"):
        queue.end_leftovers(Path("/home/me/run"), every=0.05)
