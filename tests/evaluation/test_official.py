"""Official scores of DCASE's editions against a plain evaluator, and against printed totals."""

import csv

import numpy as np
import pandas as pd
import pytest
from scipy.stats import hmean
from sklearn.metrics import roc_auc_score

from mimii_bench.evaluation.intervals import certain, estimate
from mimii_bench.evaluation.official import EDITIONS, measure_areas, official_score
from samples import ROOT

MACHINES = {"fan": ("00", "01", "02"), "ToyCar": ("00", "01")}


def clips_of(machine, section, edition, seeds=1, normal=14, abnormal=9):
    """Random scores with many ties, of domains of unequal size."""
    rng = np.random.default_rng([edition, *machine.encode(), *section.encode()])
    names, labels = [], []
    for domain, more in (("source", 4), ("target", 0)) if edition > 2020 else (("", 0),):
        part = f"test_{domain}_" if domain else "test_"
        for label, count in (("normal", normal + more), ("abnormal", abnormal + more)):
            names += [f"{label}/{part}{number:04d}" for number in range(count)]
            labels += [label] * count
    runs = [
        pd.DataFrame({"clip": names, "label": labels, "seed": seed}).assign(
            score=np.round(rng.normal(size=len(names)) * 2 + (np.array(labels) == "abnormal"))
        )
        for seed in range(seeds)
    ]
    table = pd.concat(runs, ignore_index=True)
    return table.assign(machine=machine, snr="any", id=section, role="test")


def plainly(tables, edition):
    """Return the score of an edition as its definition says it, in the words of scikit-learn."""

    def auc(clips, **options):
        return roc_auc_score(clips["label"] == "abnormal", clips["score"], **options)

    of_machine = {}
    for (machine, _), clips in tables.items():
        anomalies = clips[clips["label"] == "abnormal"]
        found = of_machine.setdefault(machine, [])
        if edition == 2020:
            found.append((auc(clips), auc(clips, max_fpr=0.1)))
            continue
        for domain in ("source", "target"):
            inside = clips[clips["clip"].str.contains(f"_{domain}_")]
            if edition == 2021:
                found += [auc(inside), auc(inside, max_fpr=0.1)]
            else:
                normals = inside[inside["label"] == "normal"]
                found.append(auc(pd.concat([normals, anomalies])))
        if edition > 2021:
            found.append(auc(clips, max_fpr=0.1))
    if edition == 2020:
        return np.mean([np.mean(found) for found in of_machine.values()])
    return hmean([value for found in of_machine.values() for value in found])


def scored(tables, edition, replicates=20):
    areas = {
        section: measure_areas(clips, edition, replicates, section)
        for section, clips in tables.items()
    }
    return official_score(areas, edition)


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_score_is_that_of_a_plain_evaluator(edition):
    tables = {
        (machine, section): clips_of(machine, section, edition)
        for machine, sections in MACHINES.items()
        for section in sections
    }
    found = scored(tables, edition)
    assert found.value.value == pytest.approx(plainly(tables, edition), abs=1e-12)
    for machine in MACHINES:
        own = {key: clips for key, clips in tables.items() if key[0] == machine}
        assert found.machines[machine].value == pytest.approx(plainly(own, edition), abs=1e-12)


@pytest.mark.parametrize("edition", EDITIONS)
def test_an_interval_lies_around_the_score_and_seeds_are_counted(edition):
    one = estimate(scored({("fan", "00"): clips_of("fan", "00", edition)}, edition, 200).value)
    assert one.low < one.value < one.high < one.low + 0.5
    three = scored({("fan", "00"): clips_of("fan", "00", edition, seeds=3)}, edition, 200)
    assert estimate(three.value).seeds == 3


def test_domains_are_drawn_apart():
    """The normals of one domain are not those of the other: their areas vary apart."""
    clips = clips_of("fan", "00", 2022, normal=46, abnormal=5)
    # Anomalies above everything but a few: what resamples move is the normals.
    clips["score"] = np.where(clips["label"] == "abnormal", 1.0, clips["score"])
    areas = measure_areas(clips, 2022, 2000, None)
    source, target = (
        areas[f"auc_{domain}"].terms[0][1].replicates for domain in ("source", "target")
    )
    assert abs(np.corrcoef(source, target)[0, 1]) < 0.1


def test_a_section_without_a_domain_or_with_few_normals_has_no_score():
    clips = clips_of("fan", "00", 2022)
    of_source = clips[clips["clip"].str.contains("source")]
    assert measure_areas(of_source, 2022, 10, None) == {}
    few = clips_of("fan", "00", 2022, normal=2)
    assert measure_areas(few, 2022, 10, None) == {}


def printed():
    """Return the organisers' baselines of which an official score is printed."""
    with (ROOT / "leaderboard/dcase_baselines.csv").open() as file:
        rows = list(csv.DictReader(file))
    found = {}
    for row in rows:
        key = int(row["edition"]), row["system"]
        found.setdefault(key, {})[row["machine"], row["area"]] = float(row["published"])
    return {key: areas for key, areas in found.items() if ("", "official") in areas}


PRINTED = printed()


@pytest.mark.parametrize("key", PRINTED, ids=str)
def test_the_areas_of_a_baseline_make_the_numbers_that_its_evaluator_prints(key):
    sections = {}
    for (machine, area), value in PRINTED[key].items():
        if machine:
            sections.setdefault((machine, "00"), {})[area] = certain(value)
    score = official_score(sections, key[0])
    assert score.value.value == pytest.approx(PRINTED[key]["", "official"], abs=1e-12)
    for area in EDITIONS[key[0]].areas:
        total = score.areas[""][area.name].value
        assert total == pytest.approx(PRINTED[key]["", area.name], abs=1e-12)


def test_two_baselines_of_each_edition_since_2023_have_a_printed_score():
    assert sorted(year for year, _ in PRINTED) == [2023, 2023, 2024, 2024, 2025, 2025]


def test_machines_count_alike_in_2020_however_many_ids_they_have():
    def areas(value):
        return {"auc": certain(value), "pauc": certain(value - 0.2)}

    sections = {("fan", "00"): areas(0.9), ("fan", "02"): areas(0.9), ("ToyCar", "01"): areas(0.6)}
    score = official_score(sections, 2020)
    assert score.machines["fan"].value == pytest.approx(0.8)
    assert score.value.value == pytest.approx(0.65)
    assert score.areas[""]["auc"].value == pytest.approx(0.75)
    assert score.areas["ToyCar"]["pauc"].value == pytest.approx(0.4)


def test_a_mean_over_areas_of_sections_is_none_of_means_of_machines_since_2021():
    def areas(value):
        return {area.name: certain(value) for area in EDITIONS[2021].areas}

    sections = {("fan", "00"): areas(0.8), ("fan", "01"): areas(0.8), ("pump", "00"): areas(0.4)}
    score = official_score(sections, 2021)
    assert score.value.value == pytest.approx(3 / (2 / 0.8 + 1 / 0.4))
    assert score.areas[""]["pauc_target"].value == pytest.approx(3 / (2 / 0.8 + 1 / 0.4))


#: By section: what scores of the target domain, and of abnormal clips, are higher by.
SHIFTS = {"00": (0.5, 1.0), "01": (1.0, 1.5), "02": (0.0, 0.5)}


def drawn(rng, count, edition):
    """The score of a system on `count` clips of each label and domain of three sections."""
    sections = {}
    for section, (target, effect) in SHIFTS.items():
        parts = [
            (f"{label}/test_{domain}_{number:04d}", label, shift + worse)
            for domain, shift in (("source", 0.0), ("target", target))
            for label, worse in (("normal", 0.0), ("abnormal", effect))
            for number in range(count)
        ]
        table = pd.DataFrame(parts, columns=["clip", "label", "score"])
        table["score"] += rng.normal(size=len(table))
        table = table.assign(machine="fan", id=section, role="test", seed=0)
        sections["fan", section] = measure_areas(table, edition, 200, "all")
    return official_score(sections, edition).value


@pytest.mark.whole
@pytest.mark.parametrize("edition", [2020, 2021, 2023])
def test_the_interval_of_the_score_holds_its_level(edition):
    rng = np.random.default_rng(edition)
    truth = np.mean([drawn(rng, 10_000, edition).value for _ in range(2)])
    found = [estimate(drawn(rng, 50, edition)) for _ in range(200)]
    covered = np.mean([one.low <= truth <= one.high for one in found])
    assert covered > 0.91
