"""Back ends on pooled log-mel statistics of every real fan clip.

    .venv/bin/python benchmarks/real_fan_back_ends.py [../shared/data/fan_features]

The vector of a clip is the time mean of 64 bands, and once more mean and deviation (128 numbers),
standardised by the training clips, as `PooledFeatures` does it. Prints the tables of
docs/real-fans.md on back ends; one minute and a half on one core.
"""

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import get_args

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np

from mimii_bench.corpus.base import Unit
from mimii_bench.evaluation import intervals
from mimii_bench.systems.backends.named import BackEndOptions, Name, make_back_ends
from mimii_bench.systems.pooling import vector_moments
from real_fans import cell, distribution, head, print_tables, published, read_vectors, units

SEED = 0


def vectors(folder: Path, unit: Unit, statistics: tuple[str, ...]) -> tuple[np.ndarray, ...]:
    """Return standardised training and test vectors (clip, number) and the labels (clip,)."""
    found = [read_vectors(folder, unit, statistic) for statistic in statistics]
    training, test = (
        np.hstack([getattr(one, part) for one in found]) for part in ("training", "test")
    )
    mean, deviation = vector_moments(training)
    return (training - mean) / deviation, (test - mean) / deviation, found[0].labels


@cache
def detect(
    folder: Path, unit: Unit, statistics: tuple[str, ...]
) -> dict[str, intervals.Distribution]:
    """Return every back end's AUC on a unit, with the options that it has by default."""
    training, test, labels = vectors(folder, unit, statistics)
    back_ends = make_back_ends(BackEndOptions(back_ends=list(get_args(Name))), SEED)
    scores = {name: back_end.fit(training).score(test) for name, back_end in back_ends.items()}
    return {name: distribution(labels, found, unit) for name, found in scores.items()}


def averages(
    folder: Path, chosen: list[Unit], statistics: tuple[str, ...]
) -> dict[str, intervals.Distribution]:
    """Return every back end's mean AUC over units."""
    by_unit = [detect(folder, unit, statistics) for unit in chosen]
    return {name: intervals.average([one[name] for one in by_unit]) for name in by_unit[0]}


def unit_row(folder: Path, unit: Unit) -> dict[str, str]:
    """Return a unit's row: every back end on mean and deviation."""
    found = detect(folder, unit, ("mean", "std"))
    return head(unit) | {name: cell(one) for name, one in found.items()}


def units_table(folder: Path) -> Iterator[dict[str, str]]:
    """Yield a row for each unit."""
    yield from (unit_row(folder, unit) for unit in units())


def means_table(folder: Path) -> Iterator[dict[str, str]]:
    """Yield a row for each back end: its mean AUC on either vector, and how far it is from knn."""
    vectors_of = {"mean": ("mean",), "mean and std": ("mean", "std")}
    sets = {"the 10 published": list(published()), "all 12": units()}
    found = {
        (vector, name): averages(folder, chosen, statistics)
        for vector, statistics in vectors_of.items()
        for name, chosen in sets.items()
    }
    for back_end in get_args(Name):
        row = {"back end": back_end}
        for (vector, name), means in found.items():
            row[f"{vector}, {name}"] = cell(means[back_end])
            if name == "all 12":
                less = cell(means[back_end] - means["knn"]) if back_end != "knn" else ""
                row[f"{vector}, less knn"] = less
        yield row


if __name__ == "__main__":
    print_tables({"means": means_table, "units": units_table}, __doc__.splitlines()[0])
