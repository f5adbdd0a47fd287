"""Numbers and names as people read them."""

import re

from mimii_bench.reports.columns import COUNTS

_MINUS = "\N{MINUS SIGN}"


def fraction(value: float, digits: int = 3) -> str:
    """Return a fraction as reports print it, without the zero before the point.

    Examples
    --------
    >>> fraction(0.8124), fraction(1), fraction(-0.0672, 2)
    ('.812', '1.000', '−.07')
    """
    text = re.sub(r"^(-?)0\.", r"\1.", f"{value:.{digits}f}")
    return text.replace("-", _MINUS)


def with_interval(value: float, low: float | None, high: float | None) -> str:
    """Return a fraction with its interval.

    Examples
    --------
    >>> with_interval(0.812, 0.771, 0.853), with_interval(0.5, None, None)
    ('.812 [.77, .85]', '.500')
    """
    if low is None or high is None:
        return fraction(value)
    return f"{fraction(value)} [{fraction(low, 2)}, {fraction(high, 2)}]"


def count(value: float) -> str:
    """Return a count, or a mean of counts.

    Examples
    --------
    >>> count(50760), count(124.5)
    ('50,760', '124.5')
    """
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def number(text: str) -> float | None:
    """Return the number in a field of a table; None where the field is empty."""
    return float(text) if text else None


def measured(metric: str, value: float, low: float | None = None, high: float | None = None) -> str:
    """Return a number of a metric, with its interval where it has one."""
    return count(value) if metric in COUNTS else with_interval(value, low, high)


def duration(seconds: float) -> str:
    """Return a time in the unit that fits.

    Examples
    --------
    >>> duration(0.0123), duration(4.25), duration(372), duration(9000)
    ('12.3 ms', '4.2 s', '6 min 12 s', '2 h 30 min')
    """
    if round(seconds, 3) < 1:
        return f"{seconds * 1000:.3g} ms"
    if round(seconds, 1) < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def level(snr: str) -> str:
    """Return a signal-to-noise ratio with its unit apart.

    Examples
    --------
    >>> level("-6dB"), level("any")
    ('−6 dB', 'any')
    """
    return re.sub(r"^(-?)(\d+)dB$", lambda m: f"{_MINUS * len(m[1])}{m[2]} dB", snr)
