"""What each file of a run was made by, as the rules have it now, and whether that is so."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace

from mimii_bench.corpus.base import Unit
from mimii_bench.provenance.engine_records import Records
from mimii_bench.provenance.evidence import Proof, State, proof_of
from mimii_bench.training.job import TrainingJob
from mimii_bench.util.checksums import Sums, file_checksum
from mimii_bench.util.errors import UserError


class Making:
    """The proofs that the files of a project give.

    A file proves its link when it is as it was written, and when the parameters that Snakemake
    noted of its job are those that the rules have now: code, configuration, and fingerprints of
    all that it stands on. Where nothing was noted, `unrecorded` counts it.

    Parameters
    ----------
    project : Project
    records : Records
    """

    def __init__(self, project, records: Records):
        self._project, self._records = project, records
        self._results = Path(project.paths.results)
        self.unrecorded = 0

    def index(self, unit: Unit) -> Proof:
        """Return the proof of the list of clips that a unit stands in."""
        path = self._project.split_files.index(unit)
        listed = self._project.fingerprints.listed(self._members(path))
        return self._proof(
            path, {"code": self._project.code.of("clip_index"), "recordings": listed}
        )

    def _members(self, path: str) -> list:
        """Return what the job makes that makes a file of a batch."""
        rule, wildcards = self._project.batches.making(path)
        return rule.members(wildcards)

    def _recordings(self, path: str) -> list[str]:
        """Return what the job that makes a file of a batch stands on: the recordings of units."""
        rule, wildcards = self._project.batches.making(path)
        return self._project.fingerprints.each(rule.units(wildcards))

    def archive(self, unit: Unit) -> Proof | None:
        """Return the proof of the zip of a unit, or of its receipt; None of plain recordings."""
        corpus = self._project.corpus
        path = self._project.corpus_files.files(unit) or corpus.archive(unit.machine, unit.snr)
        if not path:
            return None
        if not Path(path).is_relative_to(self._results):
            return Proof(str(path), State.THERE if Path(path).exists() else State.MISSING)
        return proof_of(self._results, str(path))

    def mix(self, mix: str, unit: Unit) -> Proof:
        """Return the proof of a folder of mixed clips."""
        path = self._project.paths.mix.format(mix=mix, **unit._asdict())
        code, prints = self._project.code, self._project.fingerprints
        expected = {"code": code.of("mix"), "recordings": prints.unit(unit)}
        return self._proof(path, expected, self._project.corpus.keep_mixes)

    def store(self, source: Mapping[str, str], unit: Unit) -> Proof:
        """Return the proof of the store of an input of one unit."""
        files = self._project.feature_files
        path, w = files.store(source, unit), SimpleNamespace(feature=files.stored(source))
        expected = {
            "code": self._project.code.feature(w),
            "options": files.by_name[w.feature],
            "recordings": self._recordings(path),
        }
        return self._proof(path, expected)

    def quality(self, unit: Unit, manifest: str) -> Proof:
        """Return the proof of the table of the quality of a unit, which a manifest was made of."""
        (path,) = self._project.split_files.quality_of([unit])
        code = self._project.code
        expected = {"code": code.of("quality"), "recordings": self._recordings(path)}
        return self._as_read(self._proof(path, expected), manifest)

    def printed(self, path: str, report: str) -> Proof:
        """Return the proof of a published.csv, which the numbers of a report were made of."""
        state = State.THERE if Path(path).exists() else State.MISSING
        return self._as_read(Proof(path, state), self._project.paths.long.format(report=report))

    def _as_read(self, proof: Proof, output: str) -> Proof:
        """Return the proof of a file without a checksum, by that of the job that read it."""
        digits = self._records.inputs(output).get(proof.path)
        if proof.state is not State.THERE or digits is None:
            return proof
        if digits != file_checksum(proof.path):
            return Proof(proof.path, State.CHANGED, f"{output} was made of another one")
        return Proof(proof.path, State.OK)

    def split(self, protocol: str, pool: str) -> list[Proof]:
        """Return the proofs of a manifest, and of which recordings are the same."""
        w = SimpleNamespace(protocol=protocol, pool=pool)
        splits, code = self._project.split_files, self._project.code
        prints = self._project.fingerprints
        manifest = self._project.paths.split.format(protocol=protocol, pool=pool)
        expected = {
            "code": code.split(w),
            "split": splits.split(w),
            "clips": prints.pools(protocol, self._members(manifest)),
        }
        found = [self._proof(manifest, expected)]
        if compared := splits.recordings(w):
            known = {"code": code.of("recordings"), "recordings": prints.compared(w)}
            found.append(self._proof(str(compared), known))
        return found

    def model(self, job: TrainingJob, folder: str, inside: Path) -> Proof:
        """Return the proof of one training of a job, whose folder is that of its models."""
        w = SimpleNamespace(protocol=job.protocol, system=job.system, job=job.path)
        expected = {
            "code": self._project.code.fitting(w),
            "options": job.plain(),
            "input": self._project.fingerprints.job(w),
        }
        found = self._proof(str(Path(folder, inside)), expected, output=folder)
        other = self._read_other(folder) if found.state is State.OK else ""
        return Proof(found.path, State.CHANGED, other) if other else found

    def score(self, job: TrainingJob, folder: str, file: str) -> Proof:
        """Return the proof of one score file of a job."""
        w = SimpleNamespace(protocol=job.protocol, system=job.system, job=job.path)
        code = self._project.code
        expected = {
            "code": code.scoring(w),
            "training": code.fitting(w),
            "options": job.plain(),
            "input": self._project.fingerprints.job(w),
        }
        return self._proof(file, expected, output=folder)

    def table(self, report: str) -> Proof:
        """Return the proof of the numbers of a report."""
        w = SimpleNamespace(report=report)
        expected = {
            "code": self._project.code.tables(w),
            "scores, numbers or settings": self._project.fingerprints.report(w),
        }
        return self._proof(self._project.paths.long.format(report=report), expected)

    def all_numbers(self) -> Proof:
        """Return the proof of all.csv; its checksum stands with those of the tables of all."""
        paths, code = self._project.paths, self._project.code
        expected = {
            "code": code.of("all_tables"),
            "reports": self._project.fingerprints.reports(None),
        }
        found = self._proof(paths.all_long, expected)
        if found.state is State.MISSING:
            return found
        if why := _listed_otherwise(Path(paths.all_sums), Path(paths.all_long)):
            return Proof(found.path, State.CHANGED, why)
        return Proof(found.path, State.OK) if found.state is State.THERE else found

    def _proof(
        self, path: str, expected: Mapping[str, object], kept: bool = True, output: str = ""
    ) -> Proof:
        differing = self._records.differences(output or path, expected)
        if differing is None and Path(path).exists():
            self.unrecorded += 1
        return proof_of(self._results, path, differing, kept)

    def _read_other(self, output: str) -> str:
        """Return which file a job read that has another checksum now; nothing where none has."""
        for path, digits in self._records.inputs(output).items():
            if Path(path).is_file() and file_checksum(path) != digits:
                return f"it was made of another {path}"
        return ""


def _listed_otherwise(sums: Path, path: Path) -> str:
    """Return what is wrong where a list of checksums does not hold for a file of its run."""
    try:
        listed = {(sums.parent / name).resolve(): digits for name, digits in Sums(sums).items()}
    except UserError as error:
        return str(error)
    same = listed.get(path.resolve()) == file_checksum(path)
    return "" if same else "it is not as it was written (checksum)"
