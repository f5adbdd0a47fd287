"""Which clips are heard: those that a system ranks highest and lowest, and the most wrong ones."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from mimii_bench.corpus.base import Unit

#: Why a clip is heard, in the order in which people are shown them.
REASONS = ("missed", "false_alarms", "highest", "lowest")


class ScoredClip(NamedTuple):
    """A test clip with its score, and where that stands among those of its own model.

    Attributes
    ----------
    pool : str
        Whose model scored it.
    clip : str
    unit : Unit
    label : str
    score : float
    rank, of : int
        Place among the test clips of its model, 1 for the highest score; equal ones share it.
    normal, normal_below : int
        How many of these are normal, and how many of the normal ones have a lower score.
    standing : float
        Standard deviations of the normal ones' scores above their mean: what scores of different
        models are compared by.
    threshold : float or None
    """

    pool: str
    clip: str
    unit: Unit
    label: str
    score: float
    rank: int
    of: int
    normal: int
    normal_below: int
    standing: float
    threshold: float | None

    @property
    def key(self) -> tuple:
        """What it is told apart by, and ordered where scores are equal."""
        return (self.unit, self.clip, self.pool)


def standings(
    pool: str, rows: Sequence[Mapping], threshold: float | None = None
) -> list[ScoredClip]:
    """Return the test clips of one model.

    Parameters
    ----------
    pool : str
    rows : sequence of mapping
        Of a score file: `clip`, `machine`, `snr`, `id`, `label`, `role` and `score`, a number.
    threshold : float, optional
        Of the model.
    """
    tested = [row for row in rows if row["role"] == "test"]
    scores = np.array([row["score"] for row in tested], float)
    of_normal = np.array([row["score"] for row in tested if row["label"] == "normal"], float)
    measured = of_normal if len(of_normal) else scores
    spread = float(measured.std()) or 1.0 if len(measured) else 1.0
    return [
        ScoredClip(
            pool=pool,
            clip=row["clip"],
            unit=Unit(*(row[field] for field in Unit._fields)),
            label=row["label"],
            score=float(score),
            rank=int((scores > score).sum()) + 1,
            of=len(scores),
            normal=len(of_normal),
            normal_below=int((of_normal < score).sum()),
            standing=float((score - measured.mean()) / spread),
            threshold=threshold,
        )
        for row, score in zip(tested, scores, strict=True)
    ]


def choose(clips: Iterable[ScoredClip], count: int) -> dict[str, list[ScoredClip]]:
    """Return the clips to hear by reason, the most telling first.

    Parameters
    ----------
    clips : iterable of ScoredClip
        Of one machine under one condition, perhaps by several models.
    count : int
        At most so many for each reason.

    Returns
    -------
    {reason: clips}
        `missed`: abnormal ones with the lowest scores; `false_alarms`: normal ones with the
        highest; `highest` and `lowest`: of all. One clip may be heard for several reasons. Clips
        that stand equally high are taken in the order of their names.
    """
    rising = sorted(clips, key=lambda one: (one.standing, one.score, one.key))
    falling = sorted(rising, key=lambda one: (-one.standing, -one.score, one.key))
    return {
        "missed": [one for one in rising if one.label == "abnormal"][:count],
        "false_alarms": [one for one in falling if one.label == "normal"][:count],
        "highest": falling[:count],
        "lowest": rising[:count],
    }


def each_once(chosen: Mapping[str, Sequence[ScoredClip]]) -> list[ScoredClip]:
    """Return the clips that are heard for any reason, each once, in the order of their names."""
    found = {one.key: one for clips in chosen.values() for one in clips}
    return [found[key] for key in sorted(found)]
