"""Claimed gains: which way of choosing among a table's numbers gives the claimed difference.

All readings of `gain_rules` are tried, for every metric of the table, if all numbers are rounded
and if all are cut; those that give the claimed digits and are nearest to the sentence are named.
"""

from collections.abc import Mapping, Sequence

from mimii_bench.audit.cells import Published
from mimii_bench.audit.findings import Finding
from mimii_bench.audit.gain_rules import ORACLE, Gain, Rule, rules
from mimii_bench.audit.notes import entries
from mimii_bench.audit.printed import KINDS, Interval
from mimii_bench.util.errors import UserError

#: By the kind of printing, rules that give a claimed gain.
Matching = Mapping[str, list[Rule]]


def check(published: Published, _all) -> list[Finding]:
    """Find claimed gains that the table gives only by departing from the sentence.

    Digits are taken as rounded: that the sentence holds of cut ones is part of a finding. Nothing
    is said where a number that the sentence is about is not legible.
    """
    findings = []
    for note in entries(published, "gains", Gain):
        _check_note(published, note)
        tried = list(rules(published, note))
        as_said = [rule for rule in tried if _as_said(note, rule)]
        if not as_said or any(rule.gain is None for rule in as_said):
            continue
        if not any(rule.gives(note.claimed, "rounded") for rule in as_said):
            findings.append(_finding(published, note, tried))
    return findings


def _check_note(published: Published, note: Gain) -> None:
    """Refuse a number whose digits are lost, and a name that the table does not have."""
    if not isinstance(note.gain, str):
        raise UserError(f"{published.path}: gains: put {note.gain} in quotes, digits count")
    places = [cell for cell in published.places if cell.table == note.table]
    named = [("metric", note.metric), ("machine", note.machine), ("variant", note.scoring)]
    named += [("system", name) for name in (*note.baseline, note.system, note.over)]
    for field, name in named:
        if name and not any(getattr(cell, field) == name for cell in places):
            raise UserError(f"{published.path}: gains: no {field} {name!r} in {note.table}")


def _as_said(note: Gain, rule: Rule) -> bool:
    """Tell whether a rule is what the sentence says, points or per cent being one to a reader."""
    return rule.departures(note) <= (rule.difference == "relative")


def _finding(published: Published, note: Gain, tried: list[Rule]) -> Finding:
    known = [rule for rule in tried if rule.gain]
    matching = {kind: [rule for rule in known if rule.gives(note.claimed, kind)] for kind in KINDS}
    # Of a thousand rules some match by chance: only those nearest to the sentence explain it.
    closest = {kind: _closest(note, some) for kind, some in matching.items()}
    explaining = [*closest["rounded"], *(r for r in closest["cut"] if r not in closest["rounded"])]
    return Finding(
        published.key,
        note.table,
        f"{note.location}: {note.claim}",
        "claimed_gain",
        f"claims {note.gain}; {_verdict(note, closest, len(known), len(tried) - len(known))}",
        "; ".join([*_shown(note, known, explaining), *_chances(note, known, matching, closest)]),
        "; ".join(_only(note, rule, "if {}: ") + rule.text for rule in explaining),
    )


def _closest(note: Gain, matching: list[Rule]) -> list[Rule]:
    fewest = min((rule.departures(note) for rule in matching), default=0)
    return [rule for rule in matching if rule.departures(note) == fewest]


def _shown(note: Gain, known: list[Rule], explaining: list[Rule]) -> list[str]:
    """Return the arithmetic of what the sentence says, and of what explains it."""
    plain = (rule for rule in known if not rule.departures(note))
    nearest = min(plain, key=lambda rule: abs(rule.gain.value - note.claimed.value))
    return [f"nearest as described: {_arithmetic(note, nearest)}"] + [
        f"{_only(note, rule, 'if {}, ')}explained by: {_arithmetic(note, rule)}"
        for rule in explaining
        if rule != nearest
    ]


def _chances(note: Gain, known: list[Rule], matching: Matching, closest: Matching) -> list[str]:
    """Return how much a match says: how many to expect by chance, and how many more there are."""
    kind = next((kind for kind in KINDS if matching[kind]), None)
    if kind is None:
        return []
    expected = by_chance(known, note, closest[kind][0].departures(note), kind)
    texts = [f"so near the sentence, about {expected:.1f} rules would match by chance"]
    farther = len(matching[kind]) - len(closest[kind])
    return texts + ([f"{farther} rules farther from it match too"] if farther else [])


def by_chance(found: Sequence[Rule], note: Gain, departures: int, kind: str) -> float:
    """Return how many rules would match a gain by chance, of those with so many departures.

    A rule matches the digits that its interval touches, one more than the interval holds. These are
    counted for the rules up to fifty digits on either side, per digit.
    """
    claimed, reach = note.claimed, 50
    distance = reach * claimed.step
    near = (rule for rule in found if abs(rule.gain.value - claimed.value) <= distance)
    intervals = (rule.gain.under(kind) for rule in near if rule.departures(note) <= departures)
    return sum((high - low) / claimed.step + 1 for low, high in intervals) / (2 * reach)


def _verdict(note: Gain, closest: Matching, known: int, unknown: int) -> str:
    rounded, cut = (_judge(note, closest[kind]) for kind in KINDS)
    verdict = rounded if rounded == cut else f"if rounded, {rounded}; if cut, {cut}"
    if unknown:
        return f"of what is legible, {verdict} ({known} rules tried, {unknown} lack a number)"
    return f"{verdict} ({known} rules tried)"


def _judge(note: Gain, closest: list[Rule]) -> str:
    """Say how the nearest rules that give a gain depart from the sentence."""
    if not closest:
        return "no rule gives it"
    if any(_as_said(note, rule) for rule in closest):
        return "a gain as described gives it"
    parts = []
    if all(rule.metric != note.metric for rule in closest):
        parts.append(f"no such gain of {note.metric} gives it, one of {closest[0].metric} does")
    if all(ORACLE in rule.choice for rule in closest):
        parts.append("by the best setting for each machine, chosen on the test set")
    return ", ".join(parts) or "only other systems or machines than those named give it"


def _only(note: Gain, rule: Rule, text: str) -> str:
    """Return a text about the kind of printing under which alone a rule gives the gain."""
    kinds = [kind for kind in KINDS if rule.gives(note.claimed, kind)]
    return text.format(*kinds) if len(kinds) == 1 else ""


def _arithmetic(note: Gain, rule: Rule) -> str:
    """Return a rule's numbers, with what their digits allow where the kind of printing decides."""
    numbers = (rule.left.value, rule.right.value, rule.gain.value)
    left, right, value = (f"{number:.{note.claimed.digits + 1}f}" for number in numbers)
    formula = f"{left} - {right}" if rule.difference == "absolute" else f"{left} / {right} - 1"
    texts = [f"{formula} = {value} ({rule.text})"]
    if _only(note, rule, "{}"):
        texts += [
            f"if {kind} {_range(note, rule.gain.under(kind))} "
            f"against {_range(note, note.claimed.interval(kind))}"
            for kind in KINDS
        ]
    return ", ".join(texts)


def _range(note: Gain, interval: Interval) -> str:
    low, high = (f"{bound:.{note.claimed.digits + 2}f}" for bound in interval)
    return f"{low} to {high}"
