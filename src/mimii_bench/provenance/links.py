"""The links behind one number of all.csv, each with its files and what is known of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

from mimii_bench.corpus.index import read_index
from mimii_bench.evaluation.metrics import needs_threshold
from mimii_bench.provenance import wording
from mimii_bench.provenance.evidence import Link, Proof, State
from mimii_bench.provenance.making import Making
from mimii_bench.provenance.subject import Subject
from mimii_bench.reports import columns, tables
from mimii_bench.splits.manifests import read_clips_of
from mimii_bench.training.folder import DESCRIPTION, HISTORY, described
from mimii_bench.training.job import TrainingJob
from mimii_bench.util.errors import UserError
from mimii_bench.util.records import read_rows


class Links:
    """The links of one row.

    Parameters
    ----------
    project : Project
    of : Subject
    making : Making
    """

    def __init__(self, project, of: Subject, making: Making):
        self._project, self._of, self._making = project, of, making

    def all(self) -> Iterator[Link]:
        """Yield them from the clips on."""
        if self._of.pools:
            yield self._clips()
        if self._of.is_trained:
            yield self._mixes()
        if self._of.pools:
            yield self._splits()
        if self._of.is_trained:
            yield self._features()
            yield self._models()
        if self._of.is_trained and self._of.cell.metric != tables.PARAMETERS:
            yield self._scores()
        yield self._metric()
        yield self._interval()
        yield self._printed()
        yield self._tables()

    def _clips(self) -> Link:
        link = Link("clips")
        for unit in self._of.units:
            listed = self._making.index(unit)
            link.proofs += [one for one in (self._making.archive(unit), listed) if one]
            if listed.can_be_read:
                link.says.append(wording.clips(unit, read_index(Path(listed.path), unit.id)))
        link.proofs = list(dict.fromkeys(link.proofs))
        return link

    def _mixes(self) -> Link:
        names = list(dict.fromkeys(source["mix"] for source in self._of.inputs))
        proofs = [self._making.mix(name, unit) for name in names for unit in self._of.units]
        return Link("mix", [", ".join(names)], proofs)

    def _splits(self) -> Link:
        protocol = self._project.trainings.protocols[self._of.report.key]
        link = Link("split", [wording.split(protocol.split)])
        for pool in self._of.pools:
            manifest, *compared = self._making.split(self._of.report.key, pool)
            link.proofs += [manifest, *compared]
            if manifest.can_be_read:
                link.says.append(wording.roles(pool, read_clips_of(manifest.path)))
            link.proofs += [
                self._making.quality(unit, manifest.path) for unit in self._of.pools[pool]
            ]
        return link

    def _features(self) -> Link:
        link = Link("features")
        files = self._project.feature_files
        for source in self._of.inputs:
            link.says.append(wording.feature(source, files.by_name[source["feature"]]))
            link.proofs += [self._making.store(source, unit) for unit in self._of.units]
        link.proofs = list(dict.fromkeys(link.proofs))
        return link

    def _models(self) -> Link:
        link = Link("models")
        for job, training in self._of.trained:
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
        link = Link("scores", [wording.scores(self._of.recipe)])
        for job, training in self._of.trained:
            folder = self._folder(self._project.paths.scores, job)
            file = Path(folder, job.inside(training), f"{self._of.recipe.scores}.csv")
            link.proofs.append(self._making.score(job, folder, str(file)))
        return link

    def _metric(self) -> Link:
        link = Link("metric", [wording.metric(self._of.cell.metric, self._of.recipe)])
        if not needs_threshold(self._of.cell.metric):
            return link
        link.says.append(wording.rule(self._of.recipe.threshold))
        try:
            link.says += wording.thresholds(self._of.measured.outcomes(self._of.cell))
        except (UserError, OSError) as error:
            link.says.append(str(error))
        return link

    def _interval(self) -> Link:
        if not self._of.row[columns.CI_LOW]:
            return Link("interval")
        seeds = self._of.row[columns.SEEDS]
        return Link("interval", [wording.interval(self._of.replicates, seeds, self._of.row)])

    def _printed(self) -> Link:
        if not self._of.cell.published:
            return Link("printed")
        line = self._of.cells.index(self._of.cell) + 2
        path = str(self._of.report.published)
        return Link(
            "printed",
            [f"{self._of.cell.published}, line {line}"],
            [self._making.printed(path, self._of.report.key)],
        )

    def _tables(self) -> Link:
        own, every = self._making.table(self._of.report.key), self._making.all_numbers()
        if own.can_be_read:
            place = tuple(self._of.row[name] for name in columns.LONG_KEY)
            known = [
                row
                for row in read_rows(own.path)
                if tuple(row[name] for name in columns.LONG_KEY) == place
            ]
            if own.state is State.OK and known != [dict(self._of.row)]:
                own = Proof(own.path, State.CHANGED, "its row is not that of all.csv")
        return Link("tables", [], [own, every])

    def _folder(self, pattern: str, job: TrainingJob) -> str:
        return pattern.format(protocol=job.protocol, system=job.system, job=job.path)
