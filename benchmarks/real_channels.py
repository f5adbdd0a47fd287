"""What averaging the eight microphones is worth, from the few real recordings with all of them.

    .venv/bin/python benchmarks/real_channels.py [../shared/data/mimii]

The folder holds FLAC files, `{snr}/{machine}/id_{id}/{label}/`. Prints the last tables of
docs/real-fans.md; one minute on one core.
"""

import argparse
import os
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise, product
from pathlib import Path
from typing import NamedTuple

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
import pandas as pd
import soundfile
from scipy import signal

from mimii_bench.audio.mixes import apply_mix, parse_mix
from mimii_bench.corpus.base import LABELS
from mimii_bench.corpus.mimii import SAMPLE_RATE
from mimii_bench.features.logmel import LogMel
from mimii_bench.features.mel import hz_to_mel, mel_to_hz
from mimii_bench.systems.classical import NearestNeighbours
from mimii_bench.util.seeds import generator

ROOT = Path(__file__).resolve().parents[1]
#: The baseline's channel, the one that the fans stand in front of, the mean of all.
MIXES = ("ch0", "ch4", "mono")
EDGES = (0, 250, 500, 1000, 2000, 4000, 8000)
REPLICATES = 1000
#: Of the linear model that stands for the published autoencoder: its windows and narrowest layer.
CONTEXT, RANK = 5, 8


@cache
def read(folder: Path, mix: str) -> list[np.ndarray]:
    """Return a mix of the recordings in a folder, by name, each (sample,)."""
    paths = sorted(folder.glob("*.flac"))
    return [apply_mix(parse_mix(mix), soundfile.read(path, dtype="int16")[0]) for path in paths]


# The ratio of machine to noise. One recording of the machine stands at several SNRs.


class Pair(NamedTuple):
    """One recording of fan 00: its numbers at -6 dB and at 0 dB."""

    label: str
    low: int
    high: int

    def mixes(self, folder: Path, mix: str) -> tuple[np.ndarray, np.ndarray]:
        """Return a mix of both clips."""
        low, high = (folder / snr / "fan/id_00" / self.label for snr in ("-6dB", "0dB"))
        return read(low, mix)[self.low], read(high, mix)[self.high]


def same_recordings(folder: Path) -> Iterator[Pair]:
    """Yield the pairs whose phases agree without a lag, in the mean over all frequencies.

    By chance that mean is of the order of 1 / sqrt(2 · frequencies); ten times that is asked for.
    """
    for label in LABELS:
        phases = [
            [
                np.angle(np.fft.rfft(clip))
                for clip in read(folder / snr / "fan/id_00" / label, "ch0")
            ]
            for snr in ("-6dB", "0dB")
        ]
        for (low, one), (high, other) in product(*map(enumerate, phases)):
            if np.cos(one - other).mean() > 10 / np.sqrt(2 * len(one)):
                yield Pair(label, low, high)


def machine_to_noise(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Return the ratio of machine to noise in `low`, in dB, for each band of `EDGES`.

    `low` and `high` (sample,) are one recording with different noise: what they have in common,
    their cross-spectrum, is the machine's power spectrum.
    """
    frequencies, cross = signal.csd(low, high, SAMPLE_RATE, nperseg=1024)
    _, power = signal.welch(low, SAMPLE_RATE, nperseg=1024)
    bands = [(frequencies >= a) & (frequencies < b) for a, b in pairwise(EDGES)]
    machine = np.array([cross.real[band].sum() for band in bands])
    noise = np.array([power[band].sum() for band in bands]) - machine
    return 10 * np.log10(machine / noise)


def pairs(folder: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of the recordings that stand at both SNRs."""
    for pair in same_recordings(folder):
        correlations = {mix: np.corrcoef(pair.mixes(folder, mix))[0, 1] for mix in MIXES}
        numbers = {"at -6 dB": f"{pair.low:08d}", "at 0 dB": f"{pair.high:08d}"}
        cells = {f"correlation, {mix}": f"{found:.2f}" for mix, found in correlations.items()}
        yield {"fan 00": pair.label} | numbers | cells


def ratios(folder: Path) -> Iterator[dict[str, str]]:
    """Yield, per mix, the ratio of machine to noise at -6 dB: mean of the pairs, band by band."""
    found = {
        mix: np.array([machine_to_noise(*p.mixes(folder, mix)) for p in same_recordings(folder)])
        for mix in MIXES
    }
    centres = mel_to_hz(np.linspace(0, hz_to_mel(SAMPLE_RATE / 2, "slaney"), 66)[1:-1], "slaney")
    share = np.histogram(centres, EDGES)[0] / len(centres)
    for mix, by_pair in found.items():
        bands = zip(pairwise(EDGES), by_pair.mean(axis=0), strict=True)
        gain = (by_pair - found["ch0"]) @ share
        cells = {f"{a}-{b} Hz": f"{ratio:.1f}" for (a, b), ratio in bands}
        summary = "" if mix == "ch0" else f"{gain.mean():.1f} ± {gain.std(ddof=1):.1f}"
        yield {"mix": mix} | cells | {"gain over ch0, mean of the mel bands": summary}


# Detection with one clip left out. Clips are (clip, frame, band).


def neighbours(training: np.ndarray, test: np.ndarray) -> np.ndarray:
    """Score clips by the neighbours of their means over time."""
    return NearestNeighbours().fit(training).score((clip,) for clip in test)["score"]


def frame_errors(training: np.ndarray, test: np.ndarray) -> np.ndarray:
    """Score clips by the mean squared error of windows of frames under a linear model.

    It is the best one of rank `RANK`, the linear counterpart of the published autoencoder.
    """
    rows, others = (_windows(clips) for clips in (training, test))
    rows = rows.reshape(-1, rows.shape[-1])
    _, axes = np.linalg.eigh(np.cov(rows.T))
    basis = axes[:, -RANK:]
    centred = others - rows.mean(axis=0)
    return np.square(centred - centred @ basis @ basis.T).mean(axis=(1, 2))


def _windows(clips: np.ndarray) -> np.ndarray:
    """Return all windows of `clips`, (clip, window, band · frame)."""
    windows = np.lib.stride_tricks.sliding_window_view(clips.astype(float), CONTEXT, axis=1)
    return windows.reshape(*windows.shape[:2], -1)


DETECTORS = {"neighbours, pooled": neighbours, "rank 8, frames": frame_errors}


@cache
def frames(folder: Path, mix: str) -> np.ndarray:
    """Return the baseline's log-mel frames (clip, frame, band) of the recordings in a folder."""
    features = LogMel(n_mels=64, padding="reflect", sample_rate=SAMPLE_RATE)
    return np.array([features.transform(clip) for clip in read(folder, mix)])


@cache
def outranked(unit: Path, mix: str, detector: Callable) -> np.ndarray:
    """Return which abnormal clip outranks which normal one, (normal, abnormal); ties are .5.

    Each normal clip is left out in turn and the others train. The mean of all pairs is the AUC.
    """
    normal, abnormal = (frames(unit / label, mix) for label in LABELS)
    won = []
    for place in range(len(normal)):
        test = np.concatenate([normal[place : place + 1], abnormal])
        scores = detector(np.delete(normal, place, axis=0), test)
        won.append((np.sign(scores[1:] - scores[0]) + 1) / 2)
    return np.array(won)


def replicates(units: list[Path], mix: str, detector: Callable) -> np.ndarray:
    """Return bootstrap replicates of the mean AUC of `units`; the same clips for every mix."""
    found = []
    for unit in units:
        won = outranked(unit, mix, detector)
        rng = generator("real_channels", *unit.parts[-3:])
        rows, columns = (rng.multinomial(n, np.full(n, 1 / n), REPLICATES) for n in won.shape)
        found.append(np.einsum("ri,ij,rj->r", rows, won, columns) / won.size)
    return np.mean(found, axis=0)


def detection(folder: Path) -> Iterator[dict[str, str]]:
    """Yield, per group of units and detector, the AUC of every mix and what averaging adds."""
    groups = {
        "fan 00, 0 dB": [folder / "0dB/fan/id_00"],
        "4 fans, -6 dB": sorted(folder.glob("-6dB/fan/id_*")),
        "16 units, -6 dB": sorted(folder.glob("-6dB/*/id_*")),
    }
    for (group, units), (name, detector) in product(groups.items(), DETECTORS.items()):
        draws = {mix: replicates(units, mix, detector) for mix in MIXES}
        values = {
            m: np.mean([outranked(unit, m, detector).mean() for unit in units]) for m in MIXES
        }
        cells = {mix: interval(values[mix], draws[mix], "") for mix in MIXES}
        gain = interval(values["mono"] - values["ch0"], draws["mono"] - draws["ch0"], "+")
        yield {"units": group, "detector": name} | cells | {"mono - ch0": gain}


def interval(value: float, draws: np.ndarray, sign: str) -> str:
    """Return a value and the interval of its replicates as text."""
    low, high = np.quantile(draws, [0.025, 0.975])
    return f"{value:{sign}.3f} [{low:{sign}.3f}, {high:{sign}.3f}]"


def main() -> None:
    """Read the command line and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    default = ROOT.parent / "shared" / "data" / "mimii"
    parser.add_argument("folder", type=Path, nargs="?", default=default)
    folder = parser.parse_args().folder
    for table in (pairs, ratios, detection):
        rows = pd.DataFrame(list(table(folder)))
        print(f"{table.__name__}\n\n{rows.to_markdown(index=False, disable_numparse=True)}\n")


if __name__ == "__main__":
    main()
