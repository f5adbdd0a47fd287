"""Which microphones hear the machines of the few real recordings that have all eight.

    .venv/bin/python benchmarks/real_pairs.py [../shared/data/mimii]

The folder holds FLAC files, `{snr}/{machine}/id_{id}/{label}/`. Prints the tables of
docs/real-pairs.md; one minute on one core.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import signal

from mimii_bench.corpus.base import LABELS
from mimii_bench.corpus.mimii import CHANNELS, MACHINES, SAMPLE_RATE
from mimii_bench.reports.published import read_cells
from real_channels import ROOT, frame_errors, interval, neighbours, outranked, read, replicates

#: The pairs of the report, the reference first.
PAIRS = {"mics_0_4": (0, 4), "mics_2_6": (2, 6)}
#: Below it, opposite microphones hear the background alike, and the machine hardly louder.
LOWEST = 1000.0
DETECTORS = {"neighbours, pooled": neighbours, "rank 8, frames": frame_errors}


def units(folder: Path, machine: str) -> list[Path]:
    """Return the folders of a machine's units at -6 dB."""
    return sorted(folder.glob(f"-6dB/{machine}/id_*"))


def power(clip: np.ndarray) -> float:
    """Return the power of `clip`, of shape (sample,), above `LOWEST`."""
    frequencies, density = signal.welch(clip, SAMPLE_RATE, nperseg=1024)
    return density[frequencies >= LOWEST].sum()


def decibels(folder: Path, mix: str, other: str) -> np.ndarray:
    """Return the level of one mix over another's in each clip of a unit, in dB, (clip,)."""
    clips = (zip(*(read(folder / label, m) for m in (mix, other)), strict=True) for label in LABELS)
    return np.array([10 * np.log10(power(a) / power(b)) for one in clips for a, b in one])


def level(folder: Path, machine: str, mix: str, other: str) -> float:
    """Return the mean over units of the mean level of a mix over another's, in dB."""
    return np.mean([decibels(unit, mix, other).mean() for unit in units(folder, machine)])


def best_pair(machine: str, scores: str) -> str:
    """Return the pair whose best printed AUC on a machine is the higher one."""
    cells = read_cells(ROOT / "reports/two_mic_ae/published.csv")
    best = {
        pair: max(
            cell.value
            for cell in cells
            if (cell.machine, cell.system, cell.metric) == (machine, pair, "auc")
            and cell.variant.startswith(f"{scores}_alpha")
        )
        for pair in PAIRS
    }
    return max(best, key=best.get)


def named(pair: str) -> str:
    """Return a pair as the report writes it."""
    return "-".join(map(str, PAIRS[pair]))


def microphones(folder: Path) -> Iterator[dict[str, str]]:
    """Yield, per machine, the level of each microphone over microphone 0's."""
    for machine in MACHINES:
        found = [level(folder, machine, f"ch{k}", "ch0") for k in range(CHANNELS)]
        loudest = int(np.argmax(found))
        pair = next((named(p) for p, both in PAIRS.items() if loudest in both), "none")
        yield (
            {"machine": machine}
            | {str(k): f"{value:+.1f}" for k, value in enumerate(found)}
            | {"loudest": str(loudest), "in the pair": pair}
            | {f"best pair, {s}": named(best_pair(machine, s)) for s in ("mse", "mahalanobis")}
        )


def differences(folder: Path) -> Iterator[dict[str, str]]:
    """Yield, per machine and pair, the level of the difference over its reference's."""
    for machine in MACHINES:
        yield {"machine": machine} | {
            named(pair): f"{level(folder, machine, f'ch{a}-ch{b}', f'ch{a}'):+.1f}"
            for pair, (a, b) in PAIRS.items()
        }


def detection(folder: Path) -> Iterator[dict[str, str]]:
    """Yield, per machine and detector, the mean AUC of its units on microphones 0 and 2."""
    groups = {machine: units(folder, machine) for machine in MACHINES}
    groups["all"] = [unit for one in groups.values() for unit in one]
    for machine, folders in groups.items():
        for name, detector in DETECTORS.items():
            draws = [replicates(folders, mix, detector) for mix in ("ch0", "ch2")]
            zero, two = (
                np.mean([outranked(unit, mix, detector).mean() for unit in folders])
                for mix in ("ch0", "ch2")
            )
            yield {
                "machine": machine,
                "detector": name,
                "microphone 0": interval(zero, draws[0], ""),
                "microphone 2": interval(two, draws[1], ""),
                "2 - 0": interval(two - zero, draws[1] - draws[0], "+"),
            }


def main() -> None:
    """Read the command line and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    default = ROOT.parent / "shared" / "data" / "mimii"
    parser.add_argument("folder", type=Path, nargs="?", default=default)
    folder = parser.parse_args().folder
    for table in (microphones, differences, detection):
        rows = pd.DataFrame(list(table(folder)))
        print(f"{table.__name__}\n\n{rows.to_markdown(index=False, disable_numparse=True)}\n")


if __name__ == "__main__":
    main()
