"""Accuracy, precision, recall and F1 come from whole numbers of clips, or were not so computed."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, floor

import numpy as np

from mimii_bench.audit.candidates import Candidate, as_many_clips, expected, pairs
from mimii_bench.audit.cells import Cell, Published, group, name_of, subject
from mimii_bench.audit.findings import Finding
from mimii_bench.audit.matrices import METRICS, matrices
from mimii_bench.audit.notes import entries
from mimii_bench.audit.printed import KINDS, Interval, Printed
from mimii_bench.errors import UserError

Pairs = list[tuple[int, int]]


@dataclass(frozen=True, eq=False)
class Row:
    """The metrics of one classifier at one threshold on one test set."""

    cells: tuple[Cell, ...]
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


def rows(published: Published) -> list[Row]:
    """Return the rows of a report that have a candidate and at least two numbers."""
    known = entries(published, "test_sets", Candidate)
    for candidate in known:
        if candidate.claimed and candidate.abnormal == "any":
            raise UserError(
                f"{published.path}: test_sets: {candidate.name!r} is claimed, so not any"
            )
    some = [cell for cell in published.cells if cell.metric in METRICS]
    made = []
    for cells in group(some, subject("metric")).values():
        candidates = tuple(c for c in known if c.covers(cells[0]))
        if candidates and len(cells) > 1:
            made.append(Row(tuple(cells), candidates))
    return made


def check(published: Published, _all) -> list[Finding]:
    """Find rows that their test set cannot give, and say which sets can."""
    found = rows(published)
    findings = []
    for row in found:
        if row.claimed and not _search(row.printed, pairs(published, row.claimed, row.machine)):
            findings.append(_impossible(published, row))
    together = group(found, lambda row: (row.cells[0].table, row.machine))
    for same in together.values():
        if len(same) > 1 and same[0].claimed:
            findings.append(_which_set(published, same))
    return findings


def _search(printed: Mapping[str, Printed], sets: Pairs) -> dict[str, np.ndarray]:
    """Return the matrices found under each kind of printing that has any."""
    found = {kind: matrices(printed, sets, kind) for kind in KINDS}
    return {kind: rows for kind, rows in found.items() if len(rows)}


def _impossible(published: Published, row: Row) -> Finding:
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
    low, high = _either_kind(precision)
    false = ceil(hits[0] * (1 / high - 1)), floor(hits[-1] * (1 / max(low, 1e-6) - 1))
    return (
        f"{text}{_span(hits[0], hits[-1])} found; precision {precision.show(precision.value)} "
        f"then needs {_span(*false)} false alarms, of {normals} normal clips"
    )


def _either_kind(number: Printed) -> Interval:
    """Return the bounds of what is printed so, whether rounded or cut."""
    intervals = [number.interval(kind) for kind in KINDS]
    return max(min(low for low, _ in intervals), 0), min(max(high for _, high in intervals), 1)


def _span(low: int, high: int) -> str:
    low = max(low, 0)
    return str(low) if high <= low else f"{low} to {high}"


def _explain(published: Published, row: Row) -> list[str]:
    """Search the other named sets, then as many clips otherwise divided, then without a metric."""
    for candidate in row.candidates:
        found = _search(row.printed, pairs(published, candidate, row.machine))
        if found:
            return [_describe(candidate.name, found)]
    claimed = pairs(published, row.claimed, row.machine)
    found = _search(row.printed, as_many_clips(published, row.claimed, row.machine))
    if found:
        return [_describe("as many clips, otherwise divided", found)]
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


def _which_set(published: Published, same: list[Row]) -> Finding:
    """Say which candidates the rows of one machine fit; such rows share their clips."""
    first = same[0]
    divisions = {row: _sets_of(row, _any_division(published, row)) for row in same}
    sound = [row for row in same if divisions[row]]
    common = {
        candidate.name: _common(sound, pairs(published, candidate, first.machine))
        for candidate in first.candidates
    }
    fitting = [f"{name}: {_sizes(sets)}" for name, sets in common.items() if sets]
    no_fit = [f"not all rows fit {name}" for name, sets in common.items() if not sets]
    abnormal = expected(published, first.claimed.abnormal, "abnormal", first.machine)
    count = len(same) if sound == same else f"{len(sound)} of {len(same)}"
    verdict = f"{count} rows fit one test set" if fitting else "the rows' test sets differ"
    needs = "; ".join(f"{row.line}: {_abnormal(sets)}" for row, sets in divisions.items())
    return Finding(
        published.key,
        first.cells[0].table,
        f"{first.machine} ({', '.join(row.line for row in same)})",
        "test_set",
        f"{verdict}; {first.claimed.name} would be {abnormal:g} abnormal clips",
        "; ".join([f"of as many clips, abnormal ones that print all digits: {needs}", *no_fit]),
        "; ".join(fitting),
    )


def _any_division(published: Published, row: Row) -> Pairs:
    return as_many_clips(published, row.claimed, row.machine)


def _sets_of(row: Row, sets: Pairs) -> set[tuple[int, int]]:
    """Return the sets that a row fits; numbers are rounded unless only cutting explains them."""
    found = _search(row.printed, sets)
    matches = found.get("rounded", found.get("cut", np.empty((0, 4), int)))
    return {(int(normal), int(abnormal)) for normal, abnormal, *_ in matches}


def _common(same: list[Row], sets: Pairs) -> Pairs:
    return sorted(set.intersection(*(_sets_of(row, sets) for row in same))) if same else []


def _abnormal(sets: set[tuple[int, int]]) -> str:
    numbers = sorted(abnormal for _, abnormal in sets)
    if len(numbers) > 3:
        return f"any of {len(numbers)} numbers"
    return " or ".join(map(str, numbers)) or "none"
