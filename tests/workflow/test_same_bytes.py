"""Runs from scratch end in the same bytes, however many jobs run side by side."""

import pytest


@pytest.mark.whole
def test_one_core_and_eight_cores_give_the_same_bytes(finished, project_class, tmp_path):
    other = project_class.fresh(tmp_path / "eight")
    other.run(cores=8)
    # But for when it was and how long it took, on the page: tests/page/test_page.py.
    for path in ("all.csv", "missing.csv", "mimii_baseline/printed/readme.md"):
        assert other.read(f"results/tables/{path}") == finished.read(f"results/tables/{path}")
