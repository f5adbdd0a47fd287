"""What the workflow's scripts log, and that each says when it has imported all."""

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
from _door import job
from mimii_bench.util.errors import UserError
given = SimpleNamespace(rule="mix", wildcards=["ch0", "fan"], log=Path(sys.argv[1]))
def work(seconds):
    until = time.process_time() + seconds
    while time.process_time() < until: pass
with job(given) as started:
    work(.3)
    started()
    work(.2)
    BODY
"""


def run(folder, body="pass"):
    """Run a job, and return what it logged and printed."""
    script, log = JOB.replace("BODY", body), folder / "job.log"
    done = subprocess.run(
        [sys.executable, "-c", script, str(log)],
        env={"PYTHONPATH": str(FOLDER)},
        stderr=subprocess.PIPE,
        text=True,
    )
    return log.read_text(), done


def is_call(node, name):
    """Tell whether a statement calls a function of that name."""
    return isinstance(node, ast.Expr) and ast.unparse(node).startswith(f"{name}(")


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_says_once_that_it_has_started_after_all_that_it_imports(path):
    (body,) = (node.body for node in ast.parse(path.read_text()).body if isinstance(node, ast.With))
    (mark,) = (place for place, node in enumerate(body) if is_call(node, "started"))
    imports = [
        place
        for place, node in enumerate(body)
        if isinstance(node, ast.Import | ast.ImportFrom) or "plugins.load(" in ast.unparse(node)
    ]
    assert max(imports) < mark


def test_a_job_logs_its_cpu_time_and_how_much_of_it_the_start_took(tmp_path):
    log, _ = run(tmp_path)
    found = re.fullmatch(
        r"mix ch0 fan: done in ([\d.]+) s of CPU time, ([\d.]+) of them to start up\n", log
    )
    total, start = map(float, found.groups())
    assert start > 0.3
    assert 0.18 < total - start < 0.4


def test_a_foreseen_error_is_one_line_and_another_one_has_its_traceback(tmp_path):
    log, done = run(tmp_path, "raise UserError('clip 3 is damaged')")
    assert done.returncode == 1
    assert log == done.stderr == "mix ch0 fan: clip 3 is damaged\n"
    log, done = run(tmp_path, "1 / 0")
    assert done.stderr == "mix ch0 fan: ZeroDivisionError: division by zero\n"
    assert log.startswith(done.stderr + "Traceback")
