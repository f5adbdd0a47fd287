"""Claims decided from the interval of a paired difference."""

import numpy as np
import pytest

from mimii_bench.corpus.mimii import IDS
from mimii_bench.evaluation.scores import write_scores
from mimii_bench.reports.claims import PublishedNumbers, decide, decide_all
from mimii_bench.reports.columns import CLAIMS
from mimii_bench.reports.published import Cell
from mimii_bench.reports.reproduction import Reproduction
from mimii_bench.splits.manifests import SplitRow

SPEC = {
    "units": {"machine": ["fan"], "snr": ["0dB"], "id": list(IDS)},
    "pool": ["machine"],
    "tables": {},
}
BETTER = {"system": "better", "metric": "auc"}
WORSE = {"system": "worse", "metric": "auc"}


def write_system(folder, gain):
    """Scores of four ids; both systems see the same noise, `gain` parts the classes."""
    folder.mkdir()
    rng = np.random.default_rng(0)
    rows, values = [], []
    for id in IDS:
        for label, shift in (("normal", 0.0), ("abnormal", gain)):
            rows += [SplitRow(f"{label}/{k}", "fan", "0dB", id, label, "test") for k in range(40)]
            values += list(rng.normal(shift, 1.0, 40))
    write_scores(rows, np.array(values), folder / "score.csv")
    return [[str(folder)]]


@pytest.fixture
def reproduction(tmp_path):
    gains = {"better": 0.9, "worse": 0.6, "same": 0.6}
    scores = {name: write_system(tmp_path / name, gain) for name, gain in gains.items()}
    return Reproduction(scores, SPEC, replicates=500)


def verdict(reproduction, **comparison):
    return decide({"claim": "c", **comparison}, reproduction, PublishedNumbers([], SPEC))


def test_a_difference_above_zero_supports_and_its_reverse_contradicts(reproduction):
    assert verdict(reproduction, greater=[BETTER, WORSE]).verdict == "supported"
    assert verdict(reproduction, greater=[WORSE, BETTER]).verdict == "contradicted"


def test_the_difference_is_paired(reproduction):
    """The systems rank the same clips: their intervals overlap, that of the difference is off 0."""
    better, worse = (reproduction.estimate(Cell(**side)) for side in (BETTER, WORSE))
    assert worse.high > better.low
    assert float(verdict(reproduction, greater=[BETTER, WORSE]).ci_low) > 0


def test_equal_systems_are_inconclusive(reproduction):
    found = verdict(reproduction, greater=[WORSE, {**WORSE, "system": "same"}])
    assert found.verdict == "inconclusive"
    assert float(found.ci_low) == float(found.ci_high) == 0


@pytest.mark.parametrize(
    ("value", "tolerance", "expected"),
    [(0.66, 0.2, "supported"), (0.2, 0.2, "contradicted"), (0.66, 0.001, "inconclusive")],
)
def test_a_value_is_held_against_a_tolerance(reproduction, value, tolerance, expected):
    assert verdict(reproduction, near=[WORSE, value, tolerance]).verdict == expected


@pytest.mark.parametrize(("value", "expected"), [(0.5, "supported"), (0.9, "contradicted")])
def test_a_number_is_held_against_a_goal(reproduction, value, expected):
    assert verdict(reproduction, greater=[WORSE, value]).verdict == expected


def test_every_combination_must_hold(reproduction):
    every = {"every": {"id": list(IDS)}}
    found = verdict(reproduction, **every, greater=[BETTER, WORSE])
    values = [verdict(reproduction, greater=[BETTER | {"id": i}, WORSE | {"id": i}]) for i in IDS]
    assert float(found.ci_low) <= min(float(value.ci_low) for value in values)
    assert found.reproduced_evidence.startswith("least favourable of 4: 0.")
    assert verdict(reproduction, **every, greater=[BETTER, 0.3]).verdict == "supported"
    high = {"every": {"id": ["00", "02"]}}
    value = float(reproduction.distribution(named(BETTER, id="02")).value)
    assert verdict(reproduction, **high, greater=[BETTER, value]).verdict != "supported"


def test_a_side_keeps_what_it_says_itself(reproduction):
    found = verdict(
        reproduction, every={"system": ["better"], "id": ["00"]}, greater=[{"metric": "auc"}, WORSE]
    )
    ours = reproduction.distribution(named(BETTER, id="00")).value
    theirs = reproduction.distribution(named(WORSE, id="00")).value
    assert found.reproduced_evidence == f"{ours:.4f} against {theirs:.4f} (better, 00)"


def named(cell, **fields):
    return Cell(**cell, **fields)


def test_a_list_is_the_best_of_its_numbers(reproduction):
    """The best id of the worse system against the mean of the better: chosen, it may win."""
    values = [reproduction.distribution(named(WORSE, id=id)).value for id in IDS]
    found = verdict(reproduction, greater=[{**WORSE, "id": list(IDS)}, WORSE])
    assert found.reproduced_evidence.startswith(f"{max(values):.4f} against {np.mean(values):.4f}")
    assert float(found.ci_low) >= 0


def test_per_is_the_mean_of_the_best_of_each(reproduction):
    found = verdict(reproduction, near=[{**WORSE, "per": "id"}, WORSE, 1e-9])
    # 40 clips of a label: what no resampling moves is not decided.
    assert (found.ci_low, found.ci_high, found.verdict) == ("0.000000", "0.000000", "inconclusive")


@pytest.mark.parametrize(("clips", "expected"), [(59, "inconclusive"), (60, "supported")])
def test_a_perfect_number_of_few_clips_decides_nothing(tmp_path, clips, expected):
    (tmp_path / "ae").mkdir()
    labels = ["normal"] * clips + ["abnormal"] * clips
    rows = [
        SplitRow(f"{k:03}", "fan", "0dB", "00", label, "test") for k, label in enumerate(labels)
    ]
    write_scores(rows, np.arange(2.0 * clips), tmp_path / "ae/score.csv")
    spec = {**SPEC, "units": {**SPEC["units"], "id": ["00"]}}
    reproduction = Reproduction({"ae": [[str(tmp_path / "ae")]]}, spec, replicates=50)
    found = verdict(reproduction, greater=[{"system": "ae", "metric": "auc"}, 0.9])
    assert (found.reproduced_evidence, found.verdict) == ("1.0000 against 0.9000", expected)


def test_claims_of_supervised_systems_are_marked(reproduction):
    reproduction.spec = {**SPEC, "systems": {"better": {"supervised": True}}}
    assert verdict(reproduction, greater=[BETTER, 0.5]).claim == "c (supervised)"
    assert verdict(reproduction, greater=[WORSE, 0.5]).claim == "c"


def test_what_the_corpus_does_not_hold_is_inconclusive_without_evidence(reproduction):
    found = verdict(reproduction, greater=[BETTER, {**WORSE, "machine": "valve"}])
    assert found[2:] == ("", "", "", "inconclusive")


def test_rows_bear_report_and_corpus(reproduction):
    claims = [{"claim": "c", "published": "p", "greater": [BETTER, WORSE]}]
    (row,) = decide_all("report", claims, reproduction, PublishedNumbers([], SPEC), "simulated")
    named = dict(zip(CLAIMS, row, strict=True))
    assert (named["report"], named["corpus"], named["verdict"]) == (
        "report",
        "simulated",
        "supported",
    )
    assert named["reproduced_evidence"].startswith("0.7")


def printed(*cells, **spec):
    """Numbers of better and worse systems as they are printed: (system, id, number)."""
    found = [
        Cell("t", "r", f"{k}", "fan", "", id, system, "", "auc", number)
        for k, (system, id, number) in enumerate(cells)
    ]
    return PublishedNumbers(found, {**SPEC, **spec})


def published(claim, numbers, reproduction):
    return decide({"claim": "c", **claim}, reproduction, numbers).published_evidence


def test_published_evidence_follows_from_the_printed_cells(reproduction):
    """The cells name the fan, of which alone the report is; the claim does not have to."""
    numbers = printed(("better", "", "0.80"), ("worse", "", "0.7"))
    claim = {"greater": [BETTER, WORSE]}
    assert published(claim, numbers, reproduction) == "0.8000 against 0.7000"
    said = "Section 2: always; 0.8000 against 0.7000"
    assert published({**claim, "published": "Section 2: always"}, numbers, reproduction) == said
    goal = {"greater": [{**BETTER, "table": "t"}, 0.5]}
    assert published(goal, numbers, reproduction) == "0.8000 against 0.5000"


def test_what_is_not_printed_is_no_evidence(reproduction):
    numbers = printed(("better", "", "0.8"), ("worse", "", ""))
    claim = {"greater": [BETTER, WORSE], "published": "Section 2: always"}
    assert published(claim, numbers, reproduction) == "Section 2: always"
    assert published({"greater": [{**BETTER, "table": "other"}, 0.5]}, numbers, reproduction) == ""


def test_the_least_favourable_printed_case_need_not_be_ours(reproduction):
    cells = [
        (system, id, number)
        for id, better in zip(IDS, ("0.9", "0.6", "0.9", "0.9"), strict=True)
        for system, number in (("better", better), ("worse", "0.5"))
    ]
    claim = {"every": {"id": list(IDS)}, "greater": [BETTER, WORSE]}
    found = published(claim, printed(*cells), reproduction)
    assert found == "least favourable of 4: 0.6000 against 0.5000 (02)"


def test_the_best_of_printed_numbers_and_their_mean(reproduction):
    numbers = printed(*(("worse", id, f"0.{k}") for k, id in enumerate(IDS, start=5)))
    best = {"greater": [{**WORSE, "id": list(IDS)}, {**WORSE, "per": "id"}]}
    assert published(best, numbers, reproduction) == "0.8000 against 0.6500"


def test_a_mean_that_is_not_printed_is_that_of_its_parts_unless_they_are_pooled(reproduction):
    numbers = [("worse", id, f"0.{k}") for k, id in enumerate(IDS, start=5)]
    claim = {"greater": [WORSE, 0.5]}
    assert published(claim, printed(*numbers), reproduction) == "0.6500 against 0.5000"
    pooled = {"evaluation": {"default": {"over": "pool"}}}
    assert published(claim, printed(*numbers, **pooled), reproduction) == ""
    assert published(claim, printed(*numbers[1:]), reproduction) == ""
