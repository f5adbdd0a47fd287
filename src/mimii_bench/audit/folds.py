"""The folds of normal clips that the numbers of a report allow together.

Where each id's normal clips are dealt to folds and one fold tests, the AUC of an id is a share of
whole pairs of that fold's normal clips and the id's abnormal ones, and so is a partial AUC (see
`mimii_bench.audit.pauc`). The false positive rate on the test is a share of the normal clips of all
ids' test folds, that on the training clips one of those of the folds that train. Each number alone
allows many sizes; all of them have to be of the same folds.
"""

from collections.abc import Iterator, Mapping
from itertools import product
from math import ceil, floor, prod
from typing import NamedTuple

from mimii_bench.audit.candidates import Size, whole_sizes
from mimii_bench.audit.cells import PrintedCell, Published, group
from mimii_bench.audit.findings import CONTRADICTION, FITS, Finding
from mimii_bench.audit.notes import entries
from mimii_bench.audit.pauc import DEFINITIONS, share
from mimii_bench.audit.printed import KINDS, Interval, counts_in
from mimii_bench.audit.public_counts import public

#: What `Published.table` calls a field of a place otherwise.
_FIELDS = {"table": "name"}


class Folds(NamedTuple):
    """How a report divides the normal clips of its ids, and where it prints what follows.

    `table` has the AUCs per id, and partial ones up to `max_fpr`. Of `folds` parts one tests and
    `training` train; `tested` and `trained` say which cells are their false positive rates (`table`
    and other fields). All `abnormal` clips test. An id's test fold may be as many as `within` clips
    from its share. No two clips have one score. `digits` where the table leaves trailing zeros out.
    """

    table: str
    folds: int
    training: int
    abnormal: Size
    tested: Mapping[str, str]
    trained: Mapping[str, str]
    max_fpr: float = 0.1
    within: int = 4
    digits: int = 0


class Part(NamedTuple):
    """The clips of one id, and the numbers that its test fold and they gave."""

    id: str
    normal: int
    abnormal: tuple[int, ...]
    cells: tuple[PrintedCell, ...]

    def sizes(self, note: Folds) -> range:
        """Return the numbers of normal clips that its test fold may have."""
        fold = self.normal / note.folds
        return range(max(floor(fold) - note.within, 1), ceil(fold) + note.within + 1)

    def fits(self, note: Folds, size: int, kind: str) -> bool:
        """Tell whether all numbers are whole pairs of so many normal clips, printed in this way."""
        areas = [area(cell, note, size, kind) for cell in self.cells]
        return any(all(counts_in(a, size * number) for a in areas) for number in self.abnormal)

    def by_chance(self, note: Folds) -> float:
        """Return how many sizes would fit numbers with as many digits, drawn at random."""
        return sum(
            prod(min(1.0, (high - low) * size * max(self.abnormal)) for low, high in areas)
            for size in self.sizes(note)
            for areas in [[area(cell, note, size, KINDS[0]) for cell in self.cells]]
        )


class Dealt(NamedTuple):
    """Normal clips of each id that test, of all ids that train, and of all ids together."""

    tests: tuple[int, ...]
    trains: int
    of: int

    def balanced(self, note: Folds) -> bool:
        """Tell whether the folds of all ids together differ by one clip at most."""
        test, other = sum(self.tests), note.folds - 1 - note.training
        fold = self.of / note.folds
        left = self.of - test - self.trains
        return (
            floor(fold) <= test <= ceil(fold)
            and other * floor(fold) <= left <= other * ceil(fold)
            and note.training * floor(fold) <= self.trains <= note.training * ceil(fold)
        )


def check(published: Published, _all) -> list[Finding]:
    """Say which folds all numbers allow, or that none do."""
    findings = []
    for note in entries(published, "folds", Folds):
        parts, rates = _parts(published, note), _rates(published, note)
        if parts and len(rates) == 2:
            findings.append(_finding(published, note, parts, rates))
    return findings


def _parts(published: Published, note: Folds) -> list[Part]:
    cells = published.table(note.table)
    told = [cell for cell in cells if cell.id and cell.metric in ("auc", *DEFINITIONS)]
    return [
        Part(
            id,
            public(machine, "normal", id),
            tuple(whole_sizes(published, note.abnormal, "abnormal", machine, id)),
            tuple(some),
        )
        for (machine, id), some in group(told, lambda cell: (cell.machine, cell.id)).items()
    ]


def _rates(published: Published, note: Folds) -> list[PrintedCell]:
    """Return the false positive rates of test and training, those that are legible."""
    return [
        cell
        for place in (note.tested, note.trained)
        for cell in published.table(
            metric="fpr", **{_FIELDS.get(k, k): v for k, v in place.items()}
        )[:1]
    ]


def dealt(note: Folds, parts: list[Part], rates: list[PrintedCell], kind: str) -> Iterator[Dealt]:
    """Yield the folds of which every number is a share, all printed in this way."""
    tested, trained = (rate.interval(kind) for rate in rates)
    every = sum(part.normal for part in parts)
    fitting = [[s for s in part.sizes(note) if part.fits(note, s, kind)] for part in parts]
    for tests in product(*fitting):
        if counts_in(tested, sum(tests)):
            for trains in _training(note, parts, tests):
                if counts_in(trained, trains):
                    yield Dealt(tests, trains, every)


def _training(note: Folds, parts: list[Part], tests: tuple[int, ...]) -> range:
    """Return how many clips may train: each id's other folds differ by one clip at most."""
    others = note.folds - 1
    rests = [part.normal - size for part, size in zip(parts, tests, strict=True)]
    left = others - note.training
    least, most = (sum(left * end(rest / others) for rest in rests) for end in (floor, ceil))
    return range(sum(rests) - most, sum(rests) - least + 1)


def area(cell: PrintedCell, note: Folds, normal: int, kind: str) -> Interval:
    """Return the area under the ROC curve that a (partial) AUC stands for."""
    return share(cell.padded(note.digits), kind, note.max_fpr, normal)


def _finding(
    published: Published, note: Folds, parts: list[Part], rates: list[PrintedCell]
) -> Finding:
    by_kind = {kind: list(dealt(note, parts, rates, kind)) for kind in KINDS}
    kind = next((kind for kind in KINDS if by_kind[kind]), KINDS[0])
    found = sorted(by_kind[kind], key=lambda one: not one.balanced(note))
    tests = dict.fromkeys(one.tests for one in found)
    tried = prod(len(part.sizes(note)) for part in parts)
    chance = prod(part.by_chance(note) for part in parts)
    numbers = sum(len(part.cells) for part in parts) + len(rates)
    return Finding(
        published.key,
        note.table,
        f"{numbers} numbers",
        "folds",
        f"{len(tests) or 'none'} of {tried} ways to deal a test fold of ids "
        f"{', '.join(part.id for part in parts)} can give all {numbers} numbers"
        + (f"; by chance {chance:.1g} would" if found else ""),
        "; ".join(_shares(one, rates, kind) for one in found[:1])
        or "; ".join(f"{rate.row} {rate.published}" for rate in rates),
        " or ".join(_said(one, note) for one in found[:4]),
        FITS if found else CONTRADICTION,
    )


def _shares(one: Dealt, rates: list[PrintedCell], kind: str) -> str:
    wholes = sum(one.tests), one.trains
    return ", ".join(
        f"{counts_in(rate.interval(kind), whole)[0]}/{whole} = {rate.published}"
        for rate, whole in zip(rates, wholes, strict=True)
    )


def _said(one: Dealt, note: Folds) -> str:
    tests = " + ".join(map(str, one.tests))
    balanced = " (balanced over all ids)" if one.balanced(note) else ""
    return f"{tests} = {sum(one.tests)} test, {one.trains} train{balanced}"
