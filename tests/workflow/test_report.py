"""Snakemake's own report of a finished run holds tables, captions and figures."""

import pytest

pytestmark = pytest.mark.whole


def test_the_report_holds_categories_captions_and_figures(project_class, tmp_path):
    project = project_class.fresh(tmp_path / "p", "config/tiny.yaml")
    project.run("all", "figures")
    assert project.planned("all", "figures") == {}
    project.run("all", "figures", "--report", "report.html")
    page = project.read("report.html").decode()
    for text in ('"Tables"', '"Reports"', '"Figures"', "overview", "published_and_reproduced"):
        assert text in page
    assert "Simulated recordings" in page
    assert "checked against themselves" in page
    assert "What mimii_baseline claims" in page
