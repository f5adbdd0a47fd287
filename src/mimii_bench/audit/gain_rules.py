"""The readings of a claimed gain: all ways to compare systems with a baseline in one table.

A table often holds one system under many settings. "It gains 4 %" may then mean one setting, the
mean over settings, or the best setting for each machine, which is a choice made on the test set.
The table's digits leave room, so that each reading gives an interval: one if all numbers are
rounded, one if all are cut.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import product
from operator import sub
from statistics import fmean
from typing import NamedTuple

from mimii_bench.audit.cells import PrintedCell, Published
from mimii_bench.audit.means import MEANS
from mimii_bench.audit.printed import KINDS, Printed, Spread, compared, overlap, rising

#: The choice that needs the test set's labels, machine by machine.
ORACLE = "best setting per machine"
BY_OTHER = "judged by"

#: How a gain follows from two numbers; it rises with the first and falls with the second.
DIFFERENCES = {"absolute": sub, "relative": lambda left, right: left / right - 1}

#: machine -> number, where it is legible; the empty machine is the average that the table prints.
Values = Mapping[str, Spread]
#: setting -> its values
Settings = Mapping[str, Values]
#: machine or kind of mean -> number, None where it is not known
Compared = Mapping[str, Spread | None]


class Gain(NamedTuple):
    """A sentence that claims a gain, and where it stands.

    `gain` is the claimed difference as text, `metric` what it is said to be of, `baseline` the
    systems it may be over. `machine` is the machine meant, empty for an average over machines.
    Where the sentence names them: `system`, the `over` system and `scoring`, the baseline's
    variant.
    """

    claim: str
    location: str
    table: str
    metric: str
    gain: str
    baseline: Sequence[str]
    machine: str = ""
    system: str = ""
    over: str = ""
    scoring: str = ""

    @property
    def claimed(self) -> Printed:
        """The claimed difference."""
        return Printed.parse(self.gain)


class Rule(NamedTuple):
    """One reading of a gain: `choice` among the settings of `systems`, against `baseline`.

    `gain` is `left` against `right`, in points or as a part of `right`; None where a number that
    it needs is not legible.
    """

    metric: str
    baseline: tuple[str, str]
    systems: tuple[str, ...]
    choice: str
    over: str
    difference: str
    left: Spread | None
    right: Spread | None
    gain: Spread | None

    @property
    def text(self) -> str:
        """The rule in words."""
        against = " ".join(filter(None, self.baseline))
        return (
            f"{self.difference} {self.metric} gain of {' or '.join(self.systems)} over {against}, "
            f"{self.choice}, {self.over}"
        )

    def departures(self, note: Gain) -> int:
        """Count in how many ways a rule is not what the sentence says."""
        mean = "mean" in self.over
        same_system = not note.system or self.systems == (note.system,)
        return sum(
            (
                self.metric != note.metric,
                not (self.over == note.machine if note.machine else mean),
                not same_system or note.over not in ("", self.baseline[0]),
                note.scoring not in ("", self.baseline[1]),
                ORACLE in self.choice,
                BY_OTHER in self.choice,
                self.difference == "relative",
            )
        )

    def gives(self, claimed: Printed, kind: str) -> bool:
        """Tell whether a gain of known numbers may be printed as claimed."""
        return overlap(self.gain.under(kind), claimed.interval(kind))


def rules(published: Published, note: Gain) -> Iterator[Rule]:
    """Yield every reading of "a gain over the baseline" that the sentence's table allows."""
    cells = published.table(note.table)
    systems = list(dict.fromkeys(c.system for c in cells if c.system not in note.baseline))
    groups = [(system,) for system in systems] + ([tuple(systems)] if len(systems) > 1 else [])
    metrics = {metric: _machines(published, note.table, metric) for metric in _metrics(cells)}
    starts = dict.fromkeys((c.system, c.variant) for c in cells if c.system in note.baseline)
    for baseline, some in product(starts, groups):
        by_metric = {metric: _settings(cells, metric, some, baseline[1]) for metric in metrics}
        for metric, machines in metrics.items():
            reference = _overs(_row(cells, metric, *baseline), machines)
            # What one system's settings give by themselves is not tried again among several.
            choices = _single(by_metric[metric]) if len(some) == 1 else {}
            choices |= _joint(metric, by_metric, machines)
            for choice, chosen in choices.items():
                for over, *numbers in _differences(_overs(chosen, machines), reference):
                    yield Rule(metric, baseline, some, choice, over, *numbers)


def _metrics(cells: Sequence[PrintedCell]) -> list[str]:
    return list(dict.fromkeys(cell.metric for cell in cells))


def _machines(published: Published, table: str, metric: str) -> list[str]:
    """Return the machines of a table, also those of which no number is legible."""
    places = (cell for cell in published.places if cell.matches(table=table, metric=metric))
    return list(dict.fromkeys(cell.machine for cell in places if cell.machine))


def _row(cells: Sequence[PrintedCell], metric: str, system: str, variant: str) -> Values:
    wanted = {"metric": metric, "system": system, "variant": variant}
    return {cell.machine: cell.spread for cell in cells if cell.matches(**wanted)}


def _settings(
    cells: Sequence[PrintedCell], metric: str, systems: Sequence[str], scoring: str
) -> Settings:
    """Return the settings of some systems that share the baseline's scoring.

    A setting's variant is the baseline's, alone or continued: `mse` and `mse_alpha_2`.
    """
    pairs = dict.fromkeys((c.system, c.variant) for c in cells if c.system in systems)
    same = [p for p in pairs if p[1] == scoring or p[1].startswith(scoring and f"{scoring}_")]
    names = {" ".join(filter(None, pair)): pair for pair in same}
    return {name: _row(cells, metric, *pair) for name, pair in names.items()}


def _single(settings: Settings) -> dict[str, Values]:
    return {f"setting {name}": values for name, values in settings.items()}


def _joint(
    metric: str, by_metric: Mapping[str, Settings], machines: Sequence[str]
) -> dict[str, Values]:
    """Return ways to come from several settings to one value per machine."""
    settings = list(by_metric[metric].values())
    if len(settings) < 2:
        return {}
    mean = {m: rising([v[m] for v in settings], fmean) for m in _known(machines, settings)}
    choices = {"mean over settings": mean}
    for judge, judged in by_metric.items():
        by = "" if judge == metric else f" {BY_OTHER} {judge}"
        judges = list(judged.values())
        # Of judges that are printed alike the first decides.
        choices[ORACLE + by] = {
            m: max(zip(judges, settings, strict=True), key=lambda pair, m=m: pair[0][m].value)[1][m]
            for m in _known(machines, [*settings, *judges])
        }
    return choices


def _known(machines: Sequence[str], rows: Collection[Values]) -> list[str]:
    """Return the machines whose number is legible in every row."""
    return [machine for machine in machines if all(machine in values for values in rows)]


def _overs(values: Values, machines: Sequence[str]) -> Compared:
    """Return the numbers to compare: means over the machines, and that of each machine."""
    return {**_means(values, machines), **{machine: values.get(machine) for machine in machines}}


def _means(values: Values, machines: Sequence[str]) -> Compared:
    """Return the means over the machines where all their numbers are legible.

    A printed average stands for the mean that it is nearest to.
    """
    parts = [values[machine] for machine in machines if machine in values]
    if not parts or len(parts) < len(machines):
        return {f"{name} mean": None for name in MEANS}
    means = {f"{name} mean": rising(parts, function) for name, function in MEANS.items()}
    if printed := values.get(""):
        nearest = min(means, key=lambda name: abs(means[name].value - printed.value))
        means[nearest] = _narrowed(printed, means[nearest])
    return means


def _narrowed(printed: Spread, computed: Spread) -> Spread:
    """Return a printed average within the bounds of its parts, unless they contradict it."""
    bounds = []
    for kind in KINDS:
        one, other = printed.under(kind), computed.under(kind)
        both = max(one[0], other[0]), min(one[1], other[1])
        bounds.append(both if overlap(one, other) else one)
    return Spread(printed.value, *bounds)


def _differences(chosen: Compared, reference: Compared) -> Iterator[tuple]:
    """Yield over what two numbers are compared, the kind of difference, the numbers, the gain."""
    for over, left in chosen.items():
        right = reference[over]
        known = left is not None and right is not None
        for difference, function in DIFFERENCES.items():
            # Over what may be nothing there is no relative gain.
            if not known or difference == "absolute" or min(right.rounded[0], right.cut[0]) > 0:
                gain = compared(left, right, function) if known else None
                yield over, difference, left, right, gain
