"""Accuracy, precision, recall and F1 come from whole numbers of clips, or were not so computed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor

import numpy as np

from mimii_bench.audit.candidates import Candidate, as_many_clips, expected, pairs
from mimii_bench.audit.cells import PrintedCell, Published, group, name_of, subject
from mimii_bench.audit.findings import CONTRADICTION, FITS, Finding
from mimii_bench.audit.matrices import FORMULAS, matrices
from mimii_bench.audit.notes import entries
from mimii_bench.audit.printed import KINDS, Interval, Printed
from mimii_bench.util.errors import UserError

Pairs = list[tuple[int, int]]
#: The sets that fit, by the kind of printing under which they do.
Fits = Mapping[str, set[tuple[int, int]]]

#: What is tried where no named set fits.
OTHERWISE = "as many clips, otherwise divided"


@dataclass(frozen=True, eq=False)
class OperatingPoint:
    """The metrics of one classifier at one threshold on one test set."""

    cells: tuple[PrintedCell, ...]
    candidates: tuple[Candidate, ...]

    @property
    def printed(self) -> dict[str, Printed]:
        """Metric by metric, the printed number."""
        return {cell.metric: cell.number for cell in self.cells}

    @property
    def machine(self) -> str:
        """The machine whose clips were classified."""
        return self.cells[0].machine

    @property
    def claimed(self) -> Candidate | None:
        """The test set that the report describes."""
        return next((c for c in self.candidates if c.claimed), None)

    @property
    def line(self) -> str:
        """What tells the row from the others of its machine."""
        first = self.cells[0]
        return " ".join(filter(None, (first.snr, first.id, first.system, first.variant)))


def operating_points(published: Published) -> list[OperatingPoint]:
    """Return the rows of a report that have a candidate and at least two numbers.

    A candidate whose size is not known, for want of legible counts, is none.
    """
    known = entries(published, "test_sets", Candidate)
    for candidate in known:
        if candidate.claimed and candidate.abnormal == "any":
            raise UserError(
                f"{published.path}: test_sets: {candidate.name!r} is claimed, so not any"
            )
    some = [cell for cell in published.cells if cell.metric in FORMULAS]
    made = []
    for cells in group(some, subject("metric")).values():
        covering = (c for c in known if c.covers(cells[0]))
        candidates = tuple(c for c in covering if pairs(published, c, cells[0].machine))
        if candidates and len(cells) > 1:
            made.append(OperatingPoint(tuple(cells), candidates))
    return made


def check(published: Published, _all) -> list[Finding]:
    """Find rows that their test set cannot give, and say which sets can."""
    found = operating_points(published)
    findings = []
    for row in found:
        if row.claimed and not _search(row.printed, pairs(published, row.claimed, row.machine)):
            findings.append(_impossible(published, row))
    together = group(found, lambda row: (row.cells[0].table, row.machine))
    for same in together.values():
        if len(same) > 1 and same[0].claimed:
            findings += _which_set(published, same)
    return findings


def _search(printed: Mapping[str, Printed], sets: Pairs) -> dict[str, np.ndarray]:
    """Return the matrices found under each kind of printing that has any."""
    found = {kind: matrices(printed, sets, kind) for kind in KINDS}
    return {kind: rows for kind, rows in found.items() if len(rows)}


def _impossible(published: Published, row: OperatingPoint) -> Finding:
    sets = pairs(published, row.claimed, row.machine)
    return Finding(
        published.key,
        row.cells[0].table,
        name_of(*row.cells),
        "confusion_matrix",
        f"no whole-number confusion matrix of {_sizes(sets)} ({row.claimed.name}) prints "
        f"{', '.join(f'{cell.metric} {cell.published}' for cell in row.cells)}, rounded or cut",
        _needed(row.printed, sets),
        "; ".join(_explain(published, row)),
    )


def _needed(printed: Mapping[str, Printed], sets: Pairs) -> str:
    """Return what recall and precision ask for, against what each set has."""
    if not {"precision", "recall"} <= set(printed):
        return ""
    normals = sorted({normal for normal, _ in sets})
    return "; ".join(
        _asks(printed, abnormal, " or ".join(map(str, normals)))
        for abnormal in sorted({abnormal for _, abnormal in sets})
    )


def _asks(printed: Mapping[str, Printed], abnormal: int, normals: str) -> str:
    precision, recall = printed["precision"], printed["recall"]
    low, high = _either_kind(recall)
    hits = range(ceil(low * abnormal), floor(high * abnormal) + 1)
    text = f"recall {recall.show(recall.value)} of {abnormal} abnormal clips: "
    if not hits:
        around = floor(low * abnormal), ceil(high * abnormal)
        return text + ", ".join(f"{k}/{abnormal} = {recall.show(k / abnormal)}" for k in around)
    return (
        f"{text}{_span(hits[0], hits[-1])} found; precision {precision.show(precision.value)} "
        f"then needs {_false_alarms(hits, _either_kind(precision), normals)}"
    )


def _false_alarms(hits: range, precision: Interval, normals: str) -> str:
    """Return how many false alarms a precision leaves beside each of these numbers of hits.

    Without hits it is 0 if there is a false alarm, and no number if there is none.
    """
    low, high = precision
    if low <= 0:
        fewest = min(ceil(k * (1 / high - 1)) if k else 1 for k in hits)
        return f"at least {_alarms(str(fewest))}, of {normals} normal clips"
    some = [k for k in hits if k]
    if not some:
        return "at least 1 found"
    fewest, most = ceil(some[0] * (1 / high - 1)), floor(some[-1] * (1 / low - 1))
    return f"{_alarms(_span(fewest, most))}, of {normals} normal clips"


def _alarms(number: str) -> str:
    return f"{number} false alarm" + ("" if number == "1" else "s")


def _either_kind(number: Printed) -> Interval:
    """Return the bounds of what is printed so, whether rounded or cut."""
    intervals = [number.interval(kind) for kind in KINDS]
    return max(min(low for low, _ in intervals), 0), min(max(high for _, high in intervals), 1)


def _span(low: int, high: int) -> str:
    low = max(low, 0)
    return str(low) if high <= low else f"{low} to {high}"


def _explain(published: Published, row: OperatingPoint) -> list[str]:
    """Search the other named sets, then as many clips otherwise divided, then without a metric."""
    for candidate in row.candidates:
        found = _search(row.printed, pairs(published, candidate, row.machine))
        if found:
            return [_describe(candidate.name, found)]
    claimed = pairs(published, row.claimed, row.machine)
    found = _search(row.printed, as_many_clips(published, row.claimed, row.machine))
    if found:
        return [_describe(OTHERWISE, found)]
    reasons = []
    for metric in row.printed:
        rest = {name: number for name, number in row.printed.items() if name != metric}
        found = _search(rest, claimed)
        if len(rest) > 1 and found:
            reasons.append(_describe(f"{row.claimed.name}, {metric} aside", found))
    return reasons


def _describe(name: str, found: Mapping[str, np.ndarray]) -> str:
    texts = []
    for kind, matches in found.items():
        normal, abnormal, hits, false = matches[0]
        more = f" and {len(matches) - 1} more" if len(matches) > 1 else ""
        texts.append(
            f"{kind}: {normal} normal + {abnormal} abnormal clips, TP {hits}, FP {false}, "
            f"FN {abnormal - hits}, TN {normal - false}{more}"
        )
    return f"{name} ({' | '.join(texts)})"


def _sizes(sets: Pairs) -> str:
    normals, abnormals = (" or ".join(map(str, sorted(set(n)))) for n in zip(*sets, strict=True))
    return f"{normals} normal + {abnormals} abnormal clips"


def _which_set(published: Published, same: list[OperatingPoint]) -> list[Finding]:
    """Say whether the rows of one machine, which share their clips, fit one set, and which.

    Rows that fit no set at all are left aside; of a single other row there is nothing to say.
    """
    first = same[0]
    named = {c.name: pairs(published, c, first.machine) for c in first.candidates}
    tried = {**named, OTHERWISE: as_many_clips(published, first.claimed, first.machine)}
    fits = {row: {name: _fits(row, sets) for name, sets in tried.items()} for row in same}
    sound = [row for row in same if any(fits[row].values())]
    if len(sound) < 2:
        return []
    common = {name: _common([fits[row][name] for row in sound]) for name in tried}
    otherwise = common.pop(OTHERWISE)
    abnormal = expected(published, first.claimed.abnormal, "abnormal", first.machine)
    needs = "; ".join(f"{row.line}: {_abnormal(_usual(fits[row][OTHERWISE]))}" for row in same)
    no_fit = [f"not all rows fit {name}" for name, sets in common.items() if not sets]
    count = len(same) if sound == same else f"{len(sound)} of {len(same)}"
    verdict, explained = _shared(count, common, otherwise)
    return [
        Finding(
            published.key,
            first.cells[0].table,
            f"{first.machine} ({', '.join(row.line for row in same)})",
            "test_set",
            f"{verdict}; {first.claimed.name} would be {abnormal:g} abnormal clips",
            "; ".join([f"of as many clips, abnormal ones that print all digits: {needs}", *no_fit]),
            explained,
            FITS if any(common.values()) else CONTRADICTION,
        )
    ]


def _shared(count: int | str, named: Mapping[str, Pairs], otherwise: Pairs) -> tuple[str, str]:
    """Return what some rows share, and the sets: named ones, else other divisions of the clips."""
    if any(named.values()):
        texts = [f"{name}: {_sizes(sets)}" for name, sets in named.items() if sets]
        return f"{count} rows fit one test set", "; ".join(texts)
    if otherwise:
        text = f"{OTHERWISE}: {_abnormal(otherwise)} abnormal"
        return f"{count} rows fit one test set, but none that is named", text
    return "the rows' test sets differ", ""


def _fits(row: OperatingPoint, sets: Pairs) -> Fits:
    """Return the sets that a row fits."""
    return {
        kind: set(map(tuple, matches[:, :2].tolist()))
        for kind, matches in _search(row.printed, sets).items()
    }


def _usual(fits: Fits) -> set[tuple[int, int]]:
    """Return the sets of rounded numbers, those of cut ones where rounding explains nothing."""
    return fits.get("rounded", fits.get("cut", set()))


def _common(fits: Sequence[Fits]) -> Pairs:
    """Return the sets that several rows share, all their numbers being rounded or all cut."""
    by_kind = [set.intersection(*(some.get(kind, set()) for some in fits)) for kind in KINDS]
    return sorted(next(filter(None, by_kind), set()))


def _abnormal(sets: Iterable[tuple[int, int]]) -> str:
    numbers = sorted({abnormal for _, abnormal in sets})
    if len(numbers) > 3:
        return f"any of {len(numbers)} numbers"
    return " or ".join(map(str, numbers)) or "none"
