"""A page of a small run that never was."""

import re

import pytest

from made_up_run import facts, files, write_run
from mimii_bench.page import page


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Return a function that writes a page and returns its text, without the charting library."""
    monkeypatch.setattr(page, "charts_script", lambda: "")

    def write(given=None, **run):
        write_run(tmp_path, **run)
        target = tmp_path / "index.html"
        write.arguments = (
            *(given or facts(run.get("simulated", True)), files(tmp_path)),
            target,
        )
        page.write_page(*write.arguments)
        return target.read_text()

    return write


@pytest.fixture
def section_of():
    """Return a function that cuts a section out of a page."""

    def cut(text, key):
        found = re.search(rf'<section id="{key}".*?</section>', text, re.DOTALL)
        assert found, key
        return found[0]

    return cut
