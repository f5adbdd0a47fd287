"""The commands of docs/own-machine.md give what it shows."""

import pytest

from samples import ROOT
from told_commands import do, told

pytestmark = pytest.mark.whole


def test_the_tutorial_runs_as_it_is_written(tmp_path):
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    steps = list(told("docs/own-machine.md"))
    assert len(steps) > 6
    for step in steps:
        do(step, tmp_path, {})
    assert (tmp_path / "faults.html").read_text().count("<img") == 8
    assert (tmp_path / "pump.model/README.md").read_text().startswith("# Detector")
