"""What final targets stand on, in one number each.

A workflow engine takes a target as up to date when what lies between it and its sources is missing:
after a job that failed, and whose outputs were deleted, it would say that there is nothing to do.
With its fingerprint among its parameters, a target is out of date from an edit until it is made
again.
"""

from functools import cache
from hashlib import blake2b
from types import SimpleNamespace

from mimii_bench.corpus.base import Unit


class Fingerprints:
    """The fingerprints of all that the systems of a project's protocols give."""

    def __init__(self, project):
        self._project = project
        self.of_system = cache(self._of_system)
        self._recordings = cache(self._recordings_of)

    def of_protocol(self, protocol: str) -> list[str]:
        """Return what all numbers of a protocol stand on: a fingerprint of each system."""
        systems = self._project.trainings.protocols[protocol].systems
        return [self.of_system(protocol, system) for system in systems]

    def _of_system(self, protocol: str, system: str) -> str:
        """Return what the models and scores of a system stand on."""
        trainings, code = self._project.trainings, self._project.code
        facts: list[object] = []
        for path, job in trainings.of_system(protocol, system).items():
            wildcards = SimpleNamespace(protocol=protocol, system=system, job=path)
            facts += [job.plain(), code.fitting(wildcards), code.scoring(wildcards)]
        pools = trainings.protocols[protocol].systems[system].pools
        for pool in pools:
            wildcards = SimpleNamespace(protocol=protocol, pool=pool)
            facts += [self._project.split_files.split(wildcards), code.split(wildcards)]
        for source in trainings.protocols[protocol].systems[system].inputs:
            wildcards = SimpleNamespace(feature=self._project.feature_files.stored(source))
            facts += [source["mix"], wildcards.feature, code.feature(wildcards)]
        units = sorted({unit for one in pools.values() for unit in one})
        facts += [code.of("recordings"), *map(self._recordings, units)]
        return blake2b(repr(facts).encode(), digest_size=16).hexdigest()

    def _recordings_of(self, unit: Unit) -> tuple:
        """Return what the samples of a unit depend on."""
        recordings, code = self._project.corpus_files, self._project.code
        made = ()
        if recordings.corpus.simulated:
            made = (recordings.simulation(), code.simulate(unit), code.of("noise_bank"))
        read = code.of("clip_index"), code.of("mix"), code.of("quality")
        return (*made, *read, recordings.clips(unit), recordings.state(unit))
