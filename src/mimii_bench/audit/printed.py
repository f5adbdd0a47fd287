"""A printed number stands for all numbers that are printed so, by rounding or by cutting."""

from collections.abc import Callable, Iterable
from math import ceil, floor
from typing import NamedTuple

#: How the digits may have come about.
KINDS = ("rounded", "cut")

#: Far below every printed step and far above the error of double precision.
EPSILON = 1e-9

Interval = tuple[float, float]


class Printed(NamedTuple):
    """A number with `digits` behind the point."""

    value: float
    digits: int

    @classmethod
    def parse(cls, text: str) -> "Printed":
        """Read a number as it is printed; trailing zeros count as digits."""
        return cls(float(text), len(text.partition(".")[2]))

    @property
    def step(self) -> float:
        """One unit of the last digit."""
        return 10.0**-self.digits

    def interval(self, kind: str) -> Interval:
        """Return the bounds of what is printed so; halves may have been rounded either way."""
        if kind == "rounded":
            return self.value - self.step / 2 - EPSILON, self.value + self.step / 2 + EPSILON
        return self.value - EPSILON, self.value + self.step - EPSILON

    def show(self, number: float) -> str:
        """Write another number with the digits of this one."""
        return f"{number:.{self.digits}f}"


def overlap(one: Interval, other: Interval) -> bool:
    """Tell whether two intervals share a number."""
    return one[0] <= other[1] and other[0] <= one[1]


def whole_numbers(interval: Interval) -> range:
    """Return the whole numbers in an interval."""
    return range(ceil(interval[0]), floor(interval[1]) + 1)


def counts_in(share: Interval, whole: int) -> range:
    """Return the counts whose share of `whole` lies in an interval."""
    found = whole_numbers((share[0] * whole, share[1] * whole))
    return range(max(found.start, 0), min(found.stop, whole + 1))


def corners(intervals: Iterable[Interval], function: Callable) -> Interval:
    """Return the bounds of a function that rises in each of its arguments."""
    low, high = zip(*intervals, strict=True)
    return function(low), function(high)


class Spread(NamedTuple):
    """A number as printed or as it follows from printed ones, and its bounds by kind."""

    value: float
    rounded: Interval
    cut: Interval

    def under(self, kind: str) -> Interval:
        """Return the bounds if all printed digits came about in this way."""
        return getattr(self, kind)


def rising(spreads: Iterable[Spread], function: Callable) -> Spread:
    """Return a function of several numbers that rises in each of them."""
    values, *bounds = zip(*spreads, strict=True)
    return Spread(function(values), *(corners(some, function) for some in bounds))


def compared(left: Spread, right: Spread, function: Callable) -> Spread:
    """Return a function of two numbers that rises in the first and falls in the second."""
    bounds = (
        (
            function(left.under(k)[0], right.under(k)[1]),
            function(left.under(k)[1], right.under(k)[0]),
        )
        for k in KINDS
    )
    return Spread(function(left.value, right.value), *bounds)
