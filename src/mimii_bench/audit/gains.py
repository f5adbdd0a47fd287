"""Claimed gains: which way of choosing among a table's numbers gives the claimed difference.

A table often holds one system under many settings. "It gains 4 %" may then mean one setting, the
mean over settings, or the best setting for each machine, which is a choice made on the test set.
All of these are tried, for every metric of the table, and those that give the claimed digits named.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from statistics import fmean
from typing import NamedTuple

from mimii_bench.audit.cells import Cell, Published
from mimii_bench.audit.findings import Finding
from mimii_bench.audit.means import MEANS
from mimii_bench.audit.notes import entries
from mimii_bench.audit.printed import Printed
from mimii_bench.errors import UserError

#: The choice that needs the test set's labels, machine by machine.
ORACLE = "best setting per machine"
BY_OTHER = "judged by"

#: machine -> value; the empty machine is the average as the table prints it, where it does.
Values = Mapping[str, float]
#: setting -> its values
Settings = Mapping[str, Values]


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


class Rule(NamedTuple):
    """One reading of a gain: `choice` among the settings of `systems`, against `baseline`."""

    metric: str
    baseline: tuple[str, str]
    systems: tuple[str, ...]
    choice: str
    over: str
    difference: str
    left: float
    right: float

    @property
    def value(self) -> float:
        """The gain, in points or as a part of the baseline's number."""
        points = self.left - self.right
        return points if self.difference == "absolute" else points / self.right

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
        return sum(
            (
                self.metric != note.metric,
                not (self.over == note.machine if note.machine else mean),
                note.system not in ("", *self.systems) or note.over not in ("", self.baseline[0]),
                note.scoring not in ("", self.baseline[1]),
                ORACLE in self.choice,
                BY_OTHER in self.choice,
                self.difference == "relative",
            )
        )


def check(published: Published, _all) -> list[Finding]:
    """Find claimed gains that the table gives only by departing from the sentence."""
    findings = []
    for note in entries(published, "gains", Gain):
        if not isinstance(note.gain, str):
            raise UserError(f"{published.path}: gains: put {note.gain} in quotes, digits count")
        claimed = Printed.parse(note.gain)
        found = list(rules(published.table(note.table), note.baseline))
        matching = [rule for rule in found if _matches(rule, claimed)]
        matching.sort(key=lambda rule: rule.departures(note))
        if not matching or _unlike(note, matching[0]):
            findings.append(_finding(published, note, found, matching))
    return findings


def rules(cells: Sequence[Cell], baselines: Sequence[str]) -> Iterator[Rule]:
    """Yield every reading of "a gain over the baseline" that a table allows."""
    systems = list(dict.fromkeys(cell.system for cell in cells if cell.system not in baselines))
    groups = [(system,) for system in systems] + ([tuple(systems)] if len(systems) > 1 else [])
    metrics = list(dict.fromkeys(cell.metric for cell in cells))
    starts = dict.fromkeys((c.system, c.variant) for c in cells if c.system in baselines)
    for baseline, some in product(starts, groups):
        by_metric = {metric: _settings(cells, metric, some, baseline[1]) for metric in metrics}
        for metric, settings in by_metric.items():
            reference = _row(cells, metric, *baseline)
            for choice, chosen in _choices(metric, settings, by_metric):
                for over, left, right in _overs(chosen, reference):
                    for difference in ("absolute", "relative"):
                        yield Rule(metric, baseline, some, choice, over, difference, left, right)


def _row(cells: Sequence[Cell], metric: str, system: str, variant: str) -> Values:
    wanted = {"metric": metric, "system": system, "variant": variant}
    return {cell.machine: cell.number.value for cell in cells if cell.matches(**wanted)}


def _settings(cells: Sequence[Cell], metric: str, systems: Sequence[str], scoring: str) -> Settings:
    """Return the settings of some systems that share the baseline's scoring.

    A setting's variant is the baseline's, alone or continued: `mse` and `mse_alpha_2`.
    """
    pairs = dict.fromkeys((c.system, c.variant) for c in cells if c.system in systems)
    same = [p for p in pairs if p[1] == scoring or p[1].startswith(scoring and f"{scoring}_")]
    names = {" ".join(filter(None, pair)): pair for pair in same}
    return {name: _row(cells, metric, *pair) for name, pair in names.items()}


def _choices(
    metric: str, settings: Settings, by_metric: Mapping[str, Settings]
) -> Iterator[tuple[str, Values]]:
    """Yield ways to come from many settings to one value per machine."""
    for name, values in settings.items():
        yield f"setting {name}", values
    if len(settings) < 2:
        return
    machines = [machine for machine in next(iter(settings.values())) if machine]
    yield "mean over settings", {m: fmean(v[m] for v in settings.values()) for m in machines}
    for judge, judged in by_metric.items():
        best = {m: max(settings, key=lambda name, m=m, by=judged: by[name][m]) for m in machines}
        by = "" if judge == metric else f" {BY_OTHER} {judge}"
        yield ORACLE + by, {m: settings[best[m]][m] for m in machines}


def _overs(chosen: Values, reference: Values) -> Iterator[tuple[str, float, float]]:
    """Yield the two numbers compared: means over the machines, and those of each machine."""
    for name in MEANS:
        yield f"{name} mean", _mean(chosen, name), _mean(reference, name)
    for machine in filter(None, reference):
        yield machine, chosen[machine], reference[machine]


def _mean(values: Values, mean: str) -> float:
    """Return a mean over machines: the printed average where that is the mean it is nearest to."""
    parts = [value for machine, value in values.items() if machine]
    computed = {name: function(parts) for name, function in MEANS.items()}
    printed = values.get("", computed[mean])
    nearest = min(computed, key=lambda name: abs(computed[name] - printed))
    return printed if nearest == mean else computed[mean]


def _matches(rule: Rule, claimed: Printed) -> bool:
    low, high = claimed.interval("rounded")
    return low <= rule.value <= high


def _unlike(note: Gain, rule: Rule) -> bool:
    """Tell whether a rule departs from the sentence, points or per cent being one to a reader."""
    return rule.departures(note) > (rule.difference == "relative")


def _finding(published, note: Gain, found: list[Rule], matching: list[Rule]) -> Finding:
    claimed = Printed.parse(note.gain)
    plain = [rule for rule in found if not rule.departures(note)]
    shown = []
    if plain:
        nearest = min(plain, key=lambda rule: abs(rule.value - claimed.value))
        shown.append(f"nearest as described: {_arithmetic(nearest, claimed)}")
    # Of a thousand rules some match by chance: only those nearest to the sentence explain it.
    closest = [r for r in matching if r.departures(note) == matching[0].departures(note)]
    shown += [f"explained by: {_arithmetic(rule, claimed)}" for rule in closest]
    if closest:
        chance = by_chance(found, note, closest[0].departures(note))
        shown.append(f"so near the sentence, about {chance:.1f} rules would match by chance")
    if len(matching) > len(closest):
        shown.append(f"{len(matching) - len(closest)} rules farther from it match too")
    return Finding(
        published.key,
        note.table,
        f"{note.location}: {note.claim}",
        "claimed_gain",
        f"claims {note.gain}; " + _verdict(note, closest) + f" ({len(found)} rules tried)",
        "; ".join(shown),
        "; ".join(rule.text for rule in closest),
    )


def by_chance(found: Sequence[Rule], note: Gain, departures: int) -> float:
    """Return how many rules would match a gain by chance, of those with so many departures.

    It is the number of such rules per digit, counted up to fifty digits on either side.
    """
    claimed, reach = Printed.parse(note.gain), 50
    distance = reach * claimed.step
    near = [rule for rule in found if abs(rule.value - claimed.value) <= distance]
    return sum(rule.departures(note) <= departures for rule in near) / (2 * reach)


def _verdict(note: Gain, closest: list[Rule]) -> str:
    if not closest:
        return "no rule gives it"
    parts = []
    if all(rule.metric != note.metric for rule in closest):
        parts.append(f"no gain of {note.metric} gives it, one of {closest[0].metric} does")
    if all(ORACLE in rule.choice for rule in closest):
        parts.append("by the best setting for each machine, chosen on the test set")
    return ", ".join(parts) or "only other systems or machines than those named give it"


def _arithmetic(rule: Rule, claimed: Printed) -> str:
    left, right, value = (
        f"{x:.{claimed.digits + 1}f}" for x in (rule.left, rule.right, rule.value)
    )
    formula = f"{left} - {right}" if rule.difference == "absolute" else f"{left} / {right} - 1"
    return f"{formula} = {value} ({rule.text})"
