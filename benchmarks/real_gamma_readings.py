"""Which readings of gamma_ae's illegible network its printed numbers admit, on the real fans.

    .venv/bin/python benchmarks/real_gamma_readings.py [../shared/data/fan_features]

The folder holds time mean and deviation of 64 log-mel bands of every real clip; the frames that the
network learns are drawn from these. Where the genuine excerpts lie beside it (`mimii`), frames are
also drawn with the correlation that theirs have. Prints the tables of docs/real-gamma.md; what they
can and cannot say stands there. About 20 minutes on one core.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
import pandas as pd
import scipy
import soundfile
import torch

from mimii_bench.audio.mixes import apply_mix, parse_mix
from mimii_bench.corpus.base import LABELS, Unit
from mimii_bench.corpus.mimii import SAMPLE_RATE
from mimii_bench.evaluation.metrics import Sample, measure
from mimii_bench.evaluation.thresholds import GammaThreshold
from mimii_bench.features.logmel import LogMel
from mimii_bench.systems.dense_autoencoder import DenseAutoencoder
from mimii_bench.util.documents import read_yaml
from mimii_bench.util.seeds import generator
from real_fans import ROOT, print_tables, read_table

torch.set_num_threads(1)

#: Normal clips of the test fold, by whole pairs of the printed AUCs.
TEST_NORMAL = {"00": 127, "02": 127, "04": 129, "06": 127}
FOLDS = 8
#: Each trains on a split of its own.
SEEDS = 8
#: Frames of a clip that train, and how many such blocks are scored: the fewer are scored, the more
#: a clip's score varies by what was drawn.
FRAMES, BLOCKS = 12, 5
#: Where the axis of the report's histogram of A ends, which shows the training clips.
AXIS = 0.4
#: The table's front end; see tests/features/test_public_fan_table.py.
FRONT_END = LogMel(
    sample_rate=SAMPLE_RATE,
    n_mels=64,
    padding="none",
    window_norm=True,
    one_sided=True,
    mel_scale="htk",
    scale=1.0,
    eps=1e-20,
)
READINGS = {
    "none": "ae",
    "batch normalisation": "ae_batchnorm",
    "centred": "ae_centred",
    "standardised": "ae_standardised",
    "centred inputs alone": "ae_centred_inputs",
    "standardised inputs alone": "ae_standardised_inputs",
}
ACTIVATIONS = ("leaky_relu", "elu", "tanh")


# Clips: what the table holds of them, and the split of the report.


class Clips(NamedTuple):
    """Time means and deviations (clip, band), ids, and labels, true for abnormal."""

    mean: np.ndarray
    deviation: np.ndarray
    id: np.ndarray
    abnormal: np.ndarray

    def take(self, places: np.ndarray) -> "Clips":
        """Return the clips at these places."""
        return Clips(*(column[places] for column in self))


@cache
def all_clips(folder: Path) -> Clips:
    """Return every clip of the fans at 6 dB."""
    tables = {id: read_table(folder, Unit("fan", "6dB", id)) for id in TEST_NORMAL}
    table = pd.concat(tables.values())
    ids = np.repeat(list(tables), [len(one) for one in tables.values()])
    bands = (table.filter(regex=f"^{kind}_").to_numpy(np.float32) for kind in ("mean", "std"))
    return Clips(*bands, ids, (table["label"] == "abnormal").to_numpy())


def split(clips: Clips, seed: int, test_normal: Mapping[str, int]) -> tuple[Clips, Clips]:
    """Return the clips that train and those that test; one more fold validates and is left out."""
    training, test = [], [np.flatnonzero(clips.abnormal)]
    for id, tested in test_normal.items():
        normal = np.flatnonzero((clips.id == id) & ~clips.abnormal)
        order = generator("real_gamma_readings", seed, id).permutation(normal)
        test.append(order[:tested])
        training.append(order[tested + round(len(normal) / FOLDS) :])
    return clips.take(np.concatenate(training)), clips.take(np.concatenate(test))


# Frames that have a clip's means and, of long clips, its deviations.


#: Draws the frames (clip, frame, band) of clips in a number of blocks.
Draw = Callable[[Clips, int, np.random.Generator], np.ndarray]


def mean_frames(clips: Clips, blocks: int, rng: np.random.Generator) -> np.ndarray:
    """Return each clip's mean frame, again and again: one window, without noise."""
    return np.repeat(clips.mean[:, None], DenseAutoencoder.Options(batch_size=1).context, axis=1)


def independent_frames(clips: Clips, blocks: int, rng: np.random.Generator) -> np.ndarray:
    """Return normal deviates, independent over frames and bands."""
    shape = len(clips.mean), blocks * FRAMES, clips.mean.shape[1]
    return scattered(clips, rng.standard_normal(shape, np.float32))


def correlated_frames(root: np.ndarray) -> Draw:
    """Return what draws blocks of frames with a correlation, given by its root."""

    def draw(clips: Clips, blocks: int, rng: np.random.Generator) -> np.ndarray:
        white = rng.standard_normal((len(clips.mean) * blocks, len(root)), np.float32)
        shape = len(clips.mean), blocks * FRAMES, clips.mean.shape[1]
        return scattered(clips, (white @ root.T).reshape(shape))

    return draw


def scattered(clips: Clips, noise: np.ndarray) -> np.ndarray:
    """Return frames around the clips' means, by their deviations, in 32 bits."""
    return clips.mean[:, None] + clips.deviation[:, None] * noise


@cache
def excerpts(folder: Path, label: str) -> list[np.ndarray]:
    """Return the log-mel frames (frame, band) of genuine fan clips."""
    paths = sorted(folder.glob(f"*/fan/id_*/{label}/*.flac"))
    recordings = (soundfile.read(path, dtype="int16")[0] for path in paths)
    return [FRONT_END.transform(apply_mix(parse_mix("mono"), samples)) for samples in recordings]


def correlation_root(clips: list[np.ndarray]) -> np.ndarray:
    """Return the root of the correlation of blocks of `FRAMES` frames, within clips."""
    bands = clips[0].shape[1]
    total = np.zeros((FRAMES * bands,) * 2)
    for frames in clips:
        scaled = (frames - frames.mean(axis=0)) / frames.std(axis=0)
        view = np.lib.stride_tricks.sliding_window_view(scaled, FRAMES, axis=0)
        blocks = view.swapaxes(1, 2).reshape(len(view), -1)
        total += blocks.T @ blocks / len(blocks)
    values, axes = np.linalg.eigh(total / len(clips))
    return (axes * np.sqrt(values.clip(min=0))).astype(np.float32)


def draws(folder: Path) -> dict[str, Draw]:
    """Return the ways to draw frames, by name; the last one only where there are excerpts."""
    found: dict[str, Draw] = {"mean frame": mean_frames, "independent": independent_frames}
    if clips := excerpts(folder.parent / "mimii", "normal"):
        found["correlated"] = correlated_frames(correlation_root(clips))
    return found


# Runs.


def options_of(system: str) -> dict:
    """Return the options of a system of the report."""
    return read_yaml(ROOT / "reports/gamma_ae/report.yaml")["systems"][system]["options"]


#: Returns the scores A of the clips that train, and of those that test.
Scorer = Callable[[Clips, Clips, int], tuple[np.ndarray, np.ndarray]]


def network(options: Mapping, draw: Draw) -> Scorer:
    """Return what trains the report's network with these options on frames drawn so."""

    def score(training: Clips, test: Clips, seed: int) -> tuple[np.ndarray, ...]:
        rng = generator("real_gamma_readings", "frames", seed)
        system = DenseAutoencoder(**options, seed=seed).fit(draw(training, 1, rng))
        return tuple(
            system.score((frames,) for frames in draw(part, BLOCKS, rng))["score"]
            for part in (training, test)
        )

    return score


def mean_spectrum(training: Clips, test: Clips, seed: int) -> tuple[np.ndarray, ...]:
    """Return A where every frame is reconstructed by the training clips' mean spectrum.

    No frame need be drawn: over a clip's frames it is the squared distance of their mean, plus
    their variance.
    """
    centre = training.mean.mean(axis=0)
    return tuple(
        (np.square(part.mean - centre) + np.square(part.deviation)).mean(axis=1)
        for part in (training, test)
    )


def run(scorer: Scorer, clips: Clips, seed: int, test_normal: Mapping[str, int]) -> dict:
    """Return, of one split, what the report prints, and what A is like."""
    training, test = split(clips, seed, test_normal)
    fitted, tested = (scores.astype(float) for scores in scorer(training, test, seed))
    cutoff = GammaThreshold(p=0.1).fit(fitted).threshold_
    sample = Sample(test.abnormal, tested)
    rates = {name: measure(sample, name.lower(), cutoff).item() for name in ("TPR", "FPR")}
    aucs = {}
    for id in test_normal:
        own = test.id == id
        aucs[f"AUC {id}"] = measure(Sample(test.abnormal[own], tested[own]), "auc").item()
    of_a = {"mean A": fitted.mean(), "A above .4": (fitted > AXIS).mean()}
    return {**rates, "training FPR": (fitted > cutoff).mean(), **aucs, **of_a}


@cache
def printed() -> dict[str, str]:
    """Return the printed numbers, as text, by the names that `run` gives them."""
    table = pd.read_csv(ROOT / "reports/gamma_ae/published.csv", dtype=str, keep_default_na=False)
    own = table[(table["system"] == "ae") & (table["published"] != "")]
    rates = own[own["table"] == "evaluate_performance"]
    names = rates["variant"].map({"train": "training ", "": ""}) + rates["metric"].str.upper()
    aucs = own[own["metric"] == "auc"]
    return {
        **dict(zip(names, rates["published"], strict=True)),
        **dict(zip("AUC " + aucs["id"], aucs["published"], strict=True)),
    }


class Spread(NamedTuple):
    """What runs gave, and the 95 % interval in which one more would lie."""

    mean: float
    low: float
    high: float

    def admits(self, text: str) -> bool:
        """Tell whether one more run could print this number, to its last digit."""
        half = 0.5 * 10.0 ** -len(text.partition(".")[2])
        return self.low - half <= float(text) <= self.high + half


def spread(values: np.ndarray) -> Spread:
    """Return the mean of runs and Student's prediction interval for one more, in [0, 1]."""
    runs = len(values)
    mean, deviation = np.mean(values), np.std(values, ddof=1)
    reach = scipy.special.stdtrit(runs - 1, 0.975) * deviation * np.sqrt(1 + 1 / runs)
    return Spread(mean, max(mean - reach, 0.0), min(mean + reach, 1.0))


def row(runs: pd.DataFrame) -> dict[str, str]:
    """Return the cells of one reading's runs, and which printed numbers lie outside."""
    found = {name: spread(runs[name].to_numpy()) for name in printed()}
    cells = {name: f"{one.mean:.3f} [{one.low:.3f}, {one.high:.3f}]" for name, one in found.items()}
    outside = [name for name, one in found.items() if not one.admits(printed()[name])]
    if runs["A above .4"].mean() > 0.5:
        outside.append("axis")
    scale = {name: f"{runs[name].mean():.2f}" for name in ("mean A", "A above .4")}
    return {**cells, **scale, "outside": ", ".join(outside) or "nothing"}


def several(scorer: Scorer, folder: Path) -> dict[str, str]:
    """Return the cells of as many runs as there are `SEEDS`."""
    clips = all_clips(folder)
    return row(pd.DataFrame([run(scorer, clips, seed, TEST_NORMAL) for seed in range(SEEDS)]))


def first_row(*heads: str) -> dict[str, str]:
    """Return the row of the printed numbers."""
    unprinted = ("mean A", "A above .4", "outside")
    return dict.fromkeys(heads, "") | {
        heads[0]: "printed",
        **printed(),
        **dict.fromkeys(unprinted, ""),
    }


def readings(folder: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of every reading, for every way to draw frames."""
    yield first_row("reading", "frames")
    yield {"reading": "mean spectrum", "frames": "all", **several(mean_spectrum, folder)}
    for name, system in READINGS.items():
        for way, draw in draws(folder).items():
            found = several(network(options_of(system), draw), folder)
            yield {"reading": name, "frames": way, **found}


def activations(folder: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of other activations than ReLU, where nothing is normalised."""
    yield first_row("activation", "frames")
    for activation in ACTIVATIONS:
        options = options_of("ae") | {"activation": activation}
        found = several(network(options, independent_frames), folder)
        yield {"activation": activation, "frames": "independent", **found}


# What the drawing of frames does to the scores, where there are frames that were recorded.


def pooled(recorded: np.ndarray) -> Clips:
    """Return what the table would hold of clips (clip, frame, band)."""
    nothing = np.zeros(len(recorded))
    return Clips(recorded.mean(axis=1), recorded.std(axis=1), nothing, nothing)


def drawn_and_recorded(folder: Path) -> Iterator[dict[str, str]]:
    """Yield, per reading, A of the excerpts after training on their frames and on drawn ones.

    The normal excerpts train, all are scored.
    """
    normal, abnormal = (np.stack(excerpts(folder.parent / "mimii", one)) for one in LABELS)
    recorded = np.concatenate([normal, abnormal])
    ways = draws(folder)
    rng = generator("real_gamma_readings", "excerpts")
    blocks = normal.shape[1] // FRAMES
    drawn = {way: draw(pooled(recorded), blocks, rng) for way, draw in ways.items()}
    for name, system in READINGS.items():
        scores = {}
        for way, frames in {"recorded": recorded, **drawn}.items():
            fitted = DenseAutoencoder(**options_of(system)).fit(frames[: len(normal)])
            scores[way] = fitted.score((clip,) for clip in frames)["score"]
        found = {f"A, {way}": f"{a[: len(normal)].mean():.3f}" for way, a in scores.items()}
        for way in ways:
            rank = scipy.stats.spearmanr(scores["recorded"], scores[way]).statistic
            found[f"rank correlation, {way}"] = f"{rank:.2f}"
        yield {"reading": name, **found}


TABLES = {
    "readings": readings,
    "activations": activations,
    "drawn and recorded": drawn_and_recorded,
}

if __name__ == "__main__":
    print_tables(TABLES, __doc__.splitlines()[0])
