"""Our number for a published cell: the cell names units, a system and a metric; scores give it."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from mimii_bench.corpus.base import Unit
from mimii_bench.evaluation.estimates import (
    Distribution,
    Estimate,
    average,
    estimate,
    evaluate_group,
    fit_threshold,
    read_scores,
    sample_of,
)
from mimii_bench.evaluation.metrics import AT_THRESHOLD, RANKING, Confusion, computable
from mimii_bench.reports import cells
from mimii_bench.util.errors import UserError


class Outcome(NamedTuple):
    """What a threshold makes of a group of clips: one seed's confusion matrix."""

    units: list[Unit]
    seed: int
    threshold: float
    confusion: Confusion


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
            (system, number): _Pool(folders)
            for system, pools in score_folders.items()
            for number, folders in enumerate(pools)
        }
        self.spec, self._replicates = spec, replicates
        self._known: dict[tuple, Distribution | None] = {}

    def __call__(self, cell: Mapping[str, str]) -> Estimate | None:
        """Return our estimate, None unless every unit that the cell covers was scored.

        None also where a group of clips does not allow the metric: one label only, or too few
        normal clips for a partial AUC.
        """
        found = self.distribution(cell)
        return None if found is None else estimate(found)

    def distribution(self, cell: Mapping[str, str]) -> Distribution | None:
        """Return what `__call__` does, with all bootstrap replicates.

        An empty machine, SNR or id means all that the report uses: the mean over them (`over:
        unit`), or all clips of a pool together (`over: pool`).
        """
        how = cells.how(self.spec, cell)
        if cell["metric"] not in {**RANKING, **AT_THRESHOLD}:
            return None
        groups = self._groups(cell, how)
        found = [self._measure(key, units, cell["metric"], how) for key, units in groups]
        return average(found, how["mean"]) if found and None not in found else None

    def outcomes(self, cell: Mapping[str, str]) -> list[Outcome]:
        """Return the confusion matrices behind a cell: one per group of clips and seed.

        Empty for a cell without a threshold, or of units that were not scored.
        """
        how = cells.how(self.spec, cell)
        if cell["metric"] not in AT_THRESHOLD or "threshold" not in how:
            return []
        return [
            Outcome(sorted(units), seed, threshold, Confusion(sample_of(run), threshold))
            for key, units in self._groups(cell, how)
            for seed, run, threshold in self._pools[key].runs(units, how)
        ]

    def fewest_clips(self, cell: Mapping[str, str]) -> int:
        """Return how many clips the smallest label of any group behind a cell has; 0 without."""
        how = cells.how(self.spec, cell)
        counts = [
            clips.groupby(["seed", "label"]).size().min()
            for key, units in self._groups(cell, how)
            for clips in [self._pools[key].clips(how["scores"], units, how["roles"])]
        ]
        return int(min(counts, default=0))

    def _groups(self, cell: Mapping[str, str], how: Mapping) -> list[tuple[tuple, frozenset]]:
        """Return each group of clips that a cell averages: its pool's key, its units."""
        self._check_score(cell, how["scores"])
        wanted = self._units(cell)
        pools = {
            key: pool.units(how["scores"]) & wanted
            for key, pool in self._pools.items()
            if key[0] == cell["system"]
        }
        if not wanted <= set().union(*pools.values()):
            return []
        return [
            (key, group)
            for key, units in pools.items()
            if units
            for group in _parted(units, how["over"])
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

    def _check_score(self, cell: Mapping[str, str], scores: str) -> None:
        kinds = self.kinds().get(cell["system"], {scores})
        if scores not in kinds:
            raise UserError(
                f"{cell['system']}: no score {scores!r}, which variant {cell['variant']!r} means; "
                f"it has {', '.join(sorted(kinds))}: correct published.csv, or report.yaml's "
                "evaluation.variants"
            )

    def _units(self, cell: Mapping[str, str]) -> set[Unit]:
        fields = [[cell[f]] if cell[f] else self.spec["units"][f] for f in Unit._fields]
        return {Unit(*values) for values in product(*fields)}

    def _measure(
        self, key: tuple, units: frozenset[Unit], metric: str, how: dict
    ) -> Distribution | None:
        rule = how.get("threshold") if metric in AT_THRESHOLD else None
        known = (key, units, metric, how["scores"], tuple(how["roles"]), repr(rule))
        if known not in self._known:
            self._known[known] = self._evaluate(self._pools[key], units, metric, how)
        return self._known[known]

    def _evaluate(
        self, pool: "_Pool", units: frozenset[Unit], metric: str, how: dict
    ) -> Distribution | None:
        clips = pool.clips(how["scores"], units, how["roles"])
        first = clips[clips["seed"] == clips["seed"].min()]
        if not computable(sample_of(first).labels, metric):
            return None
        thresholds = pool.thresholds(how) if metric in AT_THRESHOLD else None
        # Not the system's name: two systems that are compared share what the seeds have in common.
        trained = sorted(pool.units(how["scores"]))
        return evaluate_group(clips, metric, self._replicates, trained, thresholds)


class _Pool:
    """The scores of one pool: a folder per seed, a CSV per kind of score, read when asked for."""

    def __init__(self, folders: Sequence[str]):
        self._folders = [Path(folder) for folder in folders]
        self._tables: dict[str, pd.DataFrame] = {}

    @cached_property
    def kinds(self) -> set[str]:
        """The names of its scores."""
        return {path.stem for path in self._folders[0].glob("*.csv")}

    def _table(self, kind: str) -> pd.DataFrame:
        if kind not in self._tables:
            table = read_scores([folder / f"{kind}.csv" for folder in self._folders])
            table = table.sort_values(["seed", *Unit._fields, "label", "role", "clip"])
            self._tables[kind] = table.set_index(list(Unit._fields), drop=False)
        return self._tables[kind]

    def units(self, kind: str) -> set[Unit]:
        if kind not in self.kinds:
            return set()
        return {Unit(*key) for key in self._table(kind).index.unique()}

    def clips(self, kind: str, units: frozenset[Unit], roles: Sequence[str]) -> pd.DataFrame:
        table = self._table(kind).loc[sorted(map(tuple, units))].reset_index(drop=True)
        return table[table["role"].isin(roles)]

    def thresholds(self, how: Mapping) -> dict[int, float]:
        """Return the threshold of each seed."""
        seeds = self._table(how["scores"]).groupby("seed")
        return {seed: fit_threshold(run, how["threshold"]) for seed, run in seeds}

    def runs(
        self, units: frozenset[Unit], how: Mapping
    ) -> Iterator[tuple[int, pd.DataFrame, float]]:
        """Yield each seed, its clips, and its threshold."""
        thresholds = self.thresholds(how)
        for seed, run in self.clips(how["scores"], units, how["roles"]).groupby("seed"):
            yield seed, run, thresholds[seed]


def _parted(units: set[Unit], over: str) -> list[frozenset[Unit]]:
    if over == "pool":
        return [frozenset(units)]
    return [frozenset([unit]) for unit in sorted(units)]
