"""From scores to ranks, against few-line references."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm, rankdata
from sklearn.metrics import roc_auc_score

from mimii_bench.corpus.layout import Unit
from mimii_bench.evaluation import average
from mimii_bench.leaderboard import standings
from mimii_bench.leaderboard.standings import Contender

UNITS = [Unit("fan", "0dB", "00"), Unit("fan", "6dB", "00"), Unit("pump", "0dB", "02")]
LABELS = np.array(["normal"] * 12 + ["abnormal"] * 10)


def scored(unit, seeds, lift, rng):
    """Scored clips of one unit: the anomalous ones are higher by `lift`."""
    tables = []
    for seed in range(seeds):
        score = rng.normal(size=LABELS.size) + lift * (LABELS == "abnormal")
        tables.append(
            pd.DataFrame({"clip": np.arange(LABELS.size), "label": LABELS, "score": score})
        )
        tables[-1] = tables[-1].assign(seed=seed, **unit._asdict())
    return pd.concat(tables, ignore_index=True)


def contender(name, lift, seeds=2, supervised=False, entry=""):
    rng = np.random.default_rng(len(name) + int(100 * lift))
    return Contender(
        name, entry or name, supervised, {u: scored(u, seeds, lift, rng) for u in UNITS}
    )


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
    assert found.shape == (3, 401)
    assert found[:, 0] == pytest.approx(expected)
    assert found.sum(axis=0) == pytest.approx(np.full(401, 6))


def test_the_standing_begins_with_the_best(measured):
    table = standings.ranked(measured, NAMES, UNITS)
    assert table["system"].tolist() == ["good", "fair", "poor"]
    assert table["rank"].tolist() == [1, 2, 3]
    assert (table["auc_low"] <= table["auc"]).all()
    assert (table["auc"] <= table["auc_high"]).all()
    assert set(table["seeds"]) == {2}
    assert set(table["units"]) == {3}


def test_differences_pair_replicates_and_name_the_better_one_first(measured):
    found = {(d.better, d.worse): d for d in standings.differences(measured["auc"], NAMES, UNITS)}
    assert set(found) == {("good", "fair"), ("good", "poor"), ("fair", "poor")}
    means = {n: average([measured["auc"][n, u] for u in UNITS]) for n in NAMES}
    gap = means["good"].replicates - means["poor"].replicates
    one = found["good", "poor"]
    assert one.auc_difference == pytest.approx(means["good"].value - means["poor"].value)
    assert (one.ci_low, one.ci_high) == pytest.approx(np.quantile(gap, [0.025, 0.975]))
    assert one.p == pytest.approx(2 * norm.sf(one.auc_difference / gap.std(ddof=1)))
    assert one.p_holm < standings.LEVEL


def test_holm_multiplies_the_smallest_p_by_the_number_of_pairs():
    assert standings._holm([0.04, 0.01, 0.03]) == pytest.approx([0.06, 0.03, 0.06])
    assert standings._holm([0.5, 0.9]) == pytest.approx([1, 1])


def test_a_row_does_not_differ_from_itself():
    twins = [contender("same", 1.0), contender("same", 1.0)._replace(name="copy")]
    found = standings.measure(twins, "auc", 100)
    (one,) = standings.differences(found, ["same", "copy"], UNITS)
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
    assert table["pauc_topk"].isna().all()
    assert table["pauc_mcclish"].notna().all()


def test_the_fusion_looks_at_no_label(field):
    unit = UNITS[0]
    blind = [one._replace(clips={unit: one.clips[unit].assign(label="?")}) for one in field]
    with_labels = standings.fuse("f", [o._replace(clips={unit: o.clips[unit]}) for o in field])
    assert standings.fuse("f", blind).clips[unit]["score"].equals(with_labels.clips[unit]["score"])


def test_an_order_that_seeds_do_not_change_is_stable(field):
    assert standings.stability(field) == pytest.approx(1)


def test_an_order_of_chance_is_not():
    many = [contender(f"{'x' * k}", 0.0, seeds=4) for k in range(1, 30)]
    assert abs(standings.stability(many)) < 0.5


def test_one_seed_has_no_halves():
    assert np.isnan(standings.stability([contender("one", 0.0, seeds=1)] * 2))
