"""What logs of jobs say."""

import pytest

from mimii_bench.progress import logs

RUNNING = "12:00:00 training 1 of 2: fan\n12:00:05 epoch 3 of 50, step 12\n"
DONE = "mix ch0 fan: done in 1.20 s of CPU time, 0.2 of them to start up\nclip 3 is silent\n"
FAILED = f"{RUNNING}mix ch0 fan: clip 3 is damaged\nTraceback\n"


@pytest.fixture
def log(tmp_path):
    def write(text):
        (tmp_path / "job.log").write_text(text)
        return [str(tmp_path / "job.log")]

    return write


def test_the_last_line_of_a_running_job(log):
    assert logs.last_line(log(RUNNING)) == "epoch 3 of 50, step 12"
    assert logs.last_line(log("x" * 10_000 + "\n12:00:01 now\n")) == "now"


def test_what_a_job_told(log):
    assert logs.told(log(DONE + RUNNING)) == ["clip 3 is silent"]


def test_why_one_failed(log):
    assert logs.reason(log(FAILED)) == "mix ch0 fan: clip 3 is damaged"


@pytest.mark.parametrize("ask", [logs.last_line, logs.told, logs.reason])
def test_no_log_says_nothing(ask, tmp_path):
    assert not ask([])
    assert not ask([str(tmp_path / "none.log")])
