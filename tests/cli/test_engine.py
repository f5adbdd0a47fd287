"""The workflow as a process: its log, and how its end is told."""

import signal
import sys
from contextlib import nullcontext

import psutil
import pytest

from mimii_bench.cli.engine import command_line, run_workflow
from mimii_bench.util.checkout import Checkout
from mimii_bench.util.errors import UserError

#: What the plain log has of a job that failed.
FAILED = """
missing for gears: 4 units: 4 not in gears.yaml
1 of 9 steps (11%) done: 12 % of the work, 0:04 passed, about 0:29 left
failed: mix fan any a: /gears/1.wav: 2 channel(s), not 1 as gears says; use another
"""
REFUSED = """
WorkflowError in file "/x/common.smk", line 27:
config.yaml: budget: 'half' is not one of demo, full
"""


def program(text, status):
    return [sys.executable, "-c", f"print({text!r}); raise SystemExit({status})"]


def test_what_it_prints_goes_to_the_log_alone(tmp_path, capfd):
    run_workflow(program("1 of 2 steps (50%) done", 0), tmp_path / "log")
    assert (tmp_path / "log").read_text() == "1 of 2 steps (50%) done\n"
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        (FAILED, "mix fan any a: /gears/1.wav: 2 channel(s), not 1 as gears says; use another"),
        (REFUSED, "config.yaml: budget: 'half' is not one of demo, full"),
        ("odd", "the workflow failed"),
    ],
)
def test_why_it_failed_is_one_line_that_names_the_log(tmp_path, printed, said):
    with pytest.raises(UserError) as caught:
        run_workflow(program(printed, 1), tmp_path / "log")
    assert str(caught.value) == f"{said}; all that was said is in {tmp_path / 'log'}"


HEARS = """
import pathlib, sys, time
try:
    print("1 of 2 steps (50%) done", flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    pathlib.Path(sys.argv[1]).touch()
"""
IGNORES = """
import signal, time
for one in (signal.SIGINT, signal.SIGTERM):
    signal.signal(one, signal.SIG_IGN)
print("1 of 2 steps (50%) done", flush=True)
time.sleep(60)
"""


class Bar:
    """A bar that sends a signal as soon as it is told that something was done."""

    def __init__(self, sent):
        self.sent, self.n = sent, 0

    def update(self, steps):
        signal.raise_signal(self.sent)


@pytest.fixture
def sending(monkeypatch):
    """Have a signal arrive when the first job is done, with little patience after it."""

    def arrange(sent):
        monkeypatch.setattr("tqdm.tqdm", lambda **_: nullcontext(Bar(sent)))
        monkeypatch.setattr("mimii_bench.cli.engine._PATIENCE", 2)

    # What a shell starts in the background ignores interrupts; so would all that is started here.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield arrange
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize(
    ("sent", "raised"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, SystemExit)]
)
def test_an_interrupt_is_handed_on(tmp_path, sending, sent, raised):
    sending(sent)
    with pytest.raises(raised):
        run_workflow([sys.executable, "-c", HEARS, str(tmp_path / "ended")], tmp_path / "log")
    assert (tmp_path / "ended").exists()


def test_what_hears_no_interrupt_is_ended_by_force(tmp_path, sending, monkeypatch):
    sending(signal.SIGINT)
    monkeypatch.setattr("mimii_bench.cli.engine._PATIENCE", 0.2)
    before = psutil.Process().children()
    with pytest.raises(KeyboardInterrupt):
        run_workflow([sys.executable, "-c", IGNORES], tmp_path / "log")
    assert psutil.Process().children() == before


def test_the_workflow_of_the_command_runs_in_the_folder_of_the_user(tmp_path):
    checkout = Checkout(tmp_path / "packaged", packaged=True)
    line = command_line(checkout, tmp_path / "out", 2, "results/tables/leaderboard.csv")
    assert line[:3] == [sys.executable, "-m", "snakemake"]
    assert str(tmp_path / "packaged/Snakefile") in line
    assert line[line.index("--directory") + 1] == str(tmp_path / "out")
