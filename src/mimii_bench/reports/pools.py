"""The scores of one system on one pool, as its trainings wrote them."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from mimii_bench.corpus.base import Unit
from mimii_bench.evaluation.resampling import resample
from mimii_bench.evaluation.scores import (
    fit_threshold,
    fitted_on,
    kinds_in,
    read_scores,
    refit_threshold,
)
from mimii_bench.reports.recipes import Recipe


class PoolScores:
    """The scores of one pool: a folder per seed, a file per kind of score, read when asked for.

    Parameters
    ----------
    folders : sequence of path
        What the trainings wrote, in the order of their seeds.
    """

    def __init__(self, folders: Sequence[str]):
        self._folders = [Path(folder) for folder in folders]
        self._tables: dict[str, pd.DataFrame] = {}
        self._places: dict[str, dict[Unit, np.ndarray]] = {}
        self._thresholds: dict[tuple[str, str], dict[int, float]] = {}

    @cached_property
    def kinds(self) -> set[str]:
        """The names of its scores."""
        return set.union(*map(kinds_in, self._folders))

    def units(self, kind: str) -> set[Unit]:
        """Return the units that have a kind of score; none where the system does not give it."""
        if kind not in self.kinds:
            return set()
        return set(self._of_units(kind))

    def clips(self, recipe: Recipe, units: frozenset[Unit]) -> pd.DataFrame:
        """Return the scored clips of some units that a recipe measures, of all seeds."""
        places = self._of_units(recipe.scores)
        rows = np.concatenate([places[unit] for unit in sorted(units)])
        table = self._table(recipe.scores).take(rows).reset_index(drop=True)
        return table[table["role"].isin(recipe.roles)]

    def thresholds(self, recipe: Recipe) -> dict[int, float]:
        """Return the threshold of each seed, from the clips of the whole pool."""
        asked = (recipe.scores, repr(recipe.threshold))
        if asked not in self._thresholds:
            seeds = self._table(recipe.scores).groupby("seed")
            self._thresholds[asked] = {
                seed: fit_threshold(run, recipe.threshold) for seed, run in seeds
            }
        return self._thresholds[asked]

    def refitted(self, recipe: Recipe, replicates: int) -> dict[int, np.ndarray] | None:
        """Return each seed's thresholds (replicate,) on resamples of what they were fitted on.

        None where that is none of the clips that are measured: then they are part of the system.
        """
        roles = fitted_on(recipe.threshold)
        if not set(roles) & set(recipe.roles):
            return None
        table = self._table(recipe.scores)
        runs = dict(iter(table[table["role"].isin(roles)].groupby("seed")))
        draws = resample(next(iter(runs.values())), replicates)
        return {seed: refit_threshold(run, recipe.threshold, draws) for seed, run in runs.items()}

    def runs(
        self, recipe: Recipe, units: frozenset[Unit]
    ) -> Iterator[tuple[int, pd.DataFrame, float]]:
        """Yield each seed, its clips, and its threshold."""
        thresholds = self.thresholds(recipe)
        for seed, run in self.clips(recipe, units).groupby("seed"):
            yield seed, run, thresholds[seed]

    def _table(self, kind: str) -> pd.DataFrame:
        if kind not in self._tables:
            table = read_scores([folder / f"{kind}.csv" for folder in self._folders])
            table = table.sort_values(["seed", *Unit._fields, "label", "role", "clip"])
            # Of few values each; grouped by them again and again.
            few = dict.fromkeys([*Unit._fields, "label", "role"], "category")
            self._tables[kind] = table.reset_index(drop=True).astype(few)
        return self._tables[kind]

    def _of_units(self, kind: str) -> dict[Unit, np.ndarray]:
        """Return the rows of each unit in the table of a kind."""
        if kind not in self._places:
            rows = self._table(kind).groupby(list(Unit._fields)).indices
            self._places[kind] = {Unit(*key): places for key, places in rows.items()}
        return self._places[kind]
