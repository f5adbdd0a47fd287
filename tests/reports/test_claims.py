"""Claims decided from the interval of a paired difference."""

from typing import NamedTuple

import numpy as np
import pytest
from scipy.stats import norm

from mimii_bench.corpus.mimii import IDS
from mimii_bench.evaluation.intervals import Distribution, interval
from mimii_bench.evaluation.scores import write_scores
from mimii_bench.reports import claims
from mimii_bench.reports.claims import PublishedNumbers, decide, decide_all
from mimii_bench.reports.columns import CLAIMS
from mimii_bench.reports.published import Cell
from mimii_bench.reports.reproduction import Reproduction
from mimii_bench.reports.tables import Setting
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


def verdicts(reproduction, **comparison):
    return decide({"claim": "c", **comparison}, reproduction, PublishedNumbers([], SPEC))


def verdict(reproduction, **comparison):
    (found,) = verdicts(reproduction, **comparison)
    return found


def test_a_difference_above_zero_supports_and_its_reverse_contradicts(reproduction):
    assert verdict(reproduction, greater=[BETTER, WORSE]).verdict.startswith("supported")
    assert verdict(reproduction, greater=[WORSE, BETTER]).verdict.startswith("contradicted")


def test_the_difference_is_paired(reproduction):
    """The systems rank the same clips: their intervals overlap, that of the difference is off 0."""
    better, worse = (reproduction.estimate(Cell(**side)) for side in (BETTER, WORSE))
    assert worse.high > better.low
    assert float(verdict(reproduction, greater=[BETTER, WORSE]).ci_low) > 0


def test_equal_systems_are_inconclusive(reproduction):
    found = verdict(reproduction, greater=[WORSE, {**WORSE, "system": "same"}])
    assert found.verdict.startswith("inconclusive")
    assert float(found.ci_low) == float(found.ci_high) == 0


@pytest.mark.parametrize(
    ("value", "tolerance", "expected"),
    [(0.66, 0.2, "supported"), (0.2, 0.2, "contradicted"), (0.66, 0.001, "inconclusive")],
)
def test_a_value_is_held_against_a_tolerance(reproduction, value, tolerance, expected):
    assert verdict(reproduction, near=[WORSE, value, tolerance]).verdict.startswith(expected)


@pytest.mark.parametrize(("value", "expected"), [(0.5, "supported"), (0.9, "contradicted")])
def test_a_number_is_held_against_a_goal(reproduction, value, expected):
    assert verdict(reproduction, greater=[WORSE, value]).verdict.startswith(expected)


def test_every_combination_must_hold(reproduction):
    every = {"every": {"id": list(IDS)}}
    found = verdict(reproduction, **every, greater=[BETTER, WORSE])
    values = [verdict(reproduction, greater=[BETTER | {"id": i}, WORSE | {"id": i}]) for i in IDS]
    assert float(found.ci_low) <= min(float(value.ci_low) for value in values)
    assert found.reproduced_evidence.startswith("least favourable of 4: 0.")
    assert verdict(reproduction, **every, greater=[BETTER, 0.3]).verdict.startswith("supported")
    high = {"every": {"id": ["00", "02"]}}
    value = float(reproduction.distribution(named(BETTER, id="02")).value)
    assert verdict(reproduction, **high, greater=[BETTER, value]).verdict.startswith("inconclusive")


def test_a_side_keeps_what_it_says_itself(reproduction):
    found = verdict(
        reproduction, every={"system": ["better"], "id": ["00"]}, greater=[{"metric": "auc"}, WORSE]
    )
    ours = reproduction.distribution(named(BETTER, id="00")).value
    theirs = reproduction.distribution(named(WORSE, id="00")).value
    assert found.reproduced_evidence == f"{ours:.4f} against {theirs:.4f} (better, 00)"


def named(cell, **fields):
    return Cell(**cell, **fields)


def test_a_list_is_the_best_of_its_numbers_and_says_how_it_was_chosen(reproduction):
    """The best id of the worse system against the mean of the better: chosen, it may win."""
    values = [reproduction.distribution(named(WORSE, id=id)).value for id in IDS]
    on_test, on_half = verdicts(reproduction, greater=[{**WORSE, "id": list(IDS)}, WORSE])
    assert on_test.claim == "c (chosen on the test)"
    assert on_half.claim == "c (chosen on one half of the test, measured on the other)"
    expected = f"{max(values):.4f} against {np.mean(values):.4f}"
    assert on_test.reproduced_evidence.startswith(expected)
    halves = [
        [reproduction.distribution(named(WORSE, id=id), k).value for id in IDS] for k in (0, 1)
    ]
    chosen = halves[1][int(np.argmax(halves[0]))]
    assert on_half.reproduced_evidence.startswith(f"{chosen:.4f} against {np.mean(halves[1]):.4f}")


def test_a_choice_widens_the_interval_by_the_number_of_choices(reproduction):
    best = max(IDS, key=lambda id: reproduction.distribution(named(WORSE, id=id)).value)
    chosen, _ = verdicts(reproduction, greater=[{**WORSE, "id": list(IDS)}, 0.5])
    low, high = interval(reproduction.distribution(named(WORSE, id=best)), 1 - 0.05 / 4)
    assert (chosen.ci_low, chosen.ci_high) == (f"{low - 0.5:.6f}", f"{high - 0.5:.6f}")


def test_a_list_of_systems_is_the_best_of_them(reproduction):
    found, _ = verdicts(reproduction, greater=[{**BETTER, "system": ["worse", "better"]}, 0.5])
    value = reproduction.distribution(named(BETTER)).value
    assert found.reproduced_evidence == f"{value:.4f} against 0.5000"


def test_per_is_the_mean_of_the_best_of_each(reproduction):
    """Of one each: no choice."""
    found = verdict(reproduction, near=[{**WORSE, "per": "id"}, WORSE, 1e-9])
    assert (found.ci_low, found.ci_high) == ("0.000000", "0.000000")


def test_a_difference_of_differences(reproduction):
    gain = {"minus": [BETTER, WORSE]}
    better, worse = (reproduction.distribution(named(side)).value for side in (BETTER, WORSE))
    found = verdict(reproduction, greater=[gain, {"minus": [WORSE, {**WORSE, "system": "same"}]}])
    assert found.reproduced_evidence == f"{better - worse:.4f} against 0.0000"
    assert found.verdict.startswith("supported")
    none = verdict(reproduction, greater=[gain, gain])
    assert float(none.ci_low) == float(none.ci_high) == 0


def test_a_verdict_from_one_seed_is_of_one_training(reproduction, tmp_path):
    assert verdict(reproduction, greater=[BETTER, WORSE]).remark == "one training"
    gains = {"better": 0.9, "worse": 0.6}
    twice = {
        name: [[write_system(tmp_path / f"{name}{seed}", gain)[0][0] for seed in range(2)]]
        for name, gain in gains.items()
    }
    found = verdict(Reproduction(twice, SPEC, 200), greater=[BETTER, WORSE])
    assert (found.verdict, found.remark) == ("supported", "")


@pytest.mark.parametrize(("clips", "expected"), [(10, "inconclusive"), (60, "supported")])
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
    assert found.reproduced_evidence == "1.0000 against 0.9000"
    assert found.verdict.startswith(expected)


class Given(NamedTuple):
    """Numbers of ids with a given difference from 0, in standard errors of one of them."""

    spec: dict
    shifts: dict

    def distribution(self, cell, half=None):
        return Shifted(self.shifts[cell.id])


class Shifted(Distribution):
    """A number of standard error 1 whose clips alone vary."""

    def __init__(self, value):
        super().__init__(value, (), (-np.inf, np.inf))

    def __sub__(self, other):
        return Shifted(self.value - other.value)


@pytest.fixture
def standard_errors(monkeypatch):
    def of(number, coverage=0.95):
        half = norm.ppf((1 + coverage) / 2)
        return number.value - half, number.value + half

    monkeypatch.setattr(claims, "interval", of)


def of_cells(values, kind="greater"):
    """The verdict of a claim over cells with these values."""
    ids = [f"{k:02}" for k in range(len(values))]
    numbers = Given(SPEC, dict(zip(ids, values, strict=True)))
    asked = {"greater": [BETTER, 0.0]} if kind == "greater" else {"near": [BETTER, 0.0, 3.0]}
    claim = {"claim": "c", "every": {"id": ids}, **asked}
    return decide(claim, numbers, numbers)[0].verdict


@pytest.mark.usefixtures("standard_errors")
@pytest.mark.parametrize("cells", [1, 8, 32])
def test_every_claim_errs_as_often_as_it_says(cells):
    """All truly better by one standard error: not contradicted; one worse: not supported."""
    rng = np.random.default_rng(cells)
    found = [of_cells(rng.normal(1.0, 1.0, cells)) for _ in range(300)]
    assert np.mean([one == "contradicted" for one in found]) <= 0.04
    zero = [of_cells([rng.normal(), *rng.normal(9.0, 1.0, cells - 1)]) for _ in range(300)]
    assert np.mean([one == "supported" for one in zero]) <= 0.05
    assert np.mean([one == "contradicted" for one in zero]) <= 0.05


@pytest.mark.usefixtures("standard_errors")
def test_every_claim_is_decided_by_cells_that_are_clear():
    assert of_cells([5.0] * 32) == "supported"
    assert of_cells([5.0] * 31 + [-5.0]) == "contradicted"
    assert of_cells([0.0] * 8, "near") == "supported"
    assert of_cells([0.0, 8.0], "near") == "contradicted"
    assert of_cells([0.0, 3.0], "near") == "inconclusive"


def test_claims_of_supervised_systems_are_marked(reproduction):
    reproduction.spec = {**SPEC, "systems": {"better": {"supervised": True}}}
    assert verdict(reproduction, greater=[BETTER, 0.5]).claim == "c (supervised)"
    assert verdict(reproduction, greater=[WORSE, 0.5]).claim == "c"


def test_what_the_corpus_does_not_hold_is_not_computed(reproduction):
    found = verdict(reproduction, greater=[BETTER, {**WORSE, "machine": "valve"}])
    assert found[2:] == ("", "", "", "not_computed", "")


def row_of(reproduction, comparison, corpus="mimii", budget="full", complete=True):
    """The row of claims.csv of one comparison, by column."""
    spec = {**SPEC, "corpora": {"mimii": "same"}}
    setting = Setting(corpus, budget, complete, spec)
    claims = [{"claim": "c", "published": "p", **comparison}]
    (row,) = decide_all("report", claims, reproduction, PublishedNumbers([], SPEC), setting)
    return dict(zip(CLAIMS, row, strict=True))


def test_rows_bear_report_corpus_and_budget(reproduction):
    row = row_of(reproduction, {"greater": [BETTER, WORSE]})
    assert (row["report"], row["corpus"], row["budget"]) == ("report", "mimii", "full")
    assert row["verdict"] == "supported (one training)"
    assert row["reproduced_evidence"].startswith("0.7")


@pytest.mark.parametrize(
    ("corpus", "budget", "complete"),
    [
        ("simulated", "full", True),
        ("own", "full", True),
        ("dcase2020", "full", True),
        ("mimii", "demo", False),
        # A full budget that somebody cut short.
        ("mimii", "full", False),
        ("simulated", "demo", False),
    ],
)
@pytest.mark.parametrize(
    ("comparison", "found"),
    [
        ({"greater": [BETTER, WORSE]}, "supported"),
        ({"greater": [WORSE, BETTER]}, "contradicted"),
        ({"greater": [WORSE, {**WORSE, "system": "same"}]}, "inconclusive"),
    ],
)
def test_other_recordings_and_shorter_trainings_say_nothing_of_the_report(
    reproduction, comparison, found, corpus, budget, complete
):
    row = row_of(reproduction, comparison, corpus, budget, complete)
    assert (row["corpus"], row["budget"]) == (corpus, budget)
    assert row["verdict"] == f"not_comparable ({found} here, one training)"


@pytest.mark.parametrize("corpus", ["mimii", "simulated"])
def test_never_computed_is_another_word_than_open(reproduction, corpus):
    absent = {"greater": [BETTER, {**WORSE, "machine": "valve"}]}
    assert row_of(reproduction, absent, corpus)["verdict"] == "not_computed"


def printed(*cells, **spec):
    """Numbers of better and worse systems as they are printed: (system, id, number)."""
    found = [
        Cell("t", "r", f"{k}", "fan", "", id, system, "", "auc", number)
        for k, (system, id, number) in enumerate(cells)
    ]
    return PublishedNumbers(found, {**SPEC, **spec})


def published(claim, numbers, reproduction):
    return decide({"claim": "c", **claim}, reproduction, numbers)[0].published_evidence


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
