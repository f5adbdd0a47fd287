"""What a system makes of recordings that did not train it: cross-validation over recordings.

Normal recordings are dealt to folds at random; each fold is scored by a system that the others
trained. Abnormal recordings train nothing, and every one of these systems scores them; those that
train a supervised system are dealt to the folds too. An AUC compares only scores of one system.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np

from mimii_bench.detector.material import Material, Track
from mimii_bench.detector.scales import Scales, WindowScores, score_window
from mimii_bench.detector.windows import of_windows
from mimii_bench.evaluation.intervals import interval, of_group
from mimii_bench.evaluation.metrics import Sample, measure
from mimii_bench.evaluation.resampling import Measured
from mimii_bench.evaluation.scales import Counts
from mimii_bench.util.errors import UserError
from mimii_bench.util.seeds import generator

#: Normal recordings without which windows are dealt, and windows without which nothing is.
LEAST_RECORDINGS, LEAST_WINDOWS = 3, 3


class Part(NamedTuple):
    """A recording, or a stretch of one, that is held out as a whole."""

    material: Material
    windows: Sequence[tuple]
    name: str


@dataclass
class Held:
    """The scores of a part, by each system that had not learned it, with the fold of that."""

    part: Part
    scores: dict[int, list[WindowScores]]


class Trial(NamedTuple):
    """What was found.

    Attributes
    ----------
    folds : int
    held_out : {"recordings", "stretches"}
    normal, abnormal : list of Held
    """

    folds: int
    held_out: Literal["recordings", "stretches"]
    normal: list[Held]
    abnormal: list[Held]


class Plan(NamedTuple):
    """Which part is in which fold; -1 for those that train nothing and are always scored."""

    folds: int
    held_out: Literal["recordings", "stretches"]
    normal: list[tuple[Part, int]]
    abnormal: list[tuple[Part, int]]

    def training(self, fold: int | None) -> list[Part]:
        """Return the parts that train where a fold is held out, or none is."""
        both = (*self.normal, *self.abnormal)
        return [part for part, own in both if own not in (fold, -1)]

    def held_out_of(self, fold: int) -> Iterator[Part]:
        """Yield the parts that do not train where a fold is held out."""
        both = (*self.normal, *self.abnormal)
        return (part for part, own in both if own in (fold, -1))


def plan_folds(
    normal: Sequence[Material],
    abnormal: Sequence[Material],
    folds: int,
    supervised: bool,
    seed: int,
) -> Plan:
    """Deal recordings to folds; of one or two long recordings, stretches of their windows.

    Raises
    ------
    UserError
        There are too few.
    """
    parts, what = _parts(normal, folds)
    count = min(folds, len(parts), *([len(abnormal)] if supervised else []))
    if count < 2:
        raise UserError(
            "a supervised system needs two abnormal recordings or more, to hold one out; add some, "
            "or take an unsupervised system"
        )
    bad = [Part(one, one.windows, one.name) for one in abnormal]
    dealt = _dealt(len(bad), count, seed, "abnormal") if supervised else [-1] * len(bad)
    return Plan(
        count,
        what,
        list(zip(parts, _dealt(len(parts), count, seed, "normal"), strict=True)),
        list(zip(bad, dealt, strict=True)),
    )


def _parts(
    normal: Sequence[Material], folds: int
) -> tuple[list[Part], Literal["recordings", "stretches"]]:
    if len(normal) >= LEAST_RECORDINGS:
        return [Part(one, one.windows, one.name) for one in normal], "recordings"
    windows = sum(len(one.windows) for one in normal)
    if windows < LEAST_WINDOWS:
        raise UserError(
            f"{len(normal)} normal recording(s) with {windows} window(s): too few to hold one out; "
            f"record {LEAST_RECORDINGS} or more"
        )
    # Neighbouring windows resemble each other, and stay together.
    cuts = [
        Part(one, part, f"{one.name} (stretch {number})")
        for one in normal
        for number, part in enumerate(_stretches(one.windows, min(folds, len(one.windows))), 1)
    ]
    return cuts, "stretches"


def _stretches(windows: Sequence[tuple], count: int) -> Iterator[Sequence[tuple]]:
    ends = [len(windows) * k // count for k in range(count + 1)]
    return (windows[a:b] for a, b in pairwise(ends))


def _dealt(count: int, folds: int, seed: int, what: str) -> list[int]:
    order = generator("detector", what, seed).permutation(count)
    return [int(place) % folds for place in np.argsort(order)]


def hold(
    plan: Plan,
    fit: Callable[[Sequence[Part]], object],
    kind: str,
    scales: Callable[[object], Scales],
    track: Track,
) -> Trial:
    """Fit a system without each fold in turn, and score what it did not learn.

    Parameters
    ----------
    plan : Plan
    fit : function of the parts that train
        Returns a fitted system.
    kind : str
        Of score.
    scales : function of a fitted system
    track : Track
    """
    held = {id(part): Held(part, {}) for part, _ in (*plan.normal, *plan.abnormal)}
    for fold in track(range(plan.folds), "folds", plan.folds):
        system = fit(plan.training(fold))
        found = scales(system)
        for part in plan.held_out_of(fold):
            scored = [score_window(system, kind, window, found) for window in part.windows]
            held[id(part)].scores[fold] = scored
    normal, abnormal = (
        [held[id(part)] for part, _ in parts] for parts in (plan.normal, plan.abnormal)
    )
    return Trial(plan.folds, plan.held_out, normal, abnormal)


def part_scores(held: Sequence[Held], rate: float) -> list[dict[int, float]]:
    """Return the score of each part by each system that scored it, by fold; see `of_windows`."""
    return [
        {
            fold: of_windows([window.whole for window in windows], rate)
            for fold, windows in one.scores.items()
        }
        for one in held
    ]


class Ranking(NamedTuple):
    """An AUC with its 95 % interval."""

    value: float
    low: float
    high: float


def ranking(normal: Sequence[dict[int, float]], abnormal: Sequence[dict[int, float]]) -> Ranking:
    """Return how often an abnormal recording outranks a normal one that one system scored both.

    The interval is of so many independent recordings (`evaluation.scales.area_variance`).
    """
    pairs, won = 0, 0.0
    for fold in {fold for scores in normal for fold in scores}:
        good = [scores[fold] for scores in normal if fold in scores]
        bad = [scores[fold] for scores in abnormal if fold in scores]
        if good and bad:
            sample = Sample([False] * len(good) + [True] * len(bad), good + bad)
            won += float(measure(sample, "auc")[0]) * len(good) * len(bad)
            pairs += len(good) * len(bad)
    area = won / pairs
    counts = Counts(len(normal), len(abnormal))
    group = Measured("auc", np.array([area]), np.array([area]), counts, 1, None)
    return Ranking(area, *interval(of_group(group)))
