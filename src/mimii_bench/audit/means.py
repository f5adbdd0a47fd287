"""Averages: which mean of its parts a printed average is."""

from collections.abc import Sequence
from itertools import combinations
from statistics import fmean, harmonic_mean
from typing import NamedTuple

from mimii_bench.audit.cells import SUBJECT, PrintedCell, Published, group, name_of, subject
from mimii_bench.audit.findings import FITS, Finding
from mimii_bench.audit.notes import entries
from mimii_bench.audit.printed import KINDS, Interval, corners, overlap

#: All rise with each part, so bounds of the parts give bounds of the mean.
MEANS = {"arithmetic": fmean, "harmonic": harmonic_mean}


class Mean(NamedTuple):
    """In `table`, a cell whose field `over` is empty is the mean of those where it is not."""

    table: str
    over: str


def averages(published: Published, note: Mean) -> list[tuple[PrintedCell, list[PrintedCell]]]:
    """Return each average of a table with its parts, legible or not."""
    places = [cell for cell in published.places if cell.table == note.table]
    pairs = []
    for cells in group(places, subject(note.over)).values():
        parts = [cell for cell in cells if getattr(cell, note.over)]
        whole = [cell for cell in cells if cell.published and not getattr(cell, note.over)]
        pairs += [(cell, parts) for cell in whole if parts]
    return pairs


def average_cells(published: Published) -> set[PrintedCell]:
    """Return the cells that are averages of others."""
    notes = entries(published, "means", Mean)
    return {cell for note in notes for cell, _ in averages(published, note)}


def complete(published: Published, note: Mean) -> list[tuple[PrintedCell, list[PrintedCell]]]:
    """Return the averages of which all parts are legible: of the others nothing is known."""
    pairs = averages(published, note)
    return [(cell, parts) for cell, parts in pairs if all(part.published for part in parts)]


def bounds(parts: Sequence[PrintedCell], mean: str, kind: str) -> Interval:
    """Return what the mean of printed parts can be."""
    return corners((part.interval(kind) for part in parts), MEANS[mean])


def fits(cell: PrintedCell, parts: Sequence[PrintedCell], mean: str) -> bool:
    """Tell whether a printed average is this mean of its parts, all rounded or all cut."""
    return any(overlap(cell.interval(k), bounds(parts, mean, k)) for k in KINDS)


def check(published: Published, _all) -> list[Finding]:
    """Say which kind of mean each table prints, and find the averages that are not."""
    findings = []
    for note in entries(published, "means", Mean):
        pairs = complete(published, note)
        if not pairs:
            continue
        fitting = {mean: [pair for pair in pairs if fits(*pair, mean)] for mean in MEANS}
        usual = max(MEANS, key=lambda mean: len(fitting[mean]))
        findings.append(_kind(published, note, pairs, fitting, usual))
        others = [pair for pair in pairs if pair not in fitting[usual]]
        findings += [_misfit(published, cell, parts, usual) for cell, parts in others]
    return findings


def _kind(published: Published, note: Mean, pairs: list, fitting: dict, usual: str) -> Finding:
    counts = ", ".join(f"{mean} {len(some)} of {len(pairs)}" for mean, some in fitting.items())
    return Finding(
        published.key,
        note.table,
        ", ".join(dict.fromkeys(name_of(cell).split(" / ")[0] for cell, _ in pairs)),
        "kind_of_mean",
        f"the averages over {note.over} are {usual} means",
        f"averages that fit: {counts}",
        usual,
        FITS,
    )


def _misfit(
    published: Published, cell: PrintedCell, parts: list[PrintedCell], usual: str
) -> Finding:
    values = [part.number.value for part in parts]
    means = {mean: cell.number.show(function(values)) for mean, function in MEANS.items()}
    numbers = ", ".join(part.published for part in parts)
    return Finding(
        published.key,
        cell.table,
        name_of(cell),
        "average",
        f"prints {cell.published}, the {usual} mean of its parts is {means[usual]}",
        f"{numbers}: " + ", ".join(f"{mean} {value}" for mean, value in means.items()),
        _explain(published, cell, parts, means),
    )


def _explain(
    published: Published, cell: PrintedCell, parts: list[PrintedCell], means: dict[str, str]
) -> str:
    """Search the other mean, a part left out, another column's mean, a slip in one digit."""
    reasons = [f"the {mean} mean" for mean in MEANS if fits(cell, parts, mean)]
    for some in combinations(parts, len(parts) - 1) if len(parts) > 1 else ():
        (missing,) = set(parts) - set(some)
        reasons += [
            f"the {m} mean without {name_of(missing)}" for m in MEANS if fits(cell, some, m)
        ]
    fields = [field for field in SUBJECT if field not in ("system", "variant")]
    same = {field: getattr(cell, field) for field in fields}
    for other in published.table(cell.table, **same):
        if other != cell and other.published == cell.published:
            reasons.append(f"the number of {name_of(other)}")
    reasons += [f"a slip in one digit of {v}" for v in means.values() if _one_digit(v, cell)]
    return "; ".join(dict.fromkeys(reasons))


def _one_digit(value: str, cell: PrintedCell) -> bool:
    pairs = zip(value, cell.published, strict=False)
    return len(value) == len(cell.published) and sum(a != b for a, b in pairs) == 1
