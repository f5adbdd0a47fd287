"""Is a number one recording at every SNR? What the public table of the real fans tells of it.

    .venv/bin/python benchmarks/real_fan_numbers.py [../shared/data/fan_features]

Prints the table of the last section of docs/real-fans.md and the sums that its text quotes; 3 s on
one core.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import product
from pathlib import Path
from typing import NamedTuple

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
import pandas as pd

from mimii_bench.corpus.base import LABELS, Unit
from mimii_bench.corpus.mimii import IDS
from real_fans import print_tables, read_table

#: The numbers below are interleaved at -6 dB; the best of `LENGTHS` for the normal clips.
BLOCK = 112
#: The first is no interleaving.
LENGTHS = range(0, 300, 2)
#: How many of the best are printed.
BEST = 8
#: Less than the clips of any fan, so that no shift comes round to the same number.
SHIFTS = range(1, 300)
#: Clips whose mean is taken from the one in their middle.
WINDOW = 31
#: Of the common directions: how many, and what is added to the variances of 1.
DIRECTIONS, RIDGE = 30, 0.1


# What two clips have in common. Clips are (clip, statistic), by number.


def read_statistics(folder: Path, unit: Unit, label: str) -> np.ndarray:
    """Return means and deviations of the bands of a unit's clips, standardised over the clips."""
    table = read_table(folder, unit)
    clips = table[table["label"] == label].filter(regex="^(mean|std)_").to_numpy()
    return (clips - clips.mean(axis=0)) / clips.std(axis=0)


def whitening(clips: np.ndarray) -> np.ndarray:
    """Return what makes statistics uncorrelated; regularised, so that it amplifies no noise."""
    ridge = RIDGE * np.eye(clips.shape[1])
    return np.linalg.inv(np.linalg.cholesky(clips.T @ clips / len(clips) + ridge)).T


def common_directions(one: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the directions (statistic, direction) in which two versions of clips agree most.

    Canonical correlation, regularised; each direction counts as much as its correlation.
    """
    first, second = whitening(one), whitening(other)
    left, correlations, right = np.linalg.svd(first.T @ (one.T @ other / len(one)) @ second)
    weights = np.sqrt(correlations[:DIRECTIONS])
    return first @ left[:, :DIRECTIONS] * weights, second @ right[:DIRECTIONS].T * weights


def without_sessions(clips: np.ndarray) -> np.ndarray:
    """Return clips less the mean of those around them: what changes slowly would look alike."""
    return clips - pd.DataFrame(clips).rolling(WINDOW, center=True, min_periods=1).mean().to_numpy()


def similarity(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return the similarity of all pairs (clip of one, clip of other), in standard deviations.

    No clip is more similar than others to all: rows and columns have the mean 0.
    """
    found = without_sessions(one) @ without_sessions(other).T
    found -= found.mean(axis=1, keepdims=True)
    found -= found.mean(axis=0)
    return found / found.std()


@cache
def loud_pairs(folder: Path, id: str, label: str) -> np.ndarray:
    """Return the similarity of a fan's clips at 0 dB (rows) and 6 dB.

    The directions are fitted to pairs of the same number: to those of the other half of the rows.
    """
    zero, six = (read_statistics(folder, Unit("fan", snr, id), label) for snr in ("0dB", "6dB"))
    found = np.empty((len(zero), len(six)))
    for half in (0, 1):
        tested = np.arange(len(zero)) % 2 == half
        left, right = common_directions(zero[~tested], six[~tested])
        found[tested] = similarity(zero @ left, six @ right)[tested]
    return found


@cache
def quiet_pairs(folder: Path, id: str, label: str) -> np.ndarray:
    """Return the similarity of a fan's clips at -6 dB (rows) and their sum at 0 and 6 dB."""
    minus_six, zero, six = (
        read_statistics(folder, Unit("fan", snr, id), label) for snr in ("-6dB", "0dB", "6dB")
    )
    left, right = common_directions(zero, six)
    return similarity(minus_six @ left, zero @ left + six @ right)


# Which number is which.


def interleaved(clips: int, length: int) -> np.ndarray:
    """Return the number at 0 dB of each number at -6 dB; those from the even `length` on agree.

    Below, 2k + 1 is k and 2k is length / 2 + k.
    """
    numbers = np.arange(clips)
    numbers[1:length:2] = np.arange(length // 2)
    numbers[0:length:2] = np.arange(length // 2, length)
    return numbers


class Pairing(NamedTuple):
    """Pairs of clips under one idea of the numbers: so many are interleaved, and `rows` count."""

    table: Callable[[Path, str, str], np.ndarray]
    length: int = 0
    rows: slice = slice(None)

    def similarities(
        self, folder: Path, ids: Sequence[str], label: str, shift: int = 0
    ) -> np.ndarray:
        """Return the similarity of each pair of some fans, or to the clip `shift` numbers on."""
        found = []
        for pairs in (self.table(folder, id, label) for id in ids):
            partners = (interleaved(len(pairs), self.length) + shift) % len(pairs)
            found.append(pairs[np.arange(len(pairs)), partners][self.rows])
        return np.concatenate(found)


def standard_errors(values: np.ndarray) -> float:
    """Return the mean in standard errors of as many unrelated pairs, whose deviation is 1."""
    return float(values.mean() * np.sqrt(len(values)))


# Tables.


PAIRINGS = {
    "0 and 6 dB, same number": Pairing(loud_pairs),
    f"-6 dB, same, below {BLOCK}": Pairing(quiet_pairs, rows=slice(BLOCK)),
    f"-6 dB, interleaved, below {BLOCK}": Pairing(quiet_pairs, BLOCK, slice(BLOCK)),
    f"-6 dB, same, from {BLOCK} on": Pairing(quiet_pairs, rows=slice(BLOCK, None)),
}


def numbers(folder: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of the similarity under the same and under interleaved numbers."""
    groups = [(f"{id}, normal", (id,), "normal") for id in IDS]
    groups += [(f"all four, {label}", IDS, label) for label in LABELS]
    for name, ids, label in groups:
        row = {"fan": name}
        for column, pairing in PAIRINGS.items():
            found = pairing.similarities(folder, ids, label)
            row[column] = f"{found.mean():z.2f} ({standard_errors(found):z.1f})"
        yield row


def by_length(folder: Path, label: str, even: bool = False) -> pd.Series:
    """Return the sum over all fans, in standard errors, if so many numbers are interleaved.

    Of all numbers, or of the `even` ones below the length, whose partners no other length gives.
    """
    sums = {}
    for length in LENGTHS[1:] if even else LENGTHS:
        rows = slice(0, length, 2) if even else slice(None)
        pairing = Pairing(quiet_pairs, length, rows)
        sums[length] = standard_errors(pairing.similarities(folder, IDS, label))
    return pd.Series(sums)


def lengths(folder: Path) -> Iterator[dict[str, str]]:
    """Yield which lengths have the largest sums."""
    for label, even in product(LABELS, (False, True)):
        sums = by_length(folder, label, even)
        best = sums.nlargest(BEST).items()
        yield {
            "clips": label,
            "numbers": "even, below the length" if even else "all",
            "no interleaving": "" if even else f"{sums[0]:.1f}",
            "largest sums": ", ".join(f"{length}: {found:.1f}" for length, found in best),
        }


def shifted(folder: Path) -> Iterator[dict[str, str]]:
    """Yield deviation and maximum of the sums over shifted numbers: what chance does."""
    for label, (column, pairing) in product(LABELS, PAIRINGS.items()):
        pairs = [pairing.similarities(folder, IDS, label, shift) for shift in SHIFTS]
        sums = [standard_errors(values) for values in pairs]
        yield {
            "clips": label,
            "column": column,
            "deviation": f"{np.std(sums):.2f}",
            "largest": f"{max(sums):.1f}",
        }


TABLES = {"numbers": numbers, "lengths": lengths, "shifted": shifted}

if __name__ == "__main__":
    print_tables(TABLES, __doc__.splitlines()[0])
