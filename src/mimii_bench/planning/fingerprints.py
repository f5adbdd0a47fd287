"""What a target stands on, in one number each: all facts from the recordings on.

A workflow engine compares dates, and takes a target as up to date when what lies between it and its
sources is missing: after a job that failed, and whose outputs were deleted, it would say that there
is nothing to do. With its fingerprint among its parameters, a target is out of date from an edit
until it is made again.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from hashlib import blake2b
from pathlib import Path
from types import SimpleNamespace

from mimii_bench.corpus.base import Unit


class Fingerprints:
    """The fingerprints of all that the rules of a project make."""

    def __init__(self, project):
        self._project = project
        self.of_system = cache(self._of_system)
        self._recordings = cache(self._recordings_of)
        self._store = cache(self._store_of)
        self._job = cache(self._job_of)
        self._split = cache(self._split_of)

    def of_protocol(self, protocol: str) -> list[str]:
        """Return what all numbers of a protocol stand on: a fingerprint of each system."""
        systems = self._project.trainings.protocols[protocol].systems
        return [self.of_system(protocol, system) for system in systems]

    def report(self, wildcards) -> str:
        """Return what the tables of a report stand on, printed numbers and settings included."""
        tables = self._project.tables
        printed = tables.published(wildcards)
        facts = [tables.spec(wildcards), tables.budget(wildcards), self._project.inventory.corpus]
        facts += [self.contents([printed] if printed else []), self._project.code.tables(wildcards)]
        return _digest([*facts, self.of_protocol(wildcards.report)])

    def reports(self, wildcards) -> list[str]:
        """Return what the tables of all reports stand on."""
        return [self.report(SimpleNamespace(report=key)) for key in self._project.reports]

    def contents(self, files: Iterable[str]) -> str:
        """Return what stands in small files, such as those of printed numbers."""
        return _digest([Path(file).read_bytes() for file in files])

    def listed(self, places: Iterable) -> list[str]:
        """Return what the lists of the clips of machines and SNRs stand on, each once."""
        return sorted({self.clips(SimpleNamespace(machine=one[0], snr=one[1])) for one in places})

    def clips(self, wildcards) -> str:
        """Return what the list of the clips of a machine and SNR stands on."""
        units = self._project.inventory.units
        here = [unit for unit in units if unit[:2] == (wildcards.machine, wildcards.snr)]
        facts = [[*self._made(unit), self._project.corpus_files.clips(unit)] for unit in here]
        return _digest(facts)

    def unit(self, wildcards) -> str:
        """Return what the samples of a unit stand on."""
        return self._recordings(Unit(wildcards.machine, wildcards.snr, wildcards.id))

    def each(self, units: Iterable[Unit]) -> list[str]:
        """Return what the samples of units stand on, each once.

        Of recordings that were made or published in one piece, it does not change with how many of
        them are meant.
        """
        return sorted({self._recordings(Unit(*unit)) for unit in units})

    def recordings(self, units: Iterable[Unit]) -> str:
        """Return what the samples of units stand on."""
        return _digest([self._recordings(Unit(*unit)) for unit in sorted(units)])

    def compared(self, wildcards) -> str:
        """Return what is known of which recordings of a pool are the same."""
        return self.recordings(self._project.split_files.units(wildcards))

    def pools(self, protocol: str, pools: Iterable[str]) -> list[str]:
        """Return what the clips of pools stand on, as `pool` does."""
        return [self.pool(SimpleNamespace(protocol=protocol, pool=one)) for one in pools]

    def pool(self, wildcards) -> str:
        """Return what the clips of a pool stand on, and which of them are told to be the same."""
        code = self._project.code
        return _digest([code.of("recordings"), code.of("quality"), self.compared(wildcards)])

    def store(self, source: Mapping[str, str], units: Iterable[Unit]) -> str:
        """Return what the frames of units stand on, of the `feature` and `mix` of an input."""
        made_by = self._store(self._project.feature_files.stored(source), source["mix"])
        return _digest([made_by, self.recordings(units)])

    def job(self, wildcards) -> str:
        """Return what the models of a job of trainings stand on, besides its own code."""
        return self._job(wildcards.protocol, wildcards.system, wildcards.job)

    def _job_of(self, protocol: str, system: str, path: str) -> str:
        wildcards = SimpleNamespace(protocol=protocol, system=system, job=path)
        job = self._project.trainings.job(wildcards)
        inputs = self._project.trainings.system(wildcards).inputs
        facts: list[object] = [self.store(source, job.units) for source in inputs]
        for pool in job.pools:
            facts += self._split(protocol, pool)
        return _digest(facts)

    def _of_system(self, protocol: str, system: str) -> str:
        """Return what the models and scores of a system stand on."""
        trainings, code = self._project.trainings, self._project.code
        facts: list[object] = []
        for path, job in trainings.of_system(protocol, system).items():
            wildcards = SimpleNamespace(protocol=protocol, system=system, job=path)
            facts += [job.plain(), code.fitting(wildcards), code.scoring(wildcards)]
            facts.append(self.job(wildcards))
        return _digest(facts)

    def _split_of(self, protocol: str, pool: str) -> list:
        """Return what a split manifest is made by, and what it stands on."""
        wildcards = SimpleNamespace(protocol=protocol, pool=pool)
        split = self._project.split_files.split(wildcards)
        return [split, self._project.code.split(wildcards), self.pool(wildcards)]

    def _store_of(self, feature: str, mix: str) -> list:
        """Return what the frames of a feature are made by."""
        code = self._project.code.feature(SimpleNamespace(feature=feature))
        return [mix, feature, self._project.feature_files.by_name[feature], code]

    def _recordings_of(self, unit: Unit) -> str:
        """Return what the samples of a unit depend on."""
        recordings, code = self._project.corpus_files, self._project.code
        listed = code.of("clip_index")
        return _digest([*self._made(unit), listed, recordings.clips(unit), recordings.state(unit)])

    def _made(self, unit: Unit) -> list:
        """Return what recordings are made by, where they are not found."""
        recordings, code = self._project.corpus_files, self._project.code
        if not recordings.corpus.simulated:
            return []
        return [recordings.simulation(), code.simulate(unit), code.of("noise_bank")]


def _digest(facts: list) -> str:
    return blake2b(repr(facts).encode(), digest_size=16).hexdigest()
