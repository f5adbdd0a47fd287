"""Our number for a published cell: the cell names units, a system and a metric; scores give it."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import product
from pathlib import Path

import pandas as pd

from mimii_bench import cells
from mimii_bench.corpus.layout import Unit
from mimii_bench.evaluation import (
    Distribution,
    Estimate,
    average,
    estimate,
    evaluate_group,
    fit_threshold,
    read_scores,
)
from mimii_bench.metrics import AT_THRESHOLD, RANKING


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
        self._spec, self._replicates = spec, replicates
        self._known: dict[tuple, Distribution] = {}

    def __call__(self, cell: Mapping[str, str]) -> Estimate | None:
        """Return our estimate, None unless every unit that the cell covers was scored."""
        found = self.distribution(cell)
        return None if found is None else estimate(found)

    def distribution(self, cell: Mapping[str, str]) -> Distribution | None:
        """Return what `__call__` does, with all bootstrap replicates.

        An empty machine, SNR or id means all that the report uses: the mean over them (`over:
        unit`), or all clips of a pool together (`over: pool`).
        """
        how = cells.how(self._spec, cell)
        wanted = self._units(cell)
        pools = {
            key: pool
            for key, pool in self._pools.items()
            if key[0] == cell["system"] and pool.units(how["scores"]) & wanted
        }
        scored = set().union(*(pool.units(how["scores"]) for pool in pools.values()))
        if cell["metric"] not in {**RANKING, **AT_THRESHOLD} or not wanted <= scored:
            return None
        groups = [
            self._measure(key, group, cell["metric"], how)
            for key, pool in pools.items()
            for group in _groups(pool.units(how["scores"]) & wanted, how["over"])
        ]
        return average(groups, how["mean"])

    def _units(self, cell: Mapping[str, str]) -> set[Unit]:
        fields = [[cell[f]] if cell[f] else self._spec["units"][f] for f in Unit._fields]
        return {Unit(*values) for values in product(*fields)}

    def _measure(self, key: tuple, units: frozenset[Unit], metric: str, how: dict) -> Distribution:
        rule = how.get("threshold") if metric in AT_THRESHOLD else None
        known = (key, units, metric, how["scores"], tuple(how["roles"]), repr(rule))
        if known not in self._known:
            pool = self._pools[key]
            thresholds = pool.thresholds(how["scores"], rule)
            # Without SNR and system: one recording at three SNRs, or under two systems, is drawn
            # as often in each, so that their averages and differences keep what they share.
            name = (sorted({(unit.machine, unit.id) for unit in units}), how["roles"])
            clips = pool.clips(how["scores"], units, how["roles"])
            self._known[known] = evaluate_group(clips, metric, self._replicates, name, thresholds)
        return self._known[known]


class _Pool:
    """The scores of one pool: a folder per seed, a CSV per kind of score, read when asked for."""

    def __init__(self, folders: Sequence[str]):
        self._folders = [Path(folder) for folder in folders]
        self._tables: dict[str, pd.DataFrame] = {}

    @cached_property
    def _kinds(self) -> set[str]:
        return {path.stem for path in self._folders[0].glob("*.csv")}

    def _table(self, kind: str) -> pd.DataFrame:
        if kind not in self._tables:
            table = read_scores([folder / f"{kind}.csv" for folder in self._folders])
            self._tables[kind] = table.set_index(list(Unit._fields)).sort_index(kind="stable")
        return self._tables[kind]

    def units(self, kind: str) -> set[Unit]:
        if kind not in self._kinds:
            return set()
        return {Unit(*key) for key in self._table(kind).index.unique()}

    def clips(self, kind: str, units: frozenset[Unit], roles: Sequence[str]) -> pd.DataFrame:
        table = self._table(kind).loc[sorted(map(tuple, units))]
        return table[table["role"].isin(roles)]

    def thresholds(self, kind: str, rule: Mapping | None) -> dict[int, float | None]:
        return {seed: fit_threshold(run, rule) for seed, run in self._table(kind).groupby("seed")}


def _groups(units: set[Unit], over: str) -> list[frozenset[Unit]]:
    if over == "pool":
        return [frozenset(units)]
    return [frozenset([unit]) for unit in sorted(units)]
