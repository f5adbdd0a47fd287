"""The section on the run: what is counted, what is missing, where the time went."""

import os

import pytest

from made_up_run import facts, files, write_run
from mimii_bench.page import run, times
from mimii_bench.page.given import Given
from mimii_bench.util.errors import UserError


@pytest.fixture
def section(tmp_path):
    write_run(tmp_path)
    return run.section(Given(facts(), files(tmp_path)))


def test_numbers_claims_and_contradictions_are_counted(section):
    counts = section["counts"]
    assert (counts["printed"], counts["both"], counts["reproduced"]) == (10, 9, 9)
    assert (counts["claims"], counts["contradictions"], counts["findings"]) == (4, 2, 4)


def test_what_several_reports_lack_is_said_once(tmp_path):
    write_run(tmp_path)
    lines = ["report,missing", "one,fan: gone", "two,fan: gone", "two,pump: gone"]
    (tmp_path / "missing.csv").write_text("\n".join(lines) + "\n")
    missing = run.section(Given(facts(), files(tmp_path)))["missing"]["each"]
    assert missing == [
        {"what": "fan: gone", "reports": ["one", "two"]},
        {"what": "pump: gone", "reports": ["two"]},
    ]


def test_versions_are_those_that_are_installed(section):
    names = [name for name, _ in section["versions"]]
    assert names[:2] == ["MIMII Bench", "Python"]
    assert "numpy" in names


def test_times_are_summed_by_rule_the_longest_first(section):
    found = section["times"]
    assert [one["rule"] for one in found["rules"]] == ["fit_and_score", "page", "mix"]
    assert sum(one["share"] for one in found["rules"]) == pytest.approx(1)
    assert found["worked"] == "33.1 s"
    # Between the jobs nothing ran.
    assert found["lasted"] == "33.1 s"
    assert found["began"] == "2023-11-14 22:12 UTC"
    assert found["ended"] == "2023-11-14 22:15 UTC"


def test_jobs_side_by_side_are_counted_once(tmp_path):
    for name, seconds, ended in [("a", 10, 1010), ("b", 7, 1012), ("c", 1, 5000)]:
        path = tmp_path / f"mix/{name}.tsv"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"s\tmax_rss\tcpu_time\n{seconds}\t1\t1\n")
        os.utime(path, (ended, ended))
    found = times.section(tmp_path)
    assert (found["lasted"], found["worked"]) == ("13.0 s", "18.0 s")


def test_a_job_that_ended_at_once_has_no_memory(tmp_path):
    job = tmp_path / "split/fan.tsv"
    job.parent.mkdir()
    job.write_text("s\th:m:s\tmax_rss\tcpu_time\n0.01\t0:00:00\tNA\tNA\n")
    os.utime(job, (100, 100))
    (only,) = times.section(tmp_path)["rules"]
    assert (only["seconds"], only["memory"], only["cpu"]) == (0.01, 0, 0)


def test_without_times_the_section_has_none(tmp_path):
    assert times.section(tmp_path) is None


@pytest.mark.parametrize("text", ["s\th:m:s\n", "s\th:m:s\n1.0\n"])
def test_times_that_are_none_are_refused(tmp_path, text):
    (tmp_path / "mix.tsv").write_text(text)
    with pytest.raises(UserError, match=r"mix\.tsv: no times of a job; delete it"):
        times.section(tmp_path)


def test_a_file_without_a_line_is_refused(tmp_path):
    (tmp_path / "mix.tsv").write_text("")
    with pytest.raises(UserError, match="no times"):
        times.section(tmp_path)
