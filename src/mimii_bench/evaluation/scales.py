"""How far a number from few clips may lie from what many clips would give: score intervals.

A score interval holds every value that the observed one does not contradict: the variance is taken
at that value, not at the observed one, so that it keeps a width where nothing was missed, and stays
within what a metric can be. Wilson's (1927) of a rate and Newcombe's (2006, method 5) of an area
under the ROC curve are the two that are needed: every metric is one of these on a scale of its own.

How the clips of one data set really vary enters as a design effect (Kish 1965; with score intervals
Korn and Graubard 1998): the variance that the bootstrap finds, over the one that the formula
expects. Where the clips are too few, or too well told apart, for the bootstrap to find any, it
tends to 1. Coverage is measured in docs/statistics.md.
"""

from collections.abc import Callable
from typing import NamedTuple

#: Bisections of [0, 1]: beyond the digits of a double.
_BISECTIONS = 60


class Counts(NamedTuple):
    """On how many clips a number rests: of each label, and those that raise an alarm."""

    normal: int
    abnormal: int
    alarms: float = 0.0


class Scale(NamedTuple):
    """What a metric is a share of.

    Attributes
    ----------
    variance : function of (share, sizes...)
        Of a share in [0, 1] that rests on so many clips.
    sizes : function of Counts
        Of how many clips it is a share.
    ends : function of Counts
        The metric where the share is 0 and where it is 1.
    """

    variance: Callable[..., float]
    sizes: Callable[[Counts], tuple[float, ...]]
    ends: Callable[[Counts], tuple[float, float]] = lambda _: (0.0, 1.0)


def rate_variance(rate: float, clips: float) -> float:
    """Return the variance of a share of independent clips, the binomial one."""
    return rate * (1 - rate) / clips


def area_variance(area: float, normal: float, abnormal: float) -> float:
    """Return the variance of an AUC, as Newcombe (2006), method 5, has it.

    That of Hanley and McNeil (1982), of scores with exponential distributions, in which either
    class counts as the mean of both.
    """
    others = (normal + abnormal) / 2 - 1
    pairs = 1 + others * ((1 - area) / (2 - area) + area / (1 + area))
    return area * (1 - area) * pairs / (normal * abnormal)


def limits(
    value: float,
    variance: float | None,
    counts: Counts,
    scale: Scale,
    quantile: float,
    least_effect: float = 0.0,
) -> tuple[float, float]:
    """Return the score interval of a metric.

    Parameters
    ----------
    value : float
        Observed.
    variance : float or None
        Of `value`, from the clips themselves; None where they are too few to show one.
    counts : Counts
    scale : Scale
    quantile : float
        How many standard deviations the interval reaches to either side; 1.96 for 95 %.
    least_effect : float
        Below which the design effect does not go.

    Returns
    -------
    low, high : float
    """
    least, most = scale.ends(counts)
    sizes = scale.sizes(counts)
    share = min(max((value - least) / (most - least), 0.0), 1.0)
    effect = 1.0
    if variance is not None:
        # What half a clip that was missed would add: it alone counts where none was.
        half_a_clip = scale.variance(1 - 0.5 / max(min(sizes), 1), *sizes)
        seen = variance / (most - least) ** 2
        effect = (seen + half_a_clip) / (scale.variance(share, *sizes) + half_a_clip)
        effect = max(effect, least_effect)

    def contradicts(other: float) -> bool:
        allowed = quantile**2 * effect * scale.variance(other, *sizes)
        return (share - other) ** 2 > allowed

    low, high = _edge(contradicts, 0.0, share), _edge(contradicts, 1.0, share)
    return least + low * (most - least), least + high * (most - least)


def _edge(contradicts: Callable[[float], bool], outside: float, inside: float) -> float:
    """Return where values begin to contradict, on the way from `inside` to `outside`."""
    for _ in range(_BISECTIONS):
        middle = (outside + inside) / 2
        if contradicts(middle):
            outside = middle
        else:
            inside = middle
    return inside


#: The area under the whole ROC curve.
AREA = Scale(area_variance, lambda counts: (counts.normal, counts.abnormal))
#: Shares of clips, by which ones.
OF_ALL = Scale(rate_variance, lambda counts: (counts.normal + counts.abnormal,))
OF_ABNORMAL = Scale(rate_variance, lambda counts: (max(counts.abnormal, 1),))
OF_NORMAL = Scale(rate_variance, lambda counts: (max(counts.normal, 1),))
OF_ALARMS = Scale(rate_variance, lambda counts: (max(counts.alarms, 1),))
#: F1 is the share that true positives have of the mean of anomalies and alarms.
OF_BOTH = Scale(rate_variance, lambda counts: (max((counts.abnormal + counts.alarms) / 2, 1),))
