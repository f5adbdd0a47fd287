"""The section of the audit: contradictions before facts."""

from made_up_run import facts, files, write_run
from mimii_bench.page import audit
from mimii_bench.page.given import Given


def test_findings_are_sorted_by_weight_and_stay_in_order_within(tmp_path):
    write_run(tmp_path, name="the last")
    section = audit.section(Given(facts(), files(tmp_path)))
    assert [one["kind"] for one in section["findings"]] == [
        *("contradiction", "contradiction", "fits", "fact"),
    ]
    assert section["findings"][1]["finding"] == "the last"
    assert [kind for kind, _ in section["kinds"]] == ["contradiction", "fits", "fact"]
    assert [key for key, _ in section["reports"]] == ["some_report", "other_report"]


def test_every_finding_has_its_arithmetic(written, section_of):
    assert section_of(written(), "audit").count("1 + 1 = 3") == 4
