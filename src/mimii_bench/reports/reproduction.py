"""Our number for a cell: it names units, a system and a metric, and the scores give it."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np

from mimii_bench.corpus.base import Unit
from mimii_bench.evaluation.intervals import (
    Distribution,
    Estimate,
    Printed,
    average,
    estimate,
    of_group,
)
from mimii_bench.evaluation.metrics import METRICS, Confusion, computable, needs_threshold
from mimii_bench.evaluation.resampling import Measured, halves, measure_group
from mimii_bench.evaluation.scores import sample_of
from mimii_bench.reports.pools import PoolScores
from mimii_bench.reports.published import Cell
from mimii_bench.reports.recipes import Recipe, recipe_of
from mimii_bench.util.errors import UserError


class Outcome(NamedTuple):
    """What a threshold makes of a group of clips: one seed's confusion matrix."""

    units: list[Unit]
    seed: int
    threshold: float
    confusion: Confusion


class _Group(NamedTuple):
    """Clips that are measured together: some units of a pool, by its place among the pools."""

    pool: tuple[str, int]
    units: frozenset[Unit]


class Reproduction:
    """The scores of one report, answering its cells.

    Parameters
    ----------
    score_folders : {system: [[folder of each seed] of each pool]}
        What the trainings wrote: one CSV per kind of score.
    spec : mapping
        Of report.yaml: its `units`, `tables` and, where there are any, `evaluation`.
    replicates : int
        Bootstrap replicates of every interval.
    """

    def __init__(
        self,
        score_folders: Mapping[str, Sequence[Sequence[str]]],
        spec: Mapping,
        replicates: int,
    ):
        self._pools = {
            (system, number): PoolScores(folders)
            for system, pools in score_folders.items()
            for number, folders in enumerate(pools)
        }
        self.spec, self._replicates = spec, replicates
        self._known: dict[tuple, Measured | None] = {}

    def estimate(self, cell: Cell, printed: Printed | None = None) -> Estimate | None:
        """Return our number with its interval and, for what is `printed`, where that may lie.

        None unless every unit that the cell covers was scored, and where a group of clips does not
        allow the metric: one label only, too few normal clips for a partial AUC, or a training
        that raises no alarm, which has no precision.
        """
        found = self.distribution(cell)
        return None if found is None else estimate(found, printed)

    def distribution(self, cell: Cell, half: int | None = None) -> Distribution | None:
        """Return what `estimate` does, with all that it is a weighted sum of.

        An empty machine, SNR or id means all that the report uses: the mean over them (`over:
        unit`), or all clips of a pool together (`over: pool`).

        Parameters
        ----------
        cell : Cell
        half : int, optional
            0 or 1: of one half of the clips alone, see `evaluation.resampling.halves`.
        """
        if cell.metric not in METRICS:
            return None
        recipe = self._recipe(cell)
        groups = self._groups(cell, recipe)
        found = [self._measured(group, cell.metric, recipe, half) for group in groups]
        return average(list(map(of_group, found)), recipe.mean) if _all(found) else None

    def outcomes(self, cell: Cell) -> list[Outcome]:
        """Return the confusion matrices behind a cell: one per group of clips and seed.

        Empty for a cell without a threshold, or of units that were not scored.
        """
        if not needs_threshold(cell.metric):
            return []
        recipe = self._recipe(cell)
        if recipe.threshold is None:
            return []
        return [
            Outcome(sorted(group.units), seed, threshold, Confusion(sample_of(run), threshold))
            for group in self._groups(cell, recipe)
            for seed, run, threshold in self._pools[group.pool].runs(recipe, group.units)
        ]

    def kinds(self) -> dict[str, set[str]]:
        """Return the kinds of score of every system that was trained."""
        kinds: dict[str, set[str]] = {}
        for (system, _), pool in self._pools.items():
            kinds.setdefault(system, set()).update(pool.kinds)
        return kinds

    def pools(self) -> dict[str, list[dict[str, str]]]:
        """Return what the pools of every trained system are of, where they are of one only."""
        found: dict[str, list[dict[str, str]]] = {}
        for (system, _), pool in self._pools.items():
            units = pool.units(min(pool.kinds))
            columns = zip(Unit._fields, map(set, zip(*units, strict=True)), strict=True)
            common = {field: min(values) for field, values in columns if len(values) == 1}
            found.setdefault(system, []).append(common)
        return found

    def _recipe(self, cell: Cell) -> Recipe:
        """Return how a cell is computed; the system must give the scores that it needs."""
        recipe = recipe_of(self.spec, cell.table, cell.variant)
        kinds = self.kinds().get(cell.system, {recipe.scores})
        if recipe.scores not in kinds:
            raise UserError(
                f"{cell.system}: no score {recipe.scores!r}, which variant {cell.variant!r} means; "
                f"it has {', '.join(sorted(kinds))}: correct published.csv, or report.yaml's "
                "evaluation.variants"
            )
        return recipe

    def _groups(self, cell: Cell, recipe: Recipe) -> list[_Group]:
        """Return the groups of clips that a cell averages; none where a unit was not scored."""
        wanted = units_of(cell, self.spec["units"])
        pools = {
            key: pool.units(recipe.scores) & wanted
            for key, pool in self._pools.items()
            if key[0] == cell.system
        }
        if not wanted <= set().union(*pools.values()):
            return []
        return [
            _Group(key, part)
            for key, units in pools.items()
            if units
            for part in _parted(units, recipe.over)
        ]

    def _measured(
        self, group: _Group, metric: str, recipe: Recipe, half: int | None
    ) -> Measured | None:
        """Return `_measure`, once for all cells that ask for the same."""
        rule = recipe.threshold if needs_threshold(metric) else None
        asked = (group, metric, recipe.scores, tuple(recipe.roles), repr(rule), half)
        if asked not in self._known:
            self._known[asked] = self._measure(group, metric, recipe, half)
        return self._known[asked]

    def _measure(
        self, group: _Group, metric: str, recipe: Recipe, half: int | None
    ) -> Measured | None:
        pool = self._pools[group.pool]
        clips = pool.clips(recipe, group.units)
        if half is not None:
            clips = clips.groupby("seed", group_keys=False)[list(clips.columns)].apply(
                lambda run: run[halves(run) == (half == 0)]
            )
        first = clips[clips["seed"] == clips["seed"].min()]
        if not computable(sample_of(first).labels, metric):
            return None
        thresholds = refitted = None
        if needs_threshold(metric):
            thresholds = pool.thresholds(recipe)
            refitted = pool.refitted(recipe, self._replicates)
        # Not the system's name: two systems that are compared share what the seeds have in common.
        trained = sorted(pool.units(recipe.scores))
        found = measure_group(clips, metric, self._replicates, trained, thresholds, refitted)
        return found if np.isfinite(found.value) else None


def _all(found: Sequence) -> bool:
    return bool(found) and None not in found


def units_of(cell: Cell, units: Mapping[str, Sequence[str]]) -> set[Unit]:
    """Return the units that a cell covers, of those that the report uses."""
    fields = [
        [getattr(cell, field)] if getattr(cell, field) else units[field] for field in Unit._fields
    ]
    return {Unit(*values) for values in product(*fields)}


def _parted(units: set[Unit], over: str) -> list[frozenset[Unit]]:
    if over == "pool":
        return [frozenset(units)]
    return [frozenset([unit]) for unit in sorted(units)]
