"""The claims of two_mic_ae against its printed table, and what it can say nothing of."""

from collections import Counter
from itertools import product
from statistics import harmonic_mean

import pytest

from mimii_bench.reports.published import read_cells
from mimii_bench.reports.report import load_report
from samples import ROOT, read_schema

REPORT = load_report(ROOT / "reports/two_mic_ae", read_schema("report"))
SPEC, CELLS = REPORT.spec, read_cells(REPORT.published)
FIELDS = ("machine", "system", "variant", "metric")
PRINTED = {
    tuple(getattr(cell, field) for field in FIELDS): cell.value
    for cell in CELLS
    if cell.published and cell.table == "table_1"
}
MACHINES = ("fan", "slider", "pump", "valve")
STATED = [claim for claim in SPEC["claims"] if claim["place"] != "ours"]


def printed(side):
    """The number that the report prints for one side: of a list the best one."""
    if "minus" in side:
        more, less = map(printed, side["minus"])
        return more - less
    if side.get("per") == "machine":
        best = {key: value for key, value in side.items() if key != "per"}
        return harmonic_mean([printed({**best, "machine": machine}) for machine in MACHINES])
    lists = {key: value for key, value in side.items() if isinstance(value, list)}
    choices = (dict(zip(lists, values, strict=True)) for values in product(*lists.values()))
    return max(PRINTED[tuple({**side, **one}.get(f, "") for f in FIELDS)] for one in choices)


def gains(claim):
    """What each comparison of a claim is won by."""
    fields = claim.get("every", {})
    for values in product(*fields.values()):
        every = dict(zip(fields, values, strict=True))
        more, less = (
            printed(side if "minus" in side else {**every, **side}) for side in claim["greater"]
        )
        yield more - less


def of(words):
    """The stated claims whose names hold some words."""
    return [claim for claim in STATED if words in claim["claim"]]


def test_every_headline_statement_has_its_claims():
    """By the part of the text where it stands; a statement that stands twice counts in both."""
    places = Counter(place for claim in STATED for place in claim["place"].split("; "))
    assert places == {
        "Abstract": 1,
        "Conclusions": 1,
        "Section 3.4, consistently across all machines and metrics": 4,
        "Section 3.4, the average results": 2,
        "Section 3.4, at least one value of alpha": 8,
        "Section 3.4, the best of each machine in bold": 2,
        "Section 3.4, the gains": 2,
        "Section 3.4, the most significant improvement": 2,
        "Section 3.4, Figure 5": 4,
    }


@pytest.mark.parametrize(
    "claim",
    [
        claim
        for claim in STATED
        if "with every alpha (M" not in claim["claim"] or "average" in claim["claim"]
    ],
    ids=lambda claim: claim["claim"],
)
def test_a_claim_is_what_the_table_says(claim):
    assert min(gains(claim)) > 0


def test_not_every_alpha_wins_on_every_machine():
    """The text read literally does not follow from its table."""
    everywhere = of("on every machine with every alpha")
    found = [gain for claim in everywhere for gain in gains(claim)]
    assert (len(found), sum(gain < 0 for gain in found)) == (128, 23)


def test_every_average_is_above_the_baseline_s():
    found = [gain for claim in of("The average over machines") for gain in gains(claim)]
    assert (len(found), sum(gain > 0 for gain in found)) == (32, 32)


def test_the_gains_of_the_text_are_those_of_each_machine_s_best_alpha():
    found = [
        round(100 * gain, 2) for claim in STATED if "published" in claim for gain in gains(claim)
    ]
    assert found == [4.29, 3.45]


def test_no_column_can_agree_while_readings_are_open():
    table = SPEC["tables"]["table_1"]
    assert not table["comparable"]
    for reading in ("microphone", "SNR", "squared errors"):
        assert reading in table["reason"]


def test_the_second_microphone_alone_is_the_reference_of_its_pair():
    systems = SPEC["systems"]
    alone, pair = systems["baseline_mic_2"], systems["mics_2_6"]
    assert alone["inputs"] == pair["inputs"][:1] != systems["baseline"]["inputs"]
    assert alone["options"] == systems["baseline"]["options"]
