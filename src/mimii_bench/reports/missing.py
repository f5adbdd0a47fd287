"""What reports lack of a corpus, in few lines: many units or figures of one reason are counted."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

#: So many of a kind are named one by one.
_NAMED = 3
#: Reasons, or reports, that a line names.
_LISTED = 4
_UNIT = re.compile(r"(?P<unit>\S+): not in (?P<places>.+)")
#: A unit that several keys of the configuration leave out names them all.
_AND = re.compile(r", (?=simulated\.)")
_FIGURE = re.compile(r"figure (?P<figure>\S+), drawn from .+")


class Missing(NamedTuple):
    """Something that is missing: for which reports, and what."""

    reports: tuple[str, ...]
    what: str

    @property
    def whose(self) -> str:
        """The reports, or how many there are."""
        if len(self.reports) > _LISTED:
            return f"{len(self.reports)} reports"
        return ", ".join(self.reports)


def folded(missing: Iterable[tuple[str, str]]) -> list[Missing]:
    """Return what is missing in few lines.

    Parameters
    ----------
    missing : iterable of (report, what)
        As missing.csv has it.

    Examples
    --------
    >>> units = [("a", f"fan/6dB/id_0{n}: not in fan.zip") for n in range(5)]
    >>> folded([*units, ("a", "figure roc, drawn from fan/6dB/id_01"), ("b", "its mixes")])
    ... # doctest: +NORMALIZE_WHITESPACE
    [Missing(reports=('a',), what='5 units: 5 not in fan.zip'),
     Missing(reports=('a',), what='figure roc, drawn from fan/6dB/id_01'),
     Missing(reports=('b',), what='its mixes')]
    """
    reports: dict[str, list[str]] = {}
    for report, what in missing:
        reports.setdefault(what, []).append(report)
    rest = {what: tuple(dict.fromkeys(own)) for what, own in reports.items()}
    lines: list[Missing] = []
    for pattern, counted in ((_UNIT, _units), (_FIGURE, _figures)):
        mine = {what: rest.pop(what) for what in list(rest) if pattern.fullmatch(what)}
        lines += _one_by_one(mine) if len(mine) <= _NAMED else [_line(mine, counted)]
    return [*lines, *_one_by_one(rest)]


def _one_by_one(reports: dict[str, tuple[str, ...]]) -> Iterator[Missing]:
    yield from (Missing(own, what) for what, own in reports.items())


def _line(
    reports: dict[str, tuple[str, ...]], counted: Callable[[dict[str, tuple[str, ...]]], str]
) -> Missing:
    whose = dict.fromkeys(report for own in reports.values() for report in own)
    return Missing(tuple(whose), counted(reports))


def _units(reports: dict[str, tuple[str, ...]]) -> str:
    """Return how many units are missing, and how many of them where."""
    found = [match for what in reports if (match := _UNIT.fullmatch(what))]
    places = Counter(place for match in found for place in _AND.split(match["places"]))
    return f"{len(found)} units: {_listed(places, 'not in ')}"


def _figures(reports: dict[str, tuple[str, ...]]) -> str:
    whose = Counter(report for own in reports.values() for report in own)
    return (
        f"{sum(whose.values())} figures drawn from units that are missing: {_listed(whose, 'of ')}"
    )


def _listed(counts: Counter, word: str = "") -> str:
    told = [f"{number} {word}{name}" for name, number in counts.most_common(_LISTED)]
    others = len(counts) - len(told)
    return ", ".join(told) + (f", and so on in {others} more" if others else "")
