"""Jobs side by side on a machine with several GPUs take one each."""

import subprocess
import sys

import pytest

from mimii_bench.util import gpus
from samples import ROOT

#: Takes one, says which it sees, and holds it until it is let go.
JOB = """
import os, sys
from mimii_bench.util import gpus
gpus.take_one(sys.argv[1])
print(os.environ.get("CUDA_VISIBLE_DEVICES"), flush=True)
sys.stdin.read()
"""


class Jobs:
    def __init__(self, folder):
        self.folder, self.running = folder, []

    def start(self, device="cuda", seen="0,1"):
        """Start one and return which GPUs it sees."""
        environment = {"PYTHONPATH": str(ROOT / "src"), "TMPDIR": str(self.folder)}
        process = subprocess.Popen(
            [sys.executable, "-c", JOB, device],
            env=environment if seen is None else {**environment, "CUDA_VISIBLE_DEVICES": seen},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.running.append(process)
        return process.stdout.readline().strip()

    def kill(self, number):
        self.running[number].kill()
        self.running[number].wait()


@pytest.fixture
def jobs(tmp_path):
    found = Jobs(tmp_path)
    yield found
    for number in range(len(found.running)):
        found.kill(number)


def test_each_takes_one_that_is_free(jobs):
    assert [jobs.start(), jobs.start()] == ["0", "1"]
    jobs.kill(0)
    assert jobs.start("auto") == "0"
    assert jobs.start() == "0,1", "more jobs than GPUs: all are seen, as without us"


@pytest.mark.parametrize(
    ("device", "seen"), [("cuda:1", "0,1"), ("cpu", "0,1"), ("cuda", "GPU-5f"), ("cuda", "")]
)
def test_what_is_one_already_stays(jobs, device, seen):
    assert jobs.start(device, seen) == seen
    assert jobs.start(device, seen) == seen


def test_without_a_word_the_driver_says_how_many_there_are(monkeypatch, tmp_path):
    monkeypatch.delenv(gpus.VISIBLE, raising=False)
    monkeypatch.setattr(gpus, "_LISTED", tmp_path / "none")
    assert gpus._seen() == []
    for name in ("0000:01:00.0", "0000:02:00.0"):
        (tmp_path / "gpus" / name).mkdir(parents=True)
    monkeypatch.setattr(gpus, "_LISTED", tmp_path / "gpus")
    assert gpus._seen() == ["0", "1"]
