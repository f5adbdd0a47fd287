"""Classical detectors on every real fan clip beside the published autoencoder, and why they differ.

    .venv/bin/python benchmarks/real_fans.py [../shared/data/fan_features] [--only results]

The folder holds time mean and deviation of 64 log-mel bands (of the mean of the channels) of all
16,650 clips, one table per unit. Prints the tables of docs/real-fans.md on results, pooling and
artefacts; 20 s on one core.
"""

import argparse
import os
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import product
from pathlib import Path
from typing import NamedTuple

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
import pandas as pd

from mimii_bench.corpus.base import Clip, Unit
from mimii_bench.corpus.mimii import IDS
from mimii_bench.evaluation import intervals, metrics
from mimii_bench.evaluation.resampling import measure_group
from mimii_bench.splits.base import make_split
from mimii_bench.systems.classical import (
    GaussianMixture,
    IsolationForest,
    NearestNeighbours,
    OneClassSvm,
)
from mimii_bench.util.seeds import generator

ROOT = Path(__file__).resolve().parents[1]
#: Easiest first.
SNRS = ("6dB", "0dB", "-6dB")
REPLICATES = 1000
#: The table's logarithms are to base 10.
DECIBELS = 10
#: From 0 to -6 dB a band of noise alone rises by 6 dB; one that rises by this much is 96 % noise at
#: -6 dB: (m + 4 n) / (m + n) = 10 ** .55.
NOISE_STEP = 5.5
#: Of the linear model that stands for the autoencoder: the width of its narrowest layer.
RANK = 8


class Vectors(NamedTuple):
    """Means over time, or deviations, in dB, each (clip, band); labels are true for abnormal."""

    training: np.ndarray
    test: np.ndarray
    labels: np.ndarray


def table_path(folder: Path, unit: Unit) -> Path:
    """Return where a unit's table is."""
    return folder / f"{unit.snr}_id_{unit.id}.csv.gz"


@cache
def read_table(folder: Path, unit: Unit) -> pd.DataFrame:
    """Return a unit's table by the names of the clips, `normal/00000000`."""
    table = pd.read_csv(table_path(folder, unit))
    names = table["label"] + "/" + table.pop("clip").str.removesuffix(".wav")
    return table.set_index(names).sort_index()


def read_vectors(folder: Path, unit: Unit, statistic: str = "mean") -> Vectors:
    """Return the `mean` or `std` of the bands under the split of the MIMII baseline."""
    table = read_table(folder, unit)
    clips = [Clip(name, unit.id, label, "", "") for name, label in table["label"].items()]
    rows = make_split({unit: clips}, "matched_test")
    bands = table.filter(regex=f"^{statistic}_") * DECIBELS
    parts = [[row for row in rows if row.role == role] for role in ("train", "test")]
    vectors = (bands.loc[[row.clip for row in part]].to_numpy() for part in parts)
    return Vectors(*vectors, np.array([row.label == "abnormal" for row in parts[1]]))


# Detectors: from training clips and others, (clip, band), to the others' scores (clip,).


def level(training: np.ndarray, test: np.ndarray) -> np.ndarray:
    """Score by one number: how far the mean over all bands is from the training clips' mean."""
    return np.abs(test.mean(axis=1) - training.mean())


def through(system_class: type) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """Return the detector that is a classical system with its default options."""
    return lambda training, test: system_class().fit_vectors(training).score_vectors(test)


neighbours = through(NearestNeighbours)


def off_centre(training: np.ndarray, test: np.ndarray) -> np.ndarray:
    """Score by the mean squared distance from the mean spectrum."""
    return np.square(test - training.mean(axis=0)).mean(axis=1)


def off_subspace(training: np.ndarray, test: np.ndarray) -> np.ndarray:
    """Score by the mean squared error of the best linear reconstruction of rank `RANK`."""
    _, axes = np.linalg.eigh(np.cov(training.T))
    basis = axes[:, -RANK:]
    centred = test - training.mean(axis=0)
    return np.square(centred - centred @ basis @ basis.T).mean(axis=1)


DETECTORS = {
    "level alone": level,
    "3 nearest neighbours": neighbours,
    "Gaussian mixture": through(GaussianMixture),
    "Isolation Forest": through(IsolationForest),
    "one-class SVM": through(OneClassSvm),
}


# Measures and cells.


def auc(labels: np.ndarray, scores: np.ndarray) -> float:
    """Return the AUC of all clips."""
    return metrics.auc(metrics.Sample(labels, scores)).item()


def distribution(labels: np.ndarray, scores: np.ndarray, unit: Unit) -> intervals.Distribution:
    """Return the AUC with bootstrap replicates, which draw the same clips for every detector."""
    names = np.where(labels, "abnormal", "normal")
    clip = {"machine": unit.machine, "id": unit.id, "label": names, "role": "test", "seed": 0}
    table = pd.DataFrame({**clip, "score": scores})
    return intervals.of_group(measure_group(table, "auc", REPLICATES, unit.path))


def cell(found: intervals.Distribution) -> str:
    """Return a value and its interval as text."""
    number = intervals.estimate(found)
    return f"{number.value:.3f} [{number.low:.3f}, {number.high:.3f}]"


@cache
def published() -> dict[Unit, float]:
    """Return the AUC of the autoencoder's readme, of the fans for which it prints one."""
    table = pd.read_csv(ROOT / "reports/mimii_baseline/published.csv", dtype={"id": str})
    chosen = table[(table["table"] == "readme") & (table["machine"] == "fan")]
    printed = chosen.dropna(subset="published").itertuples(index=False)
    return {Unit("fan", row.snr, row.id): row.published for row in printed}


def units() -> list[Unit]:
    """Return all units of the fans, id by id."""
    return [Unit("fan", snr, id) for id, snr in product(IDS, SNRS)]


def head(unit: Unit) -> dict[str, str]:
    """Return the first cells of a unit's row."""
    known = published().get(unit)
    return {"fan": f"{unit.id}, {unit.snr}", "published AE": f"{known:.3f}" if known else ""}


# Results.


@cache
def detect(folder: Path, unit: Unit) -> dict[str, intervals.Distribution]:
    """Return every detector's AUC on a unit."""
    means, deviations = (read_vectors(folder, unit, kind) for kind in ("mean", "std"))
    both = [np.hstack(pair) for pair in zip(means[:2], deviations[:2], strict=True)]
    scores = {name: detector(*means[:2]) for name, detector in DETECTORS.items()}
    scores["neighbours, mean and std"] = neighbours(*both)
    return {name: distribution(means.labels, found, unit) for name, found in scores.items()}


def result_row(folder: Path, unit: Unit) -> dict[str, str]:
    """Return a unit's row of the results."""
    return head(unit) | {name: cell(found) for name, found in detect(folder, unit).items()}


def results(folder: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of the results; the last is the mean over units that have a published AUC."""
    yield from (result_row(folder, unit) for unit in units())
    by_unit = [detect(folder, unit) for unit in published()]
    means = {name: intervals.average([one[name] for one in by_unit]) for name in by_unit[0]}
    mean = np.mean(list(published().values()))
    first = {"fan": f"mean of the {len(by_unit)} published", "published AE": f"{mean:.3f}"}
    yield first | {name: cell(found) for name, found in means.items()}


# How much is the pooling? A clip's mean squared error over its frames is that of its mean frame
# plus its variance over time: so the table tells what a frame by frame score would be.


def pooling(folder: Path) -> Iterator[dict[str, str]]:
    """Yield the rows that lead from errors of frames to distances of neighbours."""
    for unit in units():
        means, deviations = (read_vectors(folder, unit, kind) for kind in ("mean", "std"))
        training, test, labels = means
        variance = np.square(deviations.test).mean(axis=1)
        scaled = [(part - training.mean(axis=0)) / training.std(axis=0) for part in means[:2]]
        steps = {
            "rank 0, frames": off_centre(training, test) + variance,
            "rank 0, pooled": off_centre(training, test),
            "rank 8, frames": off_subspace(training, test) + variance,
            "rank 8, pooled": off_subspace(training, test),
            "rank 0, pooled, standardised": off_centre(*scaled),
            "rank 8, pooled, standardised": off_subspace(*scaled),
            "neighbours": neighbours(training, test),
        }
        yield head(unit) | {name: f"{auc(labels, found):.3f}" for name, found in steps.items()}


# Is it an artefact?


def redrawn(normal: np.ndarray, abnormal: np.ndarray, draws: int = 20) -> str:
    """Return mean and deviation of the neighbours' AUC over random draws of the tested normals."""
    tested, found = len(abnormal), []
    labels = np.repeat([False, True], tested)
    for draw in range(draws):
        order = generator("real_fans", draw).permutation(len(normal))
        test = np.vstack([normal[order[:tested]], abnormal])
        found.append(auc(labels, neighbours(normal[order[tested:]], test)))
    return f"{np.mean(found):.3f} ± {np.std(found):.3f}"


def quarters(normal: np.ndarray) -> str:
    """Return the AUC of each quarter of the normal clips, by name, as if it were the anomaly.

    Against it stand as many clips drawn from the other three quarters, whose rest trains: near .5
    where the recordings do not drift.
    """
    parts, found = np.array_split(normal, 4), []
    for left_out, part in enumerate(parts):
        others = np.vstack(parts[:left_out] + parts[left_out + 1 :])
        order = generator("real_fans", "quarters", left_out).permutation(len(others))
        drawn, training = np.split(others[order], [len(part)])
        labels = np.repeat([False, True], len(part))
        found.append(auc(labels, neighbours(training, np.vstack([drawn, part]))))
    return " ".join(f"{value:.2f}" for value in found)


def resemblance(clips: np.ndarray) -> float:
    """Return the correlation of clips with the next one by name, over all bands."""
    scaled = (clips - clips.mean(axis=0)) / clips.std(axis=0)
    return float((scaled[:-1] * scaled[1:]).mean())


def noise_bands(folder: Path, unit: Unit) -> np.ndarray:
    """Return the bands that hold noise and little else at -6 dB."""
    zero, minus_six = (
        read_vectors(folder, unit._replace(snr=snr)).training.mean(axis=0) for snr in SNRS[1:]
    )
    return np.flatnonzero(minus_six - zero > NOISE_STEP)


def noise_only(folder: Path, unit: Unit) -> str:
    """Return the neighbours' AUC on the `noise_bands` at -6 dB, where there are two or more."""
    bands = noise_bands(folder, unit)
    if unit.snr != "-6dB" or len(bands) < 2:
        return ""
    training, test, labels = read_vectors(folder, unit)
    found = distribution(labels, neighbours(training[:, bands], test[:, bands]), unit)
    return f"{cell(found)}, {len(bands)} bands"


def artefacts(folder: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of what else could tell the classes apart."""
    for unit in units():
        training, test, labels = read_vectors(folder, unit)
        normal, abnormal = np.vstack([test[~labels], training]), test[labels]
        shapes = [part - part.mean(axis=1, keepdims=True) for part in (training, test)]
        yield {
            "fan": f"{unit.id}, {unit.snr}",
            "neighbours": f"{auc(labels, neighbours(training, test)):.3f}",
            "tested normals drawn": redrawn(normal, abnormal),
            "level removed": f"{auc(labels, neighbours(*shapes)):.3f}",
            "quarters of the normals": quarters(normal),
            "next normal": f"{resemblance(normal):.2f}",
            "next abnormal": f"{resemblance(abnormal):.2f}",
            "noise bands only": noise_only(folder, unit),
        }


TABLES = {"results": results, "pooling": pooling, "artefacts": artefacts}


def markdown(rows: Iterator[dict[str, str]]) -> str:
    """Return rows as a markdown table, their cells as they are."""
    return pd.DataFrame(list(rows)).to_markdown(index=False, disable_numparse=True)


def table_folder(text: str) -> Path:
    """Return the folder of the public table, as argparse's types do; it must hold every unit."""
    folder = Path(text)
    for path in (table_path(folder, unit) for unit in units()):
        if not path.is_file():
            raise argparse.ArgumentTypeError(f"no {path}: see Data in docs/real-fans.md")
    return folder


def print_tables(tables: Mapping[str, Callable[[Path], Iterator]], title: str) -> None:
    """Read the command line and print the tables that it asks for."""
    parser = argparse.ArgumentParser(description=title)
    default = ROOT.parent / "shared" / "data" / "fan_features"
    parser.add_argument("folder", type=table_folder, nargs="?", default=str(default))
    parser.add_argument("--only", choices=tables, help="print one table")
    arguments = parser.parse_args()
    for name in [arguments.only] if arguments.only else tables:
        print(f"{name}\n\n{markdown(tables[name](arguments.folder))}\n", flush=True)


if __name__ == "__main__":
    print_tables(TABLES, __doc__.splitlines()[0])
