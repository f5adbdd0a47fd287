"""What the files and the page of the leaderboard say."""

import numpy as np
import pandas as pd
import pytest

from mimii_bench.corpus.base import LABELS, Unit
from mimii_bench.corpus.mimii import SNRS
from mimii_bench.evaluation.scores import write_scores
from mimii_bench.leaderboard import standings, tables
from mimii_bench.leaderboard.standings import Contender
from mimii_bench.splits.manifests import SplitRow
from mimii_bench.util.checksums import seal
from mimii_bench.util.errors import UserError
from mimii_bench.util.records import write_sealed

UNITS = [Unit(machine, snr, "00") for machine in ("fan", "pump", "slider", "valve") for snr in SNRS]


def row(name, lift, clips, seeds, supervised=False, depends=True):
    """A row whose anomalies score higher by `lift`; its seeds differ, or do not."""
    labels = np.repeat(["abnormal", "normal"], clips)
    rng = np.random.default_rng([*name.encode()])
    found = {}
    for unit in UNITS:
        own = rng.normal(size=(seeds, 2 * clips))
        scores = (own if depends else np.tile(own[0], (seeds, 1))) + lift * (labels == "abnormal")
        runs = [
            pd.DataFrame({"clip": range(2 * clips), "label": labels, "score": scores[k], "seed": k})
            for k in range(seeds)
        ]
        found[unit] = pd.concat(runs, ignore_index=True).assign(role="test", **unit._asdict())
    return Contender(name, name, supervised, found)


def field_of(clips=4, seeds=3, noise_rows=6):
    """Three clearly different deterministic rows, rows of chance, and two supervised ones."""
    fixed = [row(f"fixed{lift}", lift, clips, seeds, depends=False) for lift in (2, 5, 9)]
    chance = [row(f"chance{k}", -1.0, clips, seeds) for k in range(noise_rows)]
    supervised = [row(f"taught{lift}", lift, clips, seeds, supervised=True) for lift in (0, 9)]
    return [*fixed, *chance, *supervised]


def page_of(field, left_out=()):
    """The page, without what is read from the files of models."""
    measured = {"auc": standings.measure(field, "auc", 100)}
    ranked = [
        standings.ranked(measured, [one.name for one in rows], UNITS).assign(supervised=supervised)
        for supervised in (False, True)
        if (rows := [one for one in field if one.supervised == supervised])
    ]
    facts = {"corpus": "simulated", "parameters": 1, "learns_from": "normal clips"}
    table = pd.concat(ranked, ignore_index=True).assign(**facts)
    pairs = tables.compared(field, measured["auc"])
    page = tables.page(table, pairs, tables.stability(field), left_out, "Test on some.")
    return page, pairs


@pytest.fixture(scope="module")
def field():
    return field_of()


@pytest.fixture(scope="module")
def page_and_pairs(field):
    return page_of(field, ["pump/6dB/id_00: not in data/mimii/6_dB_pump.zip"])


def test_stability_is_given_for_each_kind_and_without_rows_that_ignore_the_seed(field):
    found = tables.stability(field).set_index(["supervised", "among"])
    assert found["rows"].to_dict() == {
        (False, tables.ALL_ROWS): 9,
        (False, tables.SEEDED_ROWS): 6,
        (True, tables.ALL_ROWS): 2,
        (True, tables.SEEDED_ROWS): 2,
    }
    unsupervised = found["rank_correlation"][False]
    assert unsupervised[tables.ALL_ROWS] > 0.5
    assert unsupervised[tables.SEEDED_ROWS] < 0.5
    assert found["rank_correlation"][True, tables.ALL_ROWS] == pytest.approx(1)


def test_the_page_prints_the_stability_of_each_kind(field, page_and_pairs):
    page, _ = page_and_pairs
    unsupervised, supervised = page.split("## Supervised")
    values = tables.stability(field)["rank_correlation"]
    said = "Rank correlation of the mean ranks between two sets of seeds"
    assert (
        f"{said}: {values[0]:.3f} among all rows (9), "
        f"{values[1]:.3f} among rows that depend on the seed (6)."
    ) in unsupervised
    assert f"{said}: 1.000 among all rows (2)" in supervised


def test_the_page_of_one_seed_says_that_there_is_no_stability():
    page, _ = page_of(field_of(seeds=1))
    assert page.count("that takes two seeds and two rows") == 2


def test_the_page_marks_what_is_surely_below_the_first(page_and_pairs):
    page, pairs = page_and_pairs
    of_kind = pairs[~pairs["supervised"]]
    assert f"Of 36 pairs, {of_kind['real'].sum()} differ in mean AUC" in page
    marked = [line for line in page.splitlines() if "| yes" in line]
    beaten = of_kind[of_kind["real"].eq(True) & (of_kind["better"] == "fixed9")]["worse"]
    unsupervised = [line for line in marked if "taught" not in line]
    assert {line.split("|")[2].strip() for line in unsupervised} == set(beaten) != set()


def test_where_nothing_can_be_judged_cells_are_empty_and_the_page_says_why(tmp_path):
    page, pairs = page_of(field_of(clips=1))
    assert "Which rows differ is not said" in page
    assert "at least 4 normal and 4 abnormal test clips in every unit" in page
    assert "| yes" not in page
    tables.write(pairs, tmp_path / "pairs.csv")
    written = pd.read_csv(tmp_path / "pairs.csv")
    assert written["auc_difference"].notna().all()
    assert written[["ci_low", "ci_high", "p", "p_holm", "real"]].isna().all(axis=None)


def test_one_row_alone_has_no_pairs():
    page, pairs = page_of([row("only", 1.0, 4, 1, supervised=True)])
    assert len(pairs) == 0
    assert "One row has none to be compared with." in page


def test_what_is_left_out_is_named(page_and_pairs):
    page, _ = page_and_pairs
    assert "Left out: pump/6dB/id_00: not in data/mimii/6_dB_pump.zip." in page


def pool_files(folder, units, seeds=2, extra=()):
    """Score files of a whole pool, one folder per seed: test clips, and training ones."""
    rows = [
        SplitRow(f"{label}/{k}", *unit, label, role)
        for unit in units
        for label in LABELS
        for k, role in enumerate(("test", "test", "train"))
    ]
    rng = np.random.default_rng(0)
    folders = [folder / f"seed{seed}" for seed in range(seeds)]
    for place in folders:
        write_scores([*rows, *extra], rng.normal(size=len(rows) + len(extra)), place / "score.csv")
    return [str(place) for place in folders]


def ranked(name, folders, kind="score", model=""):
    return tables.RankedScore(name, name, kind, False, Unit._fields, folders, model)


def test_a_row_has_the_test_clips_of_its_unit_from_files_of_whole_pools(tmp_path):
    units = UNITS[:2]
    together = ranked("together", dict.fromkeys(units, pool_files(tmp_path / "pool", units)))
    apart = ranked("apart", {unit: pool_files(tmp_path / unit.path, [unit]) for unit in units})
    found = tables.contenders([together, apart])
    assert [one.name for one in found] == ["together", "apart", "fusion"]
    for one in found:
        for unit, clips in one.clips.items():
            assert {*clips["role"]} == {"test"}
            assert {*zip(clips["machine"], clips["snr"], clips["id"], strict=True)} == {(*unit,)}
            assert len(clips) == 8


def test_rows_of_other_clips_are_not_compared(tmp_path):
    unit = UNITS[0]
    more = [SplitRow("normal/9", *unit, "normal", "test")]
    one = ranked("one", {unit: pool_files(tmp_path / "one", [unit])})
    other = ranked("other", {unit: pool_files(tmp_path / "other", [unit], extra=more)})
    with pytest.raises(UserError, match=r"^other: fan/-6dB/id_00: other test clips than one has"):
        tables.contenders([one, other])


def test_scores_that_are_not_there_are_named(tmp_path):
    folders = pool_files(tmp_path, UNITS[:1])
    with pytest.raises(UserError, match=r"^ae: no score 'mse', which leaderboard.yaml ranks by"):
        tables.contenders([ranked("ae", {UNITS[0]: folders}, kind="mse")])
    with pytest.raises(UserError, match=r"seed0/score.csv: no test clip of fan/0dB/id_00"):
        tables.contenders([ranked("ae", {UNITS[1]: folders})])


def test_what_a_model_weighs_is_read_where_it_lies(tmp_path):
    folders = pool_files(tmp_path, UNITS[:1])
    (tmp_path / "model.json").write_text('{"parameters": 7}')
    (tmp_path / "model.safetensors").write_bytes(b"123")
    seal(tmp_path)
    row = ranked("ae", {UNITS[0]: folders}, model=str(tmp_path))
    field = tables.contenders([row])
    measured = {"auc": standings.measure(field, "auc", 20)}
    found = tables.standing(field, measured, [row], "simulated").set_index("system")
    assert (found.loc["ae", "parameters"], found.loc["ae", "model_bytes"]) == (7, 3)


def test_times_are_means_over_the_trainings_of_an_entry(tmp_path):
    for seed, seconds in enumerate((1, 3)):
        write_sealed(
            tmp_path / f"{seed}.csv",
            ["pool", "seed", "fit_seconds", "score_seconds"],
            [["fan", seed, seconds, 0.5]],
        )
    (found,) = tables.times({"ae": [tmp_path / "0.csv", tmp_path / "1.csv"], "none": []}).to_dict(
        "records"
    )
    assert found == {"system": "ae", "trainings": 2, "fit_seconds": 2, "score_seconds": 0.5}
