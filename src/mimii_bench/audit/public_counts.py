"""Clip counts against the public data set (`mimii_bench.corpus.mimii.COUNTS`)."""

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

from mimii_bench.audit.cells import PrintedCell, Published, name_of
from mimii_bench.audit.findings import CONTRADICTION, FACT, Finding
from mimii_bench.audit.notes import entries
from mimii_bench.corpus.base import LABELS
from mimii_bench.corpus.mimii import COUNTS
from mimii_bench.util.errors import UserError


class ClipCount(NamedTuple):
    """The clips of one `label` in a `column`; `summed`: only their sum is that of whole ids."""

    table: str
    column: str
    label: str
    summed: bool = False


def public(machine: str, label: str, id: str = "") -> int:
    """Return how many clips the public set holds; an empty machine or id means all of them."""
    return sum(
        count[LABELS.index(label)]
        for (its_machine, its_id), count in COUNTS.items()
        if machine in ("", its_machine) and id in ("", its_id)
    )


def check(published: Published, _all) -> list[Finding]:
    """Find counts that the public set does not have."""
    findings = []
    for note in entries(published, "counts", ClipCount):
        if note.label not in LABELS:
            raise UserError(f"{published.path}: counts: label {note.label!r} is none of {LABELS}")
        cells = published.table(note.table, column=note.column, metric="clips")
        findings += _check_ids(published, note, [cell for cell in cells if cell.id])
        findings += _check_total(published, note, cells)
        pooled = [cell for cell in cells if cell.machine and not cell.id]
        for some in _added_up(published, note, pooled):
            findings += _check_pooled(published, note, some)
    return findings


def _check_ids(published: Published, note: ClipCount, cells: list[PrintedCell]) -> list[Finding]:
    foreign = [cell for cell in cells if (cell.machine, cell.id) not in COUNTS]
    findings = []
    if foreign:
        names = ", ".join(f"{cell.machine} {cell.id}" for cell in foreign)
        text = f"lists {len(cells)} ids, of which {len(foreign)} are not public: {names}"
        arithmetic = f"{len(cells)} ids - {len(cells) - len(foreign)} public = {len(foreign)}"
        where = f"all ids / {note.column}"
        findings.append(_finding(published, note, where, text, arithmetic, kind=FACT))
    for cell in cells:
        known = public(cell.machine, note.label, cell.id)
        if cell not in foreign and int(cell.published) != known:
            text = f"prints {cell.published} {note.label} clips, the public set holds {known}"
            findings.append(_finding(published, note, name_of(cell), text, f"!= {known}"))
    return findings


def _check_total(published: Published, note: ClipCount, cells: list[PrintedCell]) -> list[Finding]:
    """Compare a total over machines; the ids that are not public may explain the difference."""
    further = sum(int(c.published) for c in cells if c.id and (c.machine, c.id) not in COUNTS)
    findings = []
    for cell in cells:
        known, printed = public("", note.label), int(cell.published)
        if cell.machine or printed == known:
            continue
        text = f"prints {printed} {note.label} clips in all, the public set holds {known}"
        arithmetic = f"{printed} - {known} = {printed - known}"
        reason = f"the ids that are not public: {further} clips"
        explained = reason if further == printed - known else ""
        findings.append(_finding(published, note, name_of(cell), text, arithmetic, explained))
    return findings


def _added_up(
    published: Published, note: ClipCount, pooled: list[PrintedCell]
) -> list[list[PrintedCell]]:
    """Return the cells that together are clips of whole ids, where all of them are legible."""
    if not note.summed:
        return [[cell] for cell in pooled]
    blanks = published.blanks(note.table, column=note.column, metric="clips", id="")
    return [] if any(cell.machine for cell in blanks) else [pooled]


def _check_pooled(published: Published, note: ClipCount, cells: list[PrintedCell]) -> list[Finding]:
    """A machine's count without an id is that of one id or of several."""
    if not cells:
        return []
    printed, machine = sum(int(cell.published) for cell in cells), cells[0].machine
    by_id = {id: public(machine, note.label, id) for its, id in COUNTS if its == machine}
    if any(sum(some) == printed for some in _subsets(list(by_id.values()))):
        return []
    text = f"{printed} {note.label} clips are those of no {machine} id, nor of several together"
    arithmetic = ", ".join(f"id {id}: {count}" for id, count in by_id.items())
    return [_finding(published, note, name_of(*cells), text, arithmetic)]


def _subsets(counts: Sequence[int]) -> list[tuple[int, ...]]:
    return [some for size in range(1, len(counts) + 1) for some in combinations(counts, size)]


def _finding(
    published: Published, note: ClipCount, cell: str, *texts: str, kind: str = CONTRADICTION
) -> Finding:
    return Finding(published.key, note.table, cell, "public_counts", *texts, kind=kind)
