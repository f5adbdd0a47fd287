"""What one row of all.csv is of: its cell, the pools and trainings behind it, and it anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from types import SimpleNamespace

import pandas as pd

from mimii_bench.corpus.base import Unit
from mimii_bench.evaluation.metrics import METRICS
from mimii_bench.reports import columns, tables
from mimii_bench.reports.counts import CellCounts
from mimii_bench.reports.published import THRESHOLD, Cell, read_cells
from mimii_bench.reports.recipes import Recipe, recipe_of
from mimii_bench.reports.reproduction import Reproduction, units_of
from mimii_bench.training.job import Training, TrainingJob
from mimii_bench.util.errors import UserError

#: What is computed anew and must be the same text as in all.csv.
PROVEN = (
    *(columns.PUBLISHED, columns.REPRODUCED, columns.CI_LOW, columns.CI_HIGH),
    *(columns.PI_LOW, columns.PI_HIGH, columns.SEEDS, columns.CORPUS, columns.STATUS),
)


class Subject:
    """One row of all.csv of a project, and what it is of.

    Attributes
    ----------
    row : mapping
    report : Report
    replicates : int
        Of the bootstrap.
    """

    def __init__(self, project, row: Mapping[str, str]):
        self.row = row
        self.report = project.reports[row[columns.REPORT]]
        self._project = project
        self._wildcards = SimpleNamespace(report=self.report.key)
        self._spec = project.tables.spec(self._wildcards)
        self.replicates = project.tables.budget(self._wildcards)["bootstrap"]

    @cached_property
    def cells(self) -> list[Cell]:
        """All cells of the report's published.csv, where it has one."""
        return read_cells(self.report.published) if self.report.published else []

    @cached_property
    def cell(self) -> Cell:
        """The cell as published.csv has it, with its printed digits; else as all.csv has it."""
        place = tuple(self.row[name] for name in columns.CELL[:3])
        known = [cell for cell in self.cells if cell[:3] == place]
        return known[0] if known else Cell(**{name: self.row[name] for name in columns.CELL})

    @cached_property
    def recipe(self) -> Recipe:
        """How the cell is computed."""
        return recipe_of(self._spec, self.cell.table, self.cell.variant)

    @cached_property
    def pools(self) -> dict[str, list[Unit]]:
        """The pools on which the number rests, of those that its system trains on."""
        protocol = self._project.trainings.protocols[self.report.key]
        if self.cell.metric == "clips":
            return {pool: list(units) for pool, units in protocol.pools.items()}
        if self.cell.system not in protocol.systems:
            return {}
        pools = protocol.systems[self.cell.system].pools
        if self.cell.metric == tables.PARAMETERS:
            return {pool: list(units) for pool, units in list(pools.items())[:1]}
        wanted = units_of(self.cell, self._spec["units"])
        if not wanted <= {unit for units in pools.values() for unit in units}:
            return {}
        return {pool: list(units) for pool, units in pools.items() if wanted & set(units)}

    @cached_property
    def units(self) -> list[Unit]:
        """All units of the pools."""
        return list(dict.fromkeys(unit for units in self.pools.values() for unit in units))

    @property
    def is_trained(self) -> bool:
        """Whether models stand behind it."""
        return self.cell.metric != "clips" and bool(self.pools)

    @cached_property
    def trained(self) -> list[tuple[TrainingJob, Training]]:
        """The trainings behind it, each with its job."""
        jobs = self._project.trainings.of_system(self.report.key, self.cell.system).values()
        found = [(job, one) for job in jobs for one in job.trainings if one.pool in self.pools]
        # What counts weights looks at the first.
        return found[:1] if self.cell.metric == tables.PARAMETERS else found

    @property
    def inputs(self) -> Sequence[Mapping[str, str]]:
        """The inputs of its system."""
        return self._project.trainings.protocols[self.report.key].systems[self.cell.system].inputs

    @cached_property
    def measured(self) -> Reproduction:
        """The scores of the row's system alone."""
        folders = self._project.tables.score_folders(self._wildcards)
        own = {self.cell.system: folders.get(self.cell.system, [])}
        return Reproduction(own, self._spec, self.replicates)

    def computed(self) -> tuple[dict[str, str] | None, str]:
        """Return the columns that are proven, as text, or why they cannot be computed."""
        try:
            row = self._compared()
        except (UserError, OSError) as error:
            return None, str(error)
        return {name: row[name] for name in PROVEN}, ""

    def _compared(self) -> dict[str, str]:
        project, w = self._project, self._wildcards
        budget = project.tables.budget(w)
        setting = tables.Setting(
            project.inventory.corpus,
            project.configuration["budget"],
            budget["max_steps"] is None,
            self._spec,
        )
        cell, ours = self.cell, None
        if cell.metric in METRICS or cell.metric == THRESHOLD:
            ours = self.measured.estimate(cell, setting.printed(cell))
        elif self.pools:
            counts = CellCounts(
                project.tables.descriptions(w), project.tables.splits(w), self._spec["tables"]
            )
            ours = counts.estimate(cell)
        found = tables.as_text(tables.compared(self.report.key, [cell], [ours], setting))
        row = found.iloc[0] if len(found) else {}
        return {name: _text(row[name]) if len(found) else "" for name in PROVEN}


def _text(value: object) -> str:
    """Return what a CSV has of a value; nothing for what is missing."""
    return "" if pd.isna(value) else str(value)
