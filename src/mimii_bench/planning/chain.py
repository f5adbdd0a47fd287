"""The chain behind one number of all.csv, from the clips on, and the proof of it.

Each link names its files and whether they are what the number stands on; at the end the number is
computed anew from the scores, as the tables do it, and held against the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace

import pandas as pd

from mimii_bench.corpus.base import Unit
from mimii_bench.corpus.index import read_index
from mimii_bench.evaluation.metrics import METRICS, needs_threshold
from mimii_bench.planning import wording
from mimii_bench.planning.engine_records import Records
from mimii_bench.planning.evidence import BROKEN, Link, Proof, State, worst
from mimii_bench.planning.lookup import address_of
from mimii_bench.planning.making import Making
from mimii_bench.reports import columns, tables
from mimii_bench.reports.counts import CellCounts
from mimii_bench.reports.published import Cell, read_cells
from mimii_bench.reports.recipes import Recipe, recipe_of
from mimii_bench.reports.reproduction import Reproduction, units_of
from mimii_bench.splits.manifests import read_clips_of
from mimii_bench.training.folder import DESCRIPTION, HISTORY, described
from mimii_bench.training.job import Training, TrainingJob
from mimii_bench.util.errors import UserError
from mimii_bench.util.records import read_rows

#: What is computed anew and must be the same text as in all.csv.
_PROVEN = (
    *(columns.PUBLISHED, columns.REPRODUCED, columns.CI_LOW, columns.CI_HIGH),
    *(columns.PI_LOW, columns.PI_HIGH, columns.SEEDS, columns.CORPUS, columns.STATUS),
)


@dataclass(frozen=True)
class Chain:
    """A number and what it stands on.

    Attributes
    ----------
    address : str
    line : int
        In all.csv.
    row : mapping
        Of all.csv.
    links : list of Link
    computed : mapping or None
        The same columns, computed anew; None where they could not be, `why` tells.
    why : str
    unrecorded : int
        Files of whose making nothing is noted.
    """

    address: str
    line: int
    row: Mapping[str, str]
    links: Sequence[Link]
    computed: Mapping[str, str] | None
    why: str
    unrecorded: int

    @property
    def differing(self) -> list[str]:
        """Which columns come out otherwise now."""
        computed = self.computed or {}
        return [name for name in _PROVEN if name in computed and computed[name] != self.row[name]]

    @property
    def is_proven(self) -> bool:
        """Whether every link holds and the number comes out as it stands there."""
        holds = worst(link.state for link in self.links) not in BROKEN
        return holds and self.computed is not None and not self.differing

    def plain(self) -> dict:
        """Return it as plain values."""
        return {
            "address": self.address,
            "line": self.line,
            "row": dict(self.row),
            "links": [link.plain() for link in self.links],
            "computed_now": None if self.computed is None else dict(self.computed),
            "differs_in": self.differing,
            "why_not_computed": self.why,
            "files_without_record": self.unrecorded,
            "proven": self.is_proven,
        }


def chain_of(project, rows: Sequence[Mapping[str, str]], place: int) -> Chain:
    """Return the chain behind a row of all.csv.

    Parameters
    ----------
    project : Project
    rows : sequence of mapping
        All of the file.
    place : int
        Which of them.

    Raises
    ------
    UserError
        Where the row is of a report that the configuration does not ask for.
    """
    report = rows[place][columns.REPORT]
    if report not in project.reports:
        asked = ", ".join(project.reports)
        raise UserError(
            f"{report}: the configuration asks for {asked} alone; give that of the run by "
            "--configfile and --config"
        )
    return _Explained(project, rows, place).chain()


class _Explained:
    """One row of all.csv, explained."""

    def __init__(self, project, rows: Sequence[Mapping[str, str]], place: int):
        self._project, self._place, self._row = project, place, rows[place]
        self._name = self._row[columns.REPORT]
        self._report = project.reports[self._name]
        self._wildcards = SimpleNamespace(report=self._name)
        self._making = Making(project, Records())
        self._spec = project.tables.spec(self._wildcards)
        self._replicates = project.tables.budget(self._wildcards)["bootstrap"]

    def chain(self) -> Chain:
        computed, why = self._computed()
        links = [link for link in self._links() if link.says or link.proofs]
        return Chain(
            address_of(self._row),
            self._place + 2,
            self._row,
            links,
            computed,
            why,
            self._making.unrecorded,
        )

    # What the number is.

    @cached_property
    def _cells(self) -> list[Cell]:
        return read_cells(self._report.published) if self._report.published else []

    @cached_property
    def _cell(self) -> Cell:
        """The cell as published.csv has it, with its printed digits; else as all.csv has it."""
        place = tuple(self._row[name] for name in columns.CELL[:3])
        known = [cell for cell in self._cells if cell[:3] == place]
        return known[0] if known else Cell(**{name: self._row[name] for name in columns.CELL})

    @cached_property
    def _recipe(self) -> Recipe:
        return recipe_of(self._spec, self._cell.table, self._cell.variant)

    @cached_property
    def _pools(self) -> dict[str, list[Unit]]:
        """The pools on which the number rests, of those that its system trains on."""
        protocol = self._project.trainings.protocols[self._name]
        if self._cell.metric == "clips":
            return {pool: list(units) for pool, units in protocol.pools.items()}
        if self._cell.system not in protocol.systems:
            return {}
        pools = protocol.systems[self._cell.system].pools
        if self._cell.metric == tables.PARAMETERS:
            return {pool: list(units) for pool, units in list(pools.items())[:1]}
        wanted = units_of(self._cell, self._spec["units"])
        if not wanted <= {unit for units in pools.values() for unit in units}:
            return {}
        return {pool: list(units) for pool, units in pools.items() if wanted & set(units)}

    @cached_property
    def _units(self) -> list[Unit]:
        return list(dict.fromkeys(unit for units in self._pools.values() for unit in units))

    @property
    def _is_trained(self) -> bool:
        return self._cell.metric != "clips" and bool(self._pools)

    @cached_property
    def _trained(self) -> list[tuple[TrainingJob, Training]]:
        jobs = self._project.trainings.of_system(self._name, self._cell.system).values()
        found = [(job, one) for job in jobs for one in job.trainings if one.pool in self._pools]
        # What counts weights looks at the first.
        return found[:1] if self._cell.metric == tables.PARAMETERS else found

    @property
    def _inputs(self) -> Sequence[Mapping[str, str]]:
        return self._project.trainings.protocols[self._name].systems[self._cell.system].inputs

    # The links.

    def _links(self) -> Iterator[Link]:
        if self._pools:
            yield self._clips()
        if self._is_trained:
            yield self._mixes()
        if self._pools:
            yield self._splits()
        if self._is_trained:
            yield self._features()
            yield self._models()
        if self._is_trained and self._cell.metric != tables.PARAMETERS:
            yield self._scores()
        yield self._metric()
        yield self._interval()
        yield self._printed()
        yield self._tables()

    def _clips(self) -> Link:
        link = Link("clips")
        for unit in self._units:
            listed = self._making.index(unit)
            link.proofs += [one for one in (self._making.archive(unit), listed) if one]
            if listed.can_be_read:
                link.says.append(wording.clips(unit, read_index(Path(listed.path), unit.id)))
        link.proofs = list(dict.fromkeys(link.proofs))
        return link

    def _mixes(self) -> Link:
        names = list(dict.fromkeys(source["mix"] for source in self._inputs))
        proofs = [self._making.mix(name, unit) for name in names for unit in self._units]
        return Link("mix", [", ".join(names)], proofs)

    def _splits(self) -> Link:
        protocol = self._project.trainings.protocols[self._name]
        link = Link("split", [wording.split(protocol.split)])
        for pool in self._pools:
            manifest, *compared = self._making.split(self._name, pool)
            link.proofs += [manifest, *compared]
            if manifest.can_be_read:
                link.says.append(wording.roles(pool, read_clips_of(manifest.path)))
        link.proofs += [self._making.quality(unit) for unit in self._units]
        return link

    def _features(self) -> Link:
        link = Link("features")
        files = self._project.feature_files
        for source in self._inputs:
            link.says.append(wording.feature(source, files.by_name[source["feature"]]))
            link.proofs += [self._making.store(source, unit) for unit in self._units]
        link.proofs = list(dict.fromkeys(link.proofs))
        return link

    def _models(self) -> Link:
        link = Link("models")
        for job, training in self._trained:
            folder = self._folder(self._project.paths.models, job)
            proof = self._making.model(job, folder, job.inside(training))
            if not link.says:
                w = SimpleNamespace(protocol=job.protocol, system=job.system, job=job.path)
                link.says.append(wording.system(job, self._project.code.fitting(w)))
            if proof.can_be_read:
                seed, *facts = described(
                    Path(proof.path, DESCRIPTION), "seed", "parameters", "system"
                )
                epochs = len(read_rows(Path(proof.path, HISTORY)))
                link.says.append(wording.model(training, seed, epochs, facts[0]))
                if seed != job.seed(training):
                    proof = Proof(proof.path, State.OTHER, f"its seed is not {job.seed(training)}")
            link.proofs.append(proof)
        return link

    def _scores(self) -> Link:
        link = Link("scores", [wording.scores(self._recipe)])
        for job, training in self._trained:
            folder = self._folder(self._project.paths.scores, job)
            file = Path(folder, job.inside(training), f"{self._recipe.scores}.csv")
            link.proofs.append(self._making.score(job, folder, str(file)))
        return link

    def _metric(self) -> Link:
        link = Link("metric", [wording.metric(self._cell.metric, self._recipe)])
        if not needs_threshold(self._cell.metric):
            return link
        link.says.append(wording.rule(self._recipe.threshold))
        try:
            link.says += wording.thresholds(self._measured.outcomes(self._cell))
        except (UserError, OSError) as error:
            link.says.append(str(error))
        return link

    def _interval(self) -> Link:
        if not self._row[columns.CI_LOW]:
            return Link("interval")
        seeds = self._row[columns.SEEDS]
        return Link("interval", [wording.interval(self._replicates, seeds, self._row)])

    def _printed(self) -> Link:
        if not self._cell.published:
            return Link("printed")
        line = self._cells.index(self._cell) + 2
        path = str(self._report.published)
        return Link("printed", [f"{self._cell.published}, line {line}"], [Proof(path, State.OK)])

    def _tables(self) -> Link:
        own, every = self._making.table(self._name), self._making.all_numbers()
        if own.can_be_read:
            place = tuple(self._row[name] for name in columns.LONG_KEY)
            known = [
                row
                for row in read_rows(own.path)
                if tuple(row[name] for name in columns.LONG_KEY) == place
            ]
            if own.state is State.OK and known != [dict(self._row)]:
                own = Proof(own.path, State.CHANGED, "its row is not that of all.csv")
        return Link("tables", [], [own, every])

    # The number, anew.

    @cached_property
    def _measured(self) -> Reproduction:
        """The scores of the row's system alone."""
        folders = self._project.tables.score_folders(self._wildcards)
        own = {self._cell.system: folders.get(self._cell.system, [])}
        return Reproduction(own, self._spec, self._replicates)

    def _computed(self) -> tuple[dict[str, str] | None, str]:
        """Return the columns that are proven, as text, or why they cannot be computed."""
        try:
            row = self._compared()
        except (UserError, OSError) as error:
            return None, str(error)
        return {name: row[name] for name in _PROVEN}, ""

    def _compared(self) -> dict[str, str]:
        project, w = self._project, self._wildcards
        budget = project.tables.budget(w)
        setting = tables.Setting(
            project.inventory.corpus,
            project.configuration["budget"],
            budget["max_steps"] is None,
            self._spec,
        )
        cell, ours = self._cell, None
        if cell.metric in METRICS or cell.metric == "threshold":
            ours = self._measured.estimate(cell, setting.printed(cell))
        elif self._pools:
            counts = CellCounts(
                project.tables.descriptions(w), project.tables.splits(w), self._spec["tables"]
            )
            ours = counts.estimate(cell)
        found = tables.as_text(tables.compared(self._name, [cell], [ours], setting))
        row = found.iloc[0] if len(found) else {}
        return {name: _text(row[name]) if len(found) else "" for name in _PROVEN}

    def _folder(self, pattern: str, job: TrainingJob) -> str:
        return pattern.format(protocol=job.protocol, system=job.system, job=job.path)


def _text(value: object) -> str:
    """Return what a CSV has of a value; nothing for what is missing."""
    return "" if pd.isna(value) else str(value)
