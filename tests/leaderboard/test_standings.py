"""From scores to ranks, against few-line references."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm, rankdata, spearmanr
from sklearn.metrics import roc_auc_score

from mimii_bench.corpus.base import Unit
from mimii_bench.corpus.mimii import SNRS
from mimii_bench.evaluation.intervals import average, interval, p_value
from mimii_bench.leaderboard import standings
from mimii_bench.leaderboard.standings import Contender

UNITS = [Unit("fan", "0dB", "00"), Unit("fan", "6dB", "00"), Unit("pump", "0dB", "02")]
LABELS = np.array(["normal"] * 12 + ["abnormal"] * 10)


def scored(unit, seeds, lift, rng, labels=LABELS):
    """Scored clips of one unit: the anomalous ones are higher by `lift`."""
    tables = []
    for seed in range(seeds):
        score = rng.normal(size=labels.size) + lift * (labels == "abnormal")
        table = pd.DataFrame({"clip": np.arange(labels.size), "label": labels, "score": score})
        tables.append(table.assign(seed=seed, role="test", **unit._asdict()))
    return pd.concat(tables, ignore_index=True)


def contender(name, lift, seeds=2, supervised=False, entry=""):
    rng = np.random.default_rng(len(name) + int(100 * lift))
    return Contender(
        name, entry or name, supervised, {u: scored(u, seeds, lift, rng) for u in UNITS}
    )


def ignoring_seeds(contender):
    """The row of a system whose trainings are all the same."""
    clips = {
        unit: clips.assign(score=clips.groupby("clip")["score"].transform("first"))
        for unit, clips in contender.clips.items()
    }
    return contender._replace(clips=clips)


def of_seed(contender, unit, seed):
    clips = contender.clips[unit]
    return clips[clips["seed"] == seed]


@pytest.fixture(scope="module")
def field():
    return [contender("poor", 0.0), contender("fair", 1.0), contender("good", 2.5)]


@pytest.fixture(scope="module")
def measured(field):
    return {metric: standings.measure(field, metric, 400) for metric in standings.METRICS}


NAMES = ["poor", "fair", "good"]


def test_a_value_is_the_mean_over_seeds_of_the_metric(field, measured):
    for one in field:
        for unit, clips in one.clips.items():
            expected = [
                roc_auc_score(run["label"] == "abnormal", run["score"])
                for _, run in clips.groupby("seed")
            ]
            assert measured["auc"][one.name, unit].value == pytest.approx(np.mean(expected))


def test_mean_ranks_are_ranks_on_each_unit_averaged(measured):
    aucs = [[measured["auc"][name, unit].value for unit in UNITS] for name in NAMES]
    expected = np.mean([rankdata(-np.array(column)) for column in zip(*aucs, strict=True)], axis=0)
    found = standings.mean_ranks(measured["auc"], NAMES, UNITS)
    assert [rank.value for rank in found] == pytest.approx(expected)
    assert all(1 <= rank.low <= rank.value <= rank.high <= 3 for rank in found)


def spread_out(rng, rows=8, clips=4, seeds=3):
    """Rows of AUC .66 to .96 on twelve units; training again moves an AUC by .02."""
    aucs = np.linspace(0.66, 0.96, rows)
    shifts = np.sqrt(2) * norm.ppf(aucs)
    slopes = norm.pdf(shifts / np.sqrt(2)) / np.sqrt(2)
    labels = np.repeat(["normal", "abnormal"], clips)
    found = []
    common = {unit: rng.normal(size=2 * clips) for unit in TWELVE}
    for row, (shift, slope) in enumerate(zip(shifts, slopes, strict=True)):
        of_units = {}
        for unit in TWELVE:
            table = scored(unit, seeds, 0.0, rng, labels)
            lifts = np.repeat(rng.normal(shift, 0.02 / slope, seeds), 2 * clips)
            score = np.sqrt(0.3) * table["score"] + np.sqrt(0.7) * np.tile(common[unit], seeds)
            of_units[unit] = table.assign(score=score + lifts * (table["label"] == "abnormal"))
        found.append(Contender(f"row{row}", f"row{row}", False, of_units))
    return found


@pytest.mark.whole
def test_mean_ranks_of_few_clips_are_where_their_intervals_say():
    """The expected one, and that of the rows' true AUCs; more in docs/statistics.md."""
    rng = np.random.default_rng(0)
    names = [f"row{row}" for row in range(8)]
    found = [
        standings.mean_ranks(standings.measure(spread_out(rng), "auc", 100), names, TWELVE)
        for _ in range(20)
    ]
    values = np.array([[rank.value for rank in ranks] for ranks in found])
    for truth in (values.mean(axis=0), np.arange(8, 0, -1)):
        held = [
            [rank.low <= true <= rank.high for rank, true in zip(ranks, truth, strict=True)]
            for ranks in found
        ]
        assert np.mean(held, axis=0).min() >= 0.8
        assert np.mean(held) >= 0.9


def test_the_standing_begins_with_the_best(measured):
    table = standings.ranked(measured, NAMES, UNITS)
    assert table["system"].tolist() == ["good", "fair", "poor"]
    assert table["rank"].tolist() == [1, 2, 3]
    assert (table["auc_low"] <= table["auc"]).all()
    assert (table["auc"] <= table["auc_high"]).all()
    assert set(table["seeds"]) == {2}
    assert set(table["units"]) == {3}


def test_differences_are_those_of_claims_and_name_the_better_one_first(measured):
    ((*pairs,),) = standings.differences(measured["auc"], [NAMES], UNITS)
    found = {(d.better, d.worse): d for d in pairs}
    assert set(found) == {("good", "fair"), ("good", "poor"), ("fair", "poor")}
    means = {n: average([measured["auc"][n, u] for u in UNITS]) for n in NAMES}
    gap = means["good"] - means["poor"]
    one = found["good", "poor"]
    assert one.auc_difference == pytest.approx(gap.value)
    assert (one.ci_low, one.ci_high) == interval(gap)
    assert one.p == p_value(gap)
    assert one.p_holm == pytest.approx(3 * one.p)


def test_pairs_of_all_families_count_together(measured):
    one, other = standings.differences(measured["auc"], [NAMES[:2], NAMES[1:]], UNITS)
    alone = standings.differences(measured["auc"], [NAMES[1:]], UNITS)[0][0]
    assert alone.p_holm == alone.p == other[0].p
    pairs = [*one, *other]
    together = standings._holm([pair.p for pair in pairs])
    assert [pair.p_holm for pair in pairs] == pytest.approx(together)


def field_of(rows, units, clips, seeds=1, lifts=None, common=0.8):
    """Rows whose scores share what a clip is like, and, unless `lifts` differ, are equally good."""
    rng = np.random.default_rng(7)
    labels = np.repeat(["abnormal", "normal"], clips)
    shared = {unit: scored(unit, seeds, 0.0, rng, labels)["score"] for unit in units}
    found = []
    for row, lift in enumerate(lifts or [1.0] * rows):
        own = {unit: scored(unit, seeds, lift, rng, labels) for unit in units}
        mixed = {u: c.assign(score=c["score"] + common * shared[u]) for u, c in own.items()}
        found.append(Contender(f"row{row}", f"row{row}", False, mixed))
    return found


TWELVE = [Unit(m, s, "00") for m in ("fan", "pump", "slider", "valve") for s in SNRS]


def judged(field, replicates=200):
    units, names = list(field[0].clips), [one.name for one in field]
    measured = standings.measure(field, "auc", replicates)
    (found,) = standings.differences(measured, [names], units)
    return found


@pytest.mark.parametrize("clips", [1, 3])
def test_with_a_few_clips_nothing_is_judged(clips):
    for one in judged(field_of(4, TWELVE, clips, lifts=[0.0, 1.0, 3.0, 9.0])):
        assert one.auc_difference >= 0
        assert np.isnan([one.ci_low, one.ci_high, one.p, one.p_holm]).all()


@pytest.mark.parametrize("seeds", [1, 3])
def test_of_equally_good_rows_none_differs(seeds):
    assert not [one for one in judged(field_of(18, TWELVE, 4, seeds)) if one.p_holm < 0.05]


def test_on_four_clips_a_clear_difference_is_found():
    found = judged(field_of(18, TWELVE, 4, 3, lifts=[0.0] * 9 + [4.5] * 9))
    real = [one for one in found if one.p_holm < 0.05]
    assert len(real) > 0.9 * 81
    assert {int(one.better[3:]) // 9 for one in real} == {1}


def test_what_no_resample_moves_is_judged_by_what_its_clips_allow():
    """One row is always right and the other always wrong, on four clips of twelve units."""
    (one,) = judged(field_of(2, TWELVE, 4, lifts=[-99.0, 99.0]))
    assert one.auc_difference == 1
    assert one.p < 1e-3
    assert one.ci_low < 1


def test_a_pair_that_is_not_judged_counts_in_the_adjustment():
    assert standings._holm([0.04, np.nan, 0.01]) == pytest.approx([0.08, np.nan, 0.03], nan_ok=True)


def test_holm_multiplies_the_smallest_p_by_the_number_of_pairs():
    assert standings._holm([0.04, 0.01, 0.03]) == pytest.approx([0.06, 0.03, 0.06])
    assert standings._holm([0.5, 0.9]) == pytest.approx([1, 1])


def test_a_row_does_not_differ_from_itself():
    twins = [contender("same", 1.0), contender("same", 1.0)._replace(name="copy")]
    found = standings.measure(twins, "auc", 100)
    ((one,),) = standings.differences(found, [["same", "copy"]], UNITS)
    assert (one.auc_difference, one.p_holm) == (0, 1)


def test_the_fusion_is_the_mean_of_ranks_of_all_rows(field):
    fused = standings.fuse("fusion", field)
    for unit in UNITS:
        for seed in (0, 1):
            runs = [of_seed(one, unit, seed)["score"] for one in field]
            expected = np.mean([rankdata(run) / len(run) for run in runs], axis=0)
            found = of_seed(fused, unit, seed)
            assert found["score"].to_numpy() == pytest.approx(expected)
            assert found["label"].tolist() == LABELS.tolist()


def test_an_entry_of_two_rows_counts_once(field):
    unit, (poor, fair, _) = UNITS[0], field
    twice = [poor, fair, contender("other", 0.3, entry="fair")]
    fused = of_seed(standings.fuse("fusion", twice), unit, 0)["score"]
    ranks = [rankdata(of_seed(one, unit, 0)["score"]) / LABELS.size for one in twice]
    assert fused.to_numpy() == pytest.approx(ranks[0] / 2 + (ranks[1] + ranks[2]) / 4)


def test_what_too_few_normal_clips_do_not_allow_is_left_empty(field):
    few = [
        one._replace(clips={u: c[c["clip"] >= 8] for u, c in one.clips.items()}) for one in field
    ]
    assert standings.measurable(field[0]) == list(standings.METRICS)
    found = {m: standings.measure(few, m, 50) for m in standings.measurable(few[0])}
    table = standings.ranked(found, NAMES, UNITS)
    assert table[["pauc_topk", "pauc_trapz", "pauc_mcclish"]].isna().all(axis=None)
    assert table["auc"].notna().all()


def test_the_fusion_looks_at_no_label(field):
    unit = UNITS[0]
    blind = [one._replace(clips={unit: one.clips[unit].assign(label="?")}) for one in field]
    with_labels = standings.fuse("f", [o._replace(clips={unit: o.clips[unit]}) for o in field])
    assert standings.fuse("f", blind).clips[unit]["score"].equals(with_labels.clips[unit]["score"])


def test_an_order_that_seeds_do_not_change_is_stable(field):
    assert standings.stability(field) == pytest.approx(1)


def test_stability_is_of_mean_ranks():
    many = [contender(f"{'x' * k}", 0.1 * k, seeds=3) for k in range(1, 9)]
    sets = []
    for seeds in ([0], [1, 2]):
        aucs = [
            [
                np.mean([roc_auc_score(r["label"] == "abnormal", r["score"]) for r in runs])
                for u in UNITS
                if (runs := [of_seed(one, u, seed) for seed in seeds])
            ]
            for one in many
        ]
        sets.append(rankdata(-np.array(aucs), axis=0).mean(axis=1))
    assert standings.stability(many) == pytest.approx(spearmanr(*sets).statistic)


def test_an_order_of_chance_is_not():
    many = [contender(f"{'x' * k}", 0.0, seeds=4) for k in range(1, 30)]
    assert abs(standings.stability(many)) < 0.5


def test_one_seed_has_no_halves():
    assert np.isnan(standings.stability([contender("one", 0.0, seeds=1)] * 2))


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_no_row_one_row_and_equal_rows_have_no_order(rows):
    assert np.isnan(standings.stability([contender("one", 0.0)] * rows))


def test_what_depends_on_the_seed_is_seen_in_the_scores(field):
    assert all(map(standings.depends_on_seed, field))
    assert not standings.depends_on_seed(ignoring_seeds(field[0]))
    once = field[0]._replace(clips={UNITS[0]: of_seed(field[0], UNITS[0], 0)})
    assert not standings.depends_on_seed(once)
