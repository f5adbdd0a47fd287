"""The commands of docs/tutorial.md give what it shows."""

import pytest

from told_commands import do, told

pytestmark = pytest.mark.whole


def test_the_tutorial_runs_as_it_is_written(project_class, tmp_path):
    clone = project_class.fresh(tmp_path / "clone")
    steps = list(told("docs/tutorial.md"))
    assert len(steps) > 10
    for step in steps:
        do(step, clone.folder, clone.environment)
