"""Sums, repeated numbers, clip counts and means with known parts."""

import pytest

from mimii_bench.audit import bounds, public_counts, repeats, sums
from mimii_bench.util.errors import UserError


def totals(*numbers):
    layers = [{"row": f"layer {k}", "column": "n", "published": n} for k, n in enumerate(numbers)]
    layers[-1]["row"] = "Total"
    return layers


@pytest.mark.parametrize(
    ("numbers", "explained"),
    [(("1", "2", "3"), None), (("1", "2", "4"), ""), (("1", "2", "5", "3"), "without layer 2 / n")],
)
def test_totals(published, numbers, explained):
    note = [{"table": "t", "total": {"row": "Total"}}]
    findings = sums.check(published(*totals(*numbers), sums=note), {})
    assert len(findings) == (explained is not None)
    assert all(explained in f.explained_by and " + " in f.arithmetic for f in findings)


def test_totals_behind_a_row(published):
    cells = [
        {"row": "r", "column": c, "published": n} for c, n in (("a", "1"), ("b", "2"), ("sum", "4"))
    ]
    (finding,) = sums.check(
        published(*cells, sums=[{"table": "t", "total": {"column": "sum"}}]), {}
    )
    assert finding.finding == "prints 4, its 2 parts add up to 3"


@pytest.mark.parametrize(
    ("text", "found"), [("0.867", 0), ("0.866", 0), ("0.868", 1), ("0.8669", 1)]
)
def test_repeated_numbers(published, text, found):
    subject = {"system": "a", "machine": "fan", "metric": "auc"}
    cells = [subject | {"published": "0.8668"}, subject | {"table": "u", "published": text}]
    assert len(repeats.check(published(*cells), {})) == found


def test_numbers_of_other_subjects_may_differ(published):
    cells = [
        {"system": system, "metric": "auc", "table": table, "published": number}
        for system, table, number in (("a", "t", "0.1"), ("b", "u", "0.2"), ("a", "t", "0.3"))
    ]
    assert repeats.check(published(*cells), {}) == []


def clips(number, **subject):
    return {
        "column": "n",
        "metric": "clips",
        "published": str(number),
        "machine": "valve",
    } | subject


@pytest.mark.parametrize(
    ("cells", "texts"),
    [
        ([clips(119, id="00"), clips(120, id="02")], []),
        ([clips(118, id="00")], ["prints 118 abnormal clips, the public set holds 119"]),
        ([clips(119, id="01")], ["lists 1 ids, of which 1 are not public: valve 01"]),
        ([clips(239)], []),
        ([clips(118)], ["118 abnormal clips are those of no valve id, nor of several together"]),
        ([clips(3300, machine="")], []),
        (
            [clips(3301, machine="")],
            ["prints 3301 abnormal clips in all, the public set holds 3300"],
        ),
    ],
)
def test_clip_counts(published, cells, texts):
    note = [{"table": "t", "column": "n", "label": "abnormal"}]
    findings = public_counts.check(published(*cells, counts=note), {})
    assert [finding.finding for finding in findings] == texts


def test_ids_that_are_not_public_explain_a_total(published):
    cells = [clips(10, id="01"), clips(3310, machine="")]
    note = [{"table": "t", "column": "n", "label": "abnormal"}]
    *_, finding = public_counts.check(published(*cells, counts=note), {})
    assert finding.explained_by == "the ids that are not public: 10 clips"


@pytest.mark.parametrize(("numbers", "found"), [((19, 100), 0), ((18, 100), 1)])
def test_counts_of_a_split_are_added_up(published, numbers, found):
    note = [{"table": "t", "column": "n", "label": "abnormal", "summed": True}]
    cells = [clips(number) for number in numbers]
    assert len(public_counts.check(published(*cells, counts=note), {})) == found


def means(published, mean, parts):
    subject = {"machine": "fan", "snr": "6dB", "metric": "auc"}
    source = published(*(subject | {"published": p} for p in parts), key="source")
    note = {
        **{"table": "t", "where": {"system": "j"}, "parts": {"report": "source", "table": "t"}},
        **{"counts": {"four": 4, "seven": 7}},
    }
    report = published(subject | {"system": "j", "published": mean}, bounds=[note])
    return bounds.check(report, {"source": source, report.key: report})


@pytest.mark.parametrize(
    ("mean", "parts"),
    [("0.80", ("0.70", "0.80", "0.90")), ("0.85", ("0.80",) * 3 + ("1.00",)), ("0.94", ())],
)
def test_a_possible_mean_is_no_finding(published, mean, parts):
    assert means(published, mean, parts) == []


def test_a_mean_that_asks_for_more_than_one_is_found(published):
    (finding,) = means(published, "0.94", ("0.75", "0.99", "0.87"))
    assert finding.arithmetic == "4 * 0.94 - 0.75 - 0.99 - 0.87 = 1.150"
    assert finding.explained_by == "seven"


def test_a_mean_of_known_parts_is_compared(published):
    (finding,) = means(published, "0.84", ("0.70", "0.80", "0.85", "0.85"))
    assert "that is 0.800" in finding.finding


def test_a_source_that_is_absent_is_not_used(published):
    note = {"table": "t", "where": {}, "parts": {"report": "x", "table": "t"}, "counts": {"a": 2}}
    assert bounds.check(published({"published": "0.9"}, bounds=[note]), {}) == []


@pytest.mark.parametrize(
    ("notes", "message"),
    [
        ({"sum": []}, "'sum' is none of test_sets"),
        ({"sums": [{"table": "t", "totals": {}}]}, "unexpected keyword argument 'totals'"),
        ({"sums": [{"table": "t"}]}, "missing 1 required positional argument: 'total'"),
        ({"sums": [{"table": "v", "total": {}}]}, "no table 'v' in published.csv"),
    ],
)
def test_wrong_notes_name_the_file_and_the_key(published, notes, message):
    with pytest.raises(UserError, match=rf"audit\.yaml.*{message}"):
        sums.check(published({"published": "1"}, **notes), {})


def test_an_unknown_label_is_refused(published):
    note = [{"table": "t", "column": "n", "label": "anomalous"}]
    with pytest.raises(UserError, match="label 'anomalous' is none of"):
        public_counts.check(published(clips(1), counts=note), {})


def test_a_total_of_parts_that_are_not_all_legible_is_not_judged(published):
    note = [{"table": "t", "total": {"row": "Total"}}]
    assert sums.check(published(*totals("1", "", "4"), sums=note), {}) == []


def test_a_split_that_is_not_all_legible_is_not_added_up(published):
    note = [{"table": "t", "column": "n", "label": "abnormal", "summed": True}]
    assert public_counts.check(published(clips(18), clips(""), counts=note), {}) == []


def test_a_table_of_which_nothing_is_legible_is_a_table_still(published):
    note = [{"table": "t", "total": {"row": "Total"}}]
    assert sums.check(published(*totals("", ""), sums=note), {}) == []
