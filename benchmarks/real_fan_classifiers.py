"""What learns from labels on every real fan clip: no spectrogram, a hundred numbers a clip.

    .venv/bin/python benchmarks/real_fan_classifiers.py [../shared/data/fan_features] [--only draws]

The folder is that of real_fans.py. A clip is the time means and deviations of 64 log-mel bands; a
fifth of each label tests, as in report ims_cnn, drawn clip by clip or in runs of neighbours. Prints
the tables of docs/real-fans.md on what learns from labels; 2 min on one core.
"""

import os
import warnings
from collections.abc import Iterator, Sequence
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
from mimii_bench.splits.base import make_split
from mimii_bench.splits.manifests import SplitRow
from mimii_bench.util.documents import read_yaml
from mimii_bench.util.seeds import stable_seed
from real_fans import (
    REPLICATES,
    ROOT,
    SNRS,
    cell,
    noise_bands,
    print_tables,
    read_table,
    read_vectors,
)

#: The report whose CNN is beside them, and how much of it tests.
REPORT = ROOT / "reports" / "ims_cnn"
TEST = read_yaml(REPORT / "report.yaml")["split"]["test"]
#: Of probabilities, and of the softmax of the report (section 5-2).
THRESHOLD = 0.5
METRICS = ("auc", "accuracy", "precision", "recall", "f1")
#: Draws of the split; the first is that of the report's tables.
DRAWS = 20
#: Of the network: scikit-learn's defaults, but for the one hidden layer's size. Nothing is tuned.
HIDDEN, EPOCHS = 64, 200
#: Draws for the bands that hold noise.
NOISE_DRAWS = 5


class Clips(NamedTuple):
    """Clips of one role: what is known of them, and their numbers (clip, statistic)."""

    rows: list[SplitRow]
    vectors: np.ndarray

    @property
    def labels(self) -> np.ndarray:
        """True for abnormal clips, (clip,)."""
        return np.array([row.label == "abnormal" for row in self.rows])


@cache
def read_pool(folder: Path, snr: str) -> dict[Unit, pd.DataFrame]:
    """Return the statistics of all fans at one SNR by the names of the clips."""
    units = [Unit("fan", snr, id) for id in IDS]
    return {unit: read_table(folder, unit) for unit in units}


@cache
def split(folder: Path, snr: str, contiguous: bool, seed: int) -> dict[str, Clips]:
    """Return what trains and what tests of one draw of the report's split."""
    tables = read_pool(folder, snr)
    pool = {
        unit: [Clip(name, unit.id, label, "", "") for name, label in table["label"].items()]
        for unit, table in tables.items()
    }
    rows = make_split(pool, "stratified_random", test=TEST, contiguous=contiguous, seed=seed)
    numbers = {unit: table.filter(regex="^(mean|std)_") for unit, table in tables.items()}
    places = {unit: dict(zip(of.index, of.to_numpy(), strict=True)) for unit, of in numbers.items()}
    return {
        role: Clips(own, np.array([places[row.unit][row.clip] for row in own]))
        for role in ("train", "test")
        for own in [[row for row in rows if row.role == role]]
    }


# Classifiers: from training clips and others to the others' probability of an anomaly (clip,).


def logistic(seed: int):
    """Return logistic regression with scikit-learn's penalty."""
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(max_iter=5000)


def perceptron(seed: int):
    """Return a network of one hidden layer."""
    from sklearn.neural_network import MLPClassifier

    return MLPClassifier((HIDDEN,), max_iter=EPOCHS, random_state=seed)


CLASSIFIERS = {"logistic regression": logistic, f"MLP, {HIDDEN} units": perceptron}


@cache
def probabilities(
    folder: Path, name: str, snr: str = "-6dB", contiguous: bool = False, seed: int = 0
) -> np.ndarray:
    """Return the probability of an anomaly of each test clip of one draw; inputs are scaled."""
    training, tested = split(folder, snr, contiguous, seed).values()
    return trained(name, training, seed).predict_proba(tested.vectors)[:, 1]


def trained(name: str, training: Clips, seed: int):
    """Return a classifier that has learned; its inputs are scaled to mean 0 and deviation 1."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = CLASSIFIERS[name](stable_seed("real_fan_classifiers", seed) % 2**32)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return make_pipeline(StandardScaler(), model).fit(training.vectors, training.labels)


# Measures.


def measure(labels: np.ndarray, found: np.ndarray, metric: str) -> float:
    """Return a metric of scores (clip,) at the threshold .5."""
    return metrics.measure(metrics.Sample(labels, found), metric, THRESHOLD).item()


def measured(tested: Clips, found: np.ndarray, metric: str, snr: str) -> str:
    """Return a metric and its interval over the clips as text."""
    table = pd.DataFrame(tested.rows).assign(score=found, seed=0)
    trained_on = ("fan", snr)
    return cell(intervals.evaluate_group(table, metric, REPLICATES, trained_on, {0: THRESHOLD}))


# Tables.


def printed(snr: str) -> Iterator[dict[str, str]]:
    """Yield a row of each network that the report has for the fans at an SNR."""
    cells = pd.read_csv(REPORT / "published.csv", dtype=str, keep_default_na=False)
    own = cells[cells["table"].isin(["table_2", "table_3"]) & (cells["published"] != "")]
    own = own[(own["machine"] == "fan") & (own["snr"] == snr)]
    for name, system in (("CNN, printed", "cnn"), ("CNN-LSTM, printed", "cnn_lstm")):
        found = own[own["system"] == system].drop_duplicates("metric").set_index("metric")
        if not found.empty:
            numbers = {metric: f"{float(found.at[metric, 'published']):.3f}" for metric in METRICS}
            yield {"fans": snr, "classifier": name} | numbers


def classifier_row(folder: Path, snr: str, name: str) -> dict[str, str]:
    """Return what one classifier reaches in the first draw."""
    tested = split(folder, snr, False, 0)["test"]
    found = probabilities(folder, name, snr)
    numbers = {metric: measured(tested, found, metric, snr) for metric in METRICS}
    return {"fans": snr, "classifier": name} | numbers


def results(folder: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of the printed numbers and of the classifiers."""
    for snr in reversed(SNRS):
        yield from printed(snr)
        yield from (classifier_row(folder, snr, name) for name in CLASSIFIERS)


def spread(values: Sequence[float]) -> str:
    """Return mean and deviation of a number over the draws."""
    return f"{np.mean(values):.3f} ± {np.std(values, ddof=1):.3f}"


def draws(folder: Path) -> Iterator[dict[str, str]]:
    """Yield what another draw of the split changes at -6 dB, clip by clip and in runs."""
    for name, metric in product(CLASSIFIERS, METRICS):
        by_scheme = [
            [over_draw(folder, name, metric, contiguous, seed) for seed in range(DRAWS)]
            for contiguous in (False, True)
        ]
        alone, runs = map(np.array, by_scheme)
        error = np.sqrt((alone.var(ddof=1) + runs.var(ddof=1)) / DRAWS)
        yield {
            "classifier": name,
            "metric": metric,
            "clip by clip": spread(alone),
            "runs": spread(runs),
            "difference, standard error": f"{runs.mean() - alone.mean():+.3f}, {error:.3f}",
        }


def over_draw(folder: Path, name: str, metric: str, contiguous: bool, seed: int) -> float:
    """Return a metric of one draw at -6 dB."""
    labels = split(folder, "-6dB", contiguous, seed)["test"].labels
    return measure(labels, probabilities(folder, name, "-6dB", contiguous, seed), metric)


def of_bands(clips: Clips, id: str, bands: np.ndarray) -> Clips:
    """Return the clips of one fan with the means of some bands."""
    own = [place for place, row in enumerate(clips.rows) if row.id == id]
    return Clips([clips.rows[place] for place in own], clips.vectors[np.ix_(own, bands)])


def noise(folder: Path) -> Iterator[dict[str, str]]:
    """Yield what the network learns of one fan at -6 dB from bands that hold noise alone."""
    network = list(CLASSIFIERS)[-1]
    for id in IDS:
        bands = noise_bands(folder, Unit("fan", "-6dB", id))
        if len(bands) < 2:
            continue
        row = {"fan": id, "noise bands": str(len(bands))}
        every = np.arange(len(read_vectors(folder, Unit("fan", "-6dB", id)).training.T))
        for column, chosen in (("AUC of these", bands), ("AUC of all 64", every)):
            row[column] = spread(
                [of_draw(folder, network, id, chosen, s) for s in range(NOISE_DRAWS)]
            )
        yield row


def of_draw(folder: Path, name: str, id: str, bands: np.ndarray, seed: int) -> float:
    """Return the AUC of a classifier of one fan by the means of some bands."""
    parts = split(folder, "-6dB", False, seed).values()
    training, tested = (of_bands(clips, id, bands) for clips in parts)
    found = trained(name, training, seed).predict_proba(tested.vectors)[:, 1]
    return measure(tested.labels, found, "auc")


TABLES = {"results": results, "draws": draws, "noise": noise}

if __name__ == "__main__":
    print_tables(TABLES, __doc__.splitlines()[0])
