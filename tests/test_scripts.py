"""What the workflow's scripts log, and that each is a door: imports, and a job of a few lines."""

import ast
import re
import subprocess
import sys

import pytest

from samples import ROOT

FOLDER = ROOT / "workflow/scripts"
SCRIPTS = sorted(FOLDER.glob("[a-z]*.py"))
JOB = """
import sys, time
from pathlib import Path
from types import SimpleNamespace
from _door import job, tell
from mimii_bench.util.errors import UserError
snakemake = SimpleNamespace(rule="mix", wildcards=["ch0", "fan"], input=[], log=Path(sys.argv[1]))
def work(seconds):
    until = time.process_time() + seconds
    while time.process_time() < until: pass
work(.3)
with job(globals()) as given:
    assert given is snakemake
    work(.2)
    BODY
"""


def run(folder, body="pass"):
    """Run a job, and return what it logged and printed."""
    script, log = JOB.replace("BODY", body), folder / "job.log"
    done = subprocess.run(
        [sys.executable, "-c", script, str(log)],
        env={"PYTHONPATH": f"{FOLDER}:{ROOT / 'src'}"},
        stderr=subprocess.PIPE,
        text=True,
    )
    return log.read_text(), done


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_is_a_door(path):
    """A docstring, imports of which the door is the first of ours, and one job."""
    text, *imports, body = ast.parse(path.read_text()).body
    assert isinstance(text.value, ast.Constant)
    assert all(isinstance(node, ast.Import | ast.ImportFrom) for node in imports)
    ours = [node.module for node in imports if re.match("_door|mimii_bench", node.module or "")]
    assert ours[0] == "_door"
    assert ast.unparse(body).startswith("with job(globals()) as snakemake:")
    assert len(path.read_text().splitlines()) <= 25


def test_a_job_logs_its_cpu_time_and_how_much_of_it_the_start_took(tmp_path):
    log, _ = run(tmp_path)
    found = re.fullmatch(
        r"mix ch0 fan: done in ([\d.]+) s of CPU time, ([\d.]+) of them to start up\n", log
    )
    total, start = map(float, found.groups())
    assert start > 0.3
    assert 0.18 < total - start < 0.4


def test_what_a_job_tells_is_printed_and_stands_in_its_log(tmp_path):
    log, done = run(tmp_path, "tell(['clip 3 is silent', 'clip 4 is'])")
    first, *told = log.splitlines()
    assert first.startswith("mix ch0 fan: done in ")
    assert told == done.stderr.splitlines() == ["clip 3 is silent", "clip 4 is"]


def test_a_foreseen_error_is_one_line_and_another_one_has_its_traceback(tmp_path):
    log, done = run(tmp_path, "raise UserError('clip 3 is damaged')")
    assert done.returncode == 1
    assert log == done.stderr == "mix ch0 fan: clip 3 is damaged\n"
    log, done = run(tmp_path, "1 / 0")
    assert done.stderr == "mix ch0 fan: ZeroDivisionError: division by zero\n"
    assert log.startswith(done.stderr + "Traceback")
