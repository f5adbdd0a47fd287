"""From measured groups to one number with its intervals: averages, differences, predictions.

A number is a weighted sum of measured groups. Its variance has two parts. That of the clips is
recovered from the score interval of each group (MOVER, Zou and Donner 2008), with what groups have
in common taken from their bootstrap replicates; that of the trainings is the one between seeds.
Their reaches add in squares, that of the seeds with Student's quantile. Tables, claims and
leaderboard take intervals, p and predictions from here alone; docs/statistics.md shows the
coverage of each.
"""

import math
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr, ndtri, stdtrit

from mimii_bench.evaluation.resampling import Measured

#: How often an interval should hold the true value.
COVERAGE = 0.95
#: A harmonic mean is not defined at 0.
_LEAST_HARMONIC = 1e-12
MEANS = {
    "arithmetic": lambda values: float(np.mean(values)),
    "harmonic": lambda values: float(1 / np.mean(1 / np.maximum(values, _LEAST_HARMONIC))),
}
#: Differences up to this are those of rounding.
ROUNDING = 1e-12
#: A p is not told from 0 below twice the exponential of this.
_LEAST_LOG_TAIL = -60.0


class Distribution:
    """A number, and what it is a weighted sum of.

    Parameters
    ----------
    value : float
    terms : iterable of (weight, Measured)
        Equal groups are added up. None for a number that is not of our clips: it is certain.
    ends : (float, float)
        The least and the greatest that it can be.
    """

    def __init__(
        self, value: float, terms: Iterable[tuple[float, Measured]], ends: tuple[float, float]
    ):
        self.value, self.ends = value, ends
        weights: dict[int, list] = {}
        for weight, group in terms:
            weights.setdefault(id(group), [0.0, group])[0] += weight
        self.terms = tuple((weight, group) for weight, group in weights.values() if weight)

    @property
    def seeds(self) -> int | None:
        """The fewest trainings behind any part; None for a number without."""
        return min((group.values.size for _, group in self.terms), default=None)

    def __sub__(self, other: "Distribution") -> "Distribution":
        negative = ((-weight, group) for weight, group in other.terms)
        ends = self.ends[0] - other.ends[1], self.ends[1] - other.ends[0]
        return Distribution(self.value - other.value, (*self.terms, *negative), ends)

    @cached_property
    def trainings(self) -> tuple[float, float]:
        """The variance that the seeds give the number, and its degrees of freedom.

        Trainings of one pool are taken seed by seed, so that groups that the same models scored,
        and sides of a difference, keep what they have in common; pools are independent. Without a
        second seed there is no such variance: 0, and no limit to the freedom.
        """
        by_pool: dict[object, np.ndarray] = {}
        for weight, group in self.terms:
            deviations = weight * (group.values - group.value)
            by_pool[repr(group.trained)] = by_pool.get(repr(group.trained), 0) + deviations
        found = [
            (np.var(sums, ddof=1) / sums.size, sums.size - 1)
            for sums in by_pool.values()
            if sums.size > 1
        ]
        return added(found)


class Estimate(NamedTuple):
    """A number with its 95 % interval, the seeds behind it, and where one more run would print it.

    A count has no interval and no seeds (None); with one seed nothing is predicted.
    """

    value: float
    low: float | None = None
    high: float | None = None
    seeds: int | None = None
    pi_low: float | None = None
    pi_high: float | None = None


class Printed(NamedTuple):
    """What a printed number rests on.

    Attributes
    ----------
    drawn : bool
        Whether its test clips are another draw than ours.
    runs : int
        Of how many trainings it is the mean.
    half_unit : float
        Half of the last printed digit.
    """

    drawn: bool
    runs: int = 1
    half_unit: float = 0.0


def certain(value: float) -> Distribution:
    """Return a number that is not of our clips, and so does not vary with them."""
    return Distribution(value, (), (value, value))


def of_group(group: Measured) -> Distribution:
    """Return the number of one group."""
    return Distribution(group.value, [(1.0, group)], group.ends)


def average(numbers: Sequence[Distribution], mean: str = "arithmetic") -> Distribution:
    """Return the mean of several numbers, of a kind in `MEANS`.

    The variance of a harmonic mean is that of its linear approximation (delta method).
    """
    kind = MEANS[mean]
    values = np.array([number.value for number in numbers])
    value = kind(values)
    weights = np.full(len(values), 1 / len(values))
    if mean == "harmonic":
        weights *= (value / np.maximum(values, _LEAST_HARMONIC)) ** 2
    terms = (
        (weight * of_group, group)
        for weight, number in zip(weights, numbers, strict=True)
        for of_group, group in number.terms
    )
    least, most = zip(*(number.ends for number in numbers), strict=True)
    return Distribution(value, terms, (kind(least), kind(most)))


def interval(number: Distribution, coverage: float = COVERAGE) -> tuple[float, float]:
    """Return the interval that holds the expected number, over clips and trainings, so often.

    Of one training it is the chance of the clips alone: what is expected of that training.
    """
    down, up = (
        reach(clips, number.trainings, (1 - coverage) / 2) for clips in _clips(number, coverage)
    )
    least, most = number.ends
    return max(number.value - down, least), min(number.value + up, most)


def p_value(number: Distribution) -> float:
    """Return the two-sided p of a difference: how easily chance gives one so far from 0.

    Consistent with `interval`: below .05 where its 95 % exclude 0.
    """
    if abs(number.value) <= ROUNDING:
        return 1.0
    below, above = _clips(number, COVERAGE)
    clips = below if number.value > 0 else above
    least, most = _LEAST_LOG_TAIL, math.log(0.5)
    for _ in range(60):
        middle = (least + most) / 2
        if reach(clips, number.trainings, math.exp(middle)) > abs(number.value):
            least = middle
        else:
            most = middle
    return 2 * math.exp(most)


def predicted(number: Distribution, printed: Printed) -> tuple[float, float] | None:
    """Return where, in 95 %, one more run of the same system would print its number.

    The difference of two numbers of one system: both have the chance of their trainings, which is
    1 / k of k seeds of ours and 1 / m of m printed runs (Student's prediction interval), and both
    that of their clips where these are not the same. None with one seed, which says nothing of the
    next, and for a number that is certain.
    """
    if number.seeds is None or number.seeds < 2:
        return None
    variance, freedom = number.trainings
    trainings = variance * (1 + number.seeds / printed.runs), freedom
    draws = 2 if printed.drawn else 0
    down, up = (reach(draws * clips, trainings) for clips in _clips(number, COVERAGE))
    least, most = number.ends
    return (
        max(number.value - down, least) - printed.half_unit,
        min(number.value + up, most) + printed.half_unit,
    )


def estimate(number: Distribution, printed: Printed | None = None) -> Estimate:
    """Return a number with its interval, and where one more run would print it."""
    ahead = predicted(number, printed) if printed else None
    return Estimate(number.value, *interval(number), number.seeds, *(ahead or (None, None)))


def _clips(number: Distribution, coverage: float) -> tuple[float, float]:
    """Return the variance that the clips give a number, below it and above.

    That of each group is recovered from its score interval, on the side from which it moves the
    sum. Where groups are subtracted from each other, what they share moves both to the same side:
    then both sides of each count alike.
    """
    quantile = float(ndtri((1 + coverage) / 2))
    spreads = [(weight, group, *_spread(group, quantile)) for weight, group in number.terms]
    if len({weight > 0 for weight, *_ in spreads}) > 1:
        spreads = [(w, group, *[math.hypot(a, b) / math.sqrt(2)] * 2) for w, group, a, b in spreads]
    return (
        _summed(
            (weight, group, high if weight < 0 else low) for weight, group, low, high in spreads
        ),
        _summed(
            (weight, group, low if weight < 0 else high) for weight, group, low, high in spreads
        ),
    )


def _spread(group: Measured, quantile: float) -> tuple[float, float]:
    """Return a group's standard deviations below and above, of the chance of its clips."""
    freedom = max(group.counts.normal + group.counts.abnormal - 2, 1)
    low, high = group.limits(float(_student(freedom, quantile)))
    return (group.value - low) / quantile, (high - group.value) / quantile


def _summed(parts: Iterable[tuple[float, Measured, float]]) -> float:
    """Return the variance of a weighted sum; groups that no resample moves are independent."""
    together, alone = 0.0, 0.0
    for weight, group, spread in parts:
        if group.standardised.any():
            together = together + weight * spread * group.standardised
        else:
            alone += (weight * spread) ** 2
    return float(np.var(together)) + alone


def added(parts: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the sum of independent variances, each with its degrees of freedom, and those of it.

    Welch (1947) and Satterthwaite (1946).
    """
    variance = sum(part for part, _ in parts)
    if not variance:
        return 0.0, np.inf
    return variance, variance**2 / max(sum(part**2 / free for part, free in parts), 1e-300)


def reach(clips: float, trainings: tuple[float, float], tail: float = (1 - COVERAGE) / 2) -> float:
    """Return half the width of an interval that leaves `tail` out on either side.

    The reaches of independent parts add in squares, each with its own quantile (Howe 1974).

    Parameters
    ----------
    clips : float
        The variance that clips give.
    trainings : (float, float)
        That of the seeds, and its degrees of freedom.
    tail : float
    """
    variance, freedom = trainings
    of_trainings = stdtrit(freedom, 1 - tail) if variance else 0.0
    return float(math.hypot(ndtri(1 - tail) * math.sqrt(clips), of_trainings * math.sqrt(variance)))


def _student(freedom: float, normal: float) -> float:
    """Return the quantile of Student's distribution where the normal one has `normal`."""
    return stdtrit(freedom, ndtr(normal))
