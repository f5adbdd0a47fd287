"""What is said at the end of a run."""

from types import SimpleNamespace

import pytest

from mimii_bench.progress.ending import ending


@pytest.fixture
def project(tmp_path):
    names = {
        "page": "index.html",
        "leaderboard_page": "leaderboard.md",
        "all_long": "all.csv",
        "missing": "missing.csv",
    }
    paths = SimpleNamespace(**{name: str(tmp_path / file) for name, file in names.items()})
    return SimpleNamespace(paths=paths, corpus=SimpleNamespace(simulated=True, name="simulated"))


def test_page_numbers_and_what_is_missing(project, tmp_path):
    (tmp_path / "index.html").write_text("")
    (tmp_path / "all.csv").write_text("row,published,reproduced\na,0.5,0.6\nb,0.7,\n")
    (tmp_path / "missing.csv").write_text("report,missing\nims_cnn,no valve\n")
    page, numbers, missing = ending(project)
    assert page.endswith(f": {tmp_path}/index.html")
    assert numbers == (
        f"2 printed numbers, and 1 of ours of simulated recordings: {tmp_path}/all.csv"
    )
    assert missing == (
        f"1 could not be computed: {tmp_path}/missing.csv; the figures: snakemake --cores 2 figures"
    )


def test_own_recordings_are_not_called_simulated(project, tmp_path):
    project.corpus = SimpleNamespace(simulated=False, name="mimii")
    (tmp_path / "all.csv").write_text("row,published,reproduced\na,0.5,0.6\n")
    assert ending(project) == [f"1 printed numbers, and 1 of ours of mimii: {tmp_path}/all.csv"]


def test_nothing_is_said_of_what_is_not_there_or_cannot_be_read(project, tmp_path):
    assert ending(project) == []
    (tmp_path / "all.csv").write_bytes(b'row\n"open')
    (tmp_path / "missing.csv").write_text("report,missing\n")
    (only,) = ending(project)
    assert only.startswith("nothing is missing: ")
