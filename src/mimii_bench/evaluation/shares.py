"""How far a share of few may lie from that of many: exact limits."""

from scipy.special import betaincinv


def exact_limits(count: int, total: int, coverage: float = 0.95) -> tuple[float, float]:
    """Return the limits of a share of independent events (Clopper and Pearson 1934).

    They hold the true share at least so often, whatever it is.

    Parameters
    ----------
    count, total : int
        Events, among so many that could have been.
    coverage : float

    Examples
    --------
    >>> [round(limit, 3) for limit in exact_limits(0, 14)]
    [0.0, 0.232]
    """
    tail = (1 - coverage) / 2
    low = betaincinv(count, total - count + 1, tail) if count else 0.0
    high = betaincinv(count + 1, total - count, 1 - tail) if count < total else 1.0
    return float(low), float(high)
