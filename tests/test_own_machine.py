"""The commands of docs/own-machine.md give what it shows."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from samples import ROOT

pytestmark = pytest.mark.whole


def steps(text):
    """Yield (command, what it prints) of the console blocks of a page."""
    for block in re.findall(r"^```console\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        yield from re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)


NUMBER = r"\d+(?:\.\d+)?"


def without_numbers(text):
    """The lines; a number may have another digit more, and the width of a column follows."""
    text = re.sub(NUMBER, "N", text)
    return [re.sub(r"[ -]+", " ", line).strip() for line in text.splitlines()]


def numbers(text):
    return [float(one) for one in re.findall(NUMBER, text)]


def test_the_tutorial_runs_as_it_is_written(tmp_path):
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    told = list(steps((ROOT / "docs/own-machine.md").read_text()))
    assert len(told) > 6
    for command, printed in told:
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=tmp_path,
            env={**os.environ, "PATH": path, "OMP_NUM_THREADS": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert without_numbers(done.stdout) == without_numbers(printed), (command, done.stderr)
        # Another processor rounds otherwise.
        assert numbers(done.stdout) == pytest.approx(numbers(printed), rel=2e-3), command
        assert "Traceback" not in done.stderr
    assert (tmp_path / "faults.html").read_text().count("<img") == 8
    assert (tmp_path / "pump.model/README.md").read_text().startswith("# Detector")
