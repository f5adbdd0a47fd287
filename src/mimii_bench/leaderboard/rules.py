"""What leaderboard.yaml names beside systems: fusions of rows, and thresholds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

#: The row of all that are not supervised.
FUSION = "fusion"


@dataclass(frozen=True)
class Fusion:
    """A row whose score is the mean of those of others.

    Attributes
    ----------
    name : str
    rows : sequence of str
        Names of rows.
    scores : {"ranks", "standardised"}
        What is averaged: the rank of a clip among the unit's test clips; or the score less the mean
        of the normal training clips of the unit, over their deviation.
    supervised : bool
        Whether some row has heard abnormal clips.
    """

    name: str
    rows: Sequence[str]
    scores: str
    supervised: bool


class ThresholdRule(NamedTuple):
    """A threshold that is fitted on normal clips for a rate of false alarms.

    Attributes
    ----------
    name : str
    threshold : mapping
        Its class in `mimii_bench.evaluation` and its options, the wanted rate among them as `p`.
    fitted_on : {"training", "apart"}
        The normal clips that trained; or half of those of the test, and the rates are those of the
        others.
    wanted : float
    """

    name: str
    threshold: Mapping
    fitted_on: str
    wanted: float
