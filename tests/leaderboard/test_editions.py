"""The official score of DCASE on the leaderboard: its columns, its table, what the page says."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from mimii_bench.corpus.base import Unit
from mimii_bench.leaderboard import editions
from mimii_bench.leaderboard.baselines import BASELINES, printed_baselines
from mimii_bench.leaderboard.editions import RankedEdition
from mimii_bench.leaderboard.standings import Contender
from samples import ROOT

UNITS = [Unit("ToyCar", "any", "00"), Unit("fan", "any", "00")]


def row(name, lift, units=UNITS, normal=12, abnormal=6):
    """A row whose anomalies score higher by `lift`."""
    rng = np.random.default_rng([*name.encode()])
    clips = [
        (f"{label}/test_{domain}_{number:04d}", label)
        for domain in ("source", "target")
        for label, count in (("normal", normal), ("abnormal", abnormal))
        for number in range(count)
    ]
    found = {}
    for unit in units:
        table = pd.DataFrame(clips, columns=["clip", "label"])
        scores = rng.normal(size=len(clips)) + lift * (table["label"] == "abnormal")
        found[unit] = table.assign(score=scores, seed=0, role="test", **unit._asdict())
    return Contender(name, name, False, found)


FIELD = [row("deaf", 0.0), row("keen", 2.0)]


def score_of(one):
    """The score of 2023, plainly: the harmonic mean of three areas of each machine."""
    values = []
    for clips in one.clips.values():
        is_normal, is_source = clips["label"] == "normal", clips["clip"].str.contains("source")
        for kept in (is_source | ~is_normal, ~is_source | ~is_normal):
            values.append(roc_auc_score(~is_normal[kept], clips["score"][kept]))
        values.append(roc_auc_score(~is_normal, clips["score"], max_fpr=0.1))
    return len(values) / sum(1 / value for value in values)


@pytest.fixture(scope="module")
def scores():
    return editions.scored(FIELD, RankedEdition(2023, ["fan/any/id_01"]), 50)


def test_every_row_has_its_score_in_the_standing(scores):
    standing = pd.DataFrame({"system": ["keen", "deaf"]})
    found = editions.with_official(standing, scores).set_index("system")
    for one in FIELD:
        number = found.loc[one.name]
        assert number["official"] == pytest.approx(score_of(one), abs=1e-12)
        assert number["official_low"] < number["official"] < number["official_high"]


def test_a_corpus_of_no_edition_has_empty_columns_and_an_empty_table():
    found = editions.with_official(pd.DataFrame({"system": ["keen"]}), None)
    assert found[["official", "official_low", "official_high"]].isna().all(axis=None)
    assert list(editions.by_machine(None).columns) == list(editions.COLUMNS)
    assert editions.by_machine(None).empty
    assert editions.section(None) == []


def test_the_table_has_the_score_and_its_areas_of_each_machine_and_of_all(scores):
    table = editions.by_machine(scores)
    assert len(table) == 2 * 3 * 4
    assert set(table["area"]) == {"official", "auc_source", "auc_target", "pauc"}
    keen = table[(table["system"] == "keen") & (table["area"] == "official")]
    values = dict(zip(keen["machine"], keen["value"], strict=True))
    # Each machine has one section: the whole is the harmonic mean of theirs.
    assert values[""] == pytest.approx(2 / (1 / values["fan"] + 1 / values["ToyCar"]))
    assert dict(zip(keen["machine"], keen["sections"], strict=True)) == {
        **{"": 2, "fan": 1, "ToyCar": 1}
    }


def test_the_page_gives_rows_in_the_order_of_the_score_and_what_is_not_in_it(scores):
    text = "\n".join(editions.section(scores))
    assert "## Official score of DCASE 2023" in text
    assert "Harmonic mean of auc_source, auc_target, pauc of 2 section(s) of 2 machine(s)" in text
    assert text.index("keen") < text.index("deaf")
    assert "1 section(s) of the corpus are not ranked, e.g. fan/any/id_01" in text
    assert "Published" not in text


def test_published_baselines_stand_beside_rows_on_the_same_machines_alone():
    printed = printed_baselines(ROOT / BASELINES, 2023)
    machines = ("ToyDrone", "ToyNscale", "ToyTank", "Vacuum", "bandsaw", "grinder", "shaker")
    units = [Unit(machine, "any", "00") for machine in machines]
    for some, lines in ((units, 2), (units[1:], 0)):
        found = editions.scored([row("keen", 2.0, some)], RankedEdition(2023, [], printed), 10)
        told = [line for line in editions.section(found) if line.startswith("Published")]
        assert len(told) == lines
    assert printed_baselines(ROOT / BASELINES, 2026) == []
    found = editions.scored([row("keen", 2.0, units)], RankedEdition(2023, [], printed), 10)
    (first, _) = [line for line in editions.section(found) if line.startswith("Published")]
    assert "autoencoder, selective Mahalanobis, 0.611 (README of nttcslab/" in first


def test_a_section_with_too_few_clips_takes_the_score_from_all():
    field = [row("keen", 2.0, UNITS[:1], normal=2)]
    found = editions.scored(field, RankedEdition(2023), 10)
    assert (found.of_row, found.lacking) == ({}, ["ToyCar/any/id_00"])
    assert "None: ToyCar/any/id_00 has too few test clips" in "\n".join(editions.section(found))
    standing = editions.with_official(pd.DataFrame({"system": ["keen"]}), found)
    assert standing["official"].isna().all()
