"""Which of the two changes between the releases of the MIMII baseline moves its AUC, and how far.

    .venv/bin/python benchmarks/baseline_releases.py [--normal 72] [--abnormal 24] [--seeds 3]

Simulated fans at 0 dB, channel 0, split, network and epochs of report mimii_baseline. The first
release makes its mel bands for 22,050 Hz and holds out random vectors; today's makes them for the
recordings' rate and holds out the last ones; two systems between them have one change each. Prints
the table of reports/mimii_baseline/README.md; 4 min of one core.
"""

import argparse
import io
import os
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import NamedTuple

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
import soundfile

from mimii_bench.corpus.base import LABELS
from mimii_bench.corpus.mimii import IDS, MIMII, SAMPLE_RATE
from mimii_bench.corpus.simulate.archives import make_archives
from mimii_bench.corpus.simulate.bank import make_bank
from mimii_bench.corpus.sources import open_source
from mimii_bench.evaluation.metrics import Sample, auc
from mimii_bench.features.build import build_feature
from mimii_bench.systems.dense_autoencoder import DenseAutoencoder
from mimii_bench.util.documents import read_yaml

REPORT = Path(__file__).resolve().parents[1] / "reports/mimii_baseline/report.yaml"
MACHINE, SNR = "fan", "0dB"
#: What differs from the first release, of the feature and of the system.
CHANGES = {
    "December 2019": ({}, {}),
    "bands for the recordings' rate": ({"filter_rate": None}, {}),
    "the last vectors held out": ({}, {"held_out": "last"}),
    "January 2020 (both)": ({"filter_rate": None}, {"held_out": "last"}),
}


class Fan(NamedTuple):
    """The samples (clip, sample) of one fan: those that train, and normal and abnormal tests."""

    train: np.ndarray
    normal: np.ndarray
    abnormal: np.ndarray


def simulated_fans(ids: Iterable[str], normal: int, abnormal: int) -> Iterator[Fan]:
    """Yield fans; the first normal clips test, as many as there are abnormal ones."""
    with TemporaryDirectory() as folder:
        bank, archive = Path(folder, "bank.h5"), Path(folder, "0_dB_fan.zip")
        make_bank(bank, 0)
        make_archives(bank, MACHINE, {SNR: archive}, ids, normal, abnormal, 0)
        source = open_source(MIMII, folder, MACHINE, SNR)
        clips = source.clips()
        with source.open() as reader:
            for id in ids:
                good, bad = (
                    np.array(
                        [
                            first_channel(reader.read(clip.member))
                            for clip in clips
                            if (clip.id, clip.label) == (id, label)
                        ]
                    )
                    for label in LABELS
                )
                yield Fan(good[abnormal:], good[:abnormal], bad)


def first_channel(data: bytes) -> np.ndarray:
    """Return channel 0 of a file's bytes, float32 (sample,)."""
    samples, _ = soundfile.read(io.BytesIO(data), dtype="float32")
    return samples[:, 0]


def scores_by_seed(fan: Fan, spec: Mapping, changes: tuple[dict, dict], seeds: int) -> list[float]:
    """Return the AUC on a fan with each seed, of the first release with some changes."""
    (feature,), (system,) = spec["features"].values(), spec["systems"].values()
    front_end = build_feature({**feature, **changes[0]}, SAMPLE_RATE)
    train, normal, abnormal = (
        np.array([front_end.transform(clip) for clip in clips]) for clips in fan
    )
    found = []
    for seed in range(seeds):
        detector = DenseAutoencoder(seed=seed, **{**system["options"], **changes[1]}).fit(train)
        scores = detector.score((clip,) for clip in (*normal, *abnormal))["score"]
        labels = np.arange(len(scores)) >= len(normal)
        found.append(auc(Sample(labels, scores)).item())
    return found


def seed_gap(found: Iterable[list[float]]) -> float:
    """Return the mean distance of two seeds of one system on one fan."""
    pairs = [pair for by_seed in found for pair in combinations(by_seed, 2)]
    return mean(abs(a - b) for a, b in pairs)


def main() -> None:
    """Simulate, train, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--normal", type=int, default=72)
    parser.add_argument("--abnormal", type=int, default=24)
    parser.add_argument("--seeds", type=int, default=3)
    given = parser.parse_args()
    spec = read_yaml(REPORT)
    fans = list(simulated_fans(IDS, given.normal, given.abnormal))
    found = {
        name: [scores_by_seed(fan, spec, changes, given.seeds) for fan in fans]
        for name, changes in CHANGES.items()
    }
    first = [mean(by_seed) for by_seed in next(iter(found.values()))]
    columns = [f"{MACHINE} {id}" for id in IDS]
    print("| AUC, mean over seeds |", " | ".join([*columns, "from the first", "two seeds"]), "|")
    print("|---" * (len(columns) + 3) + "|")
    for name, by_fan in found.items():
        means = [mean(by_seed) for by_seed in by_fan]
        away = mean(abs(a - b) for a, b in zip(means, first, strict=True))
        print(f"| {name} |", " | ".join(f"{x:.3f}" for x in [*means, away, seed_gap(by_fan)]), "|")


if __name__ == "__main__":
    import torch

    torch.set_num_threads(1)
    main()
