"""Which trainings a run holds, and how many of them one process takes in turn.

A protocol is what the rules of training know of a report, or of the leaderboard: systems, their
pools, and seeds.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import PurePath

from mimii_bench.corpus.base import Unit
from mimii_bench.planning.feature_files import FeatureFiles
from mimii_bench.planning.paths import Paths
from mimii_bench.training.job import Computing, TrainingJob
from mimii_bench.util.errors import UserError

#: What a job is called that trains on pools of several machines.
ALL = "all"
#: Pool path -> its units.
Pools = Mapping[str, Sequence[Unit]]


@dataclass(frozen=True)
class TrainedSystem:
    """A system of a protocol, as report.yaml or leaderboard.yaml has it, and what it trains on.

    `kinds` are the scores that it must give; `options` are those under the budget.
    """

    class_name: str
    inputs: Sequence[Mapping[str, str]]
    options: Mapping
    pools: Pools
    roles: Sequence[str] = ("train",)
    kinds: Sequence[str] = ()


@dataclass(frozen=True)
class Protocol:
    """Systems that are trained and scored on the same splits, with so many seeds.

    `split` is the scheme with its options, `pools` all that have a manifest; `seeds_together`
    tells whether one job may hold all seeds.
    """

    name: str
    split: Mapping
    systems: Mapping[str, TrainedSystem]
    pools: Pools
    seeds: int
    seeds_together: bool = False

    @property
    def inputs(self) -> list[tuple[Mapping[str, str], Unit]]:
        """Pairs of a system's input and a unit that is read for it."""
        return [
            (source, unit)
            for system in self.systems.values()
            for source in system.inputs
            for units in system.pools.values()
            for unit in units
        ]


class Trainings:
    """The training jobs of all protocols, with what each reads.

    Parameters
    ----------
    protocols : sequence of Protocol
    configuration : mapping
        How much one job holds (`jobs.training`), and how it computes.
    features : FeatureFiles
    paths : Paths
    """

    def __init__(
        self,
        protocols: Sequence[Protocol],
        configuration: Mapping,
        features: FeatureFiles,
        paths: Paths,
    ):
        self.protocols = {one.name: one for one in protocols}
        self._size = configuration["jobs"]["training"]
        self._computing = Computing.of(configuration)
        self._features, self._paths = features, paths
        self.of_system = cache(self._of_system)
        self.trained = cache(self._trained)

    def job(self, wildcards) -> TrainingJob:
        """Return the job of a rule's protocol, system and job."""
        self.system(wildcards)
        jobs = self.of_system(wildcards.protocol, wildcards.system)
        if wildcards.job not in jobs:
            raise UserError(
                f"{wildcards.protocol}/{wildcards.system}: there is no job {wildcards.job}; "
                f"it has {', '.join(jobs)}"
            )
        return jobs[wildcards.job]

    def system(self, wildcards) -> TrainedSystem:
        """Return what is trained by the job of a rule's protocol and system."""
        systems = self.protocols[wildcards.protocol].systems
        if wildcards.system not in systems:
            raise UserError(
                f"{wildcards.protocol}: there is no system {wildcards.system}; "
                f"it has {', '.join(systems)}"
            )
        return systems[wildcards.system]

    def splits(self, wildcards) -> list[str]:
        """Return the manifest of each pool of a job."""
        name = wildcards.protocol
        return [
            self._paths.split.format(protocol=name, pool=pool) for pool in self.job(wildcards).pools
        ]

    def stores(self, wildcards) -> list[str]:
        """Return the stores that a job reads: for each input, one per unit."""
        return self._features.stores(self.system(wildcards).inputs, self.job(wildcards).units)

    def memory(self, wildcards, stored_mb: float) -> int:
        """Return what a job takes at most, in MB: its frames, which it holds at once, and torch."""
        # Of samples, a complex spectrum with half overlap takes twice as much.
        times = 2 if self._features.are_computed(self.system(wildcards).inputs) else 1
        return int(1200 + times * stored_mb)

    def models(self, protocol: str) -> list[str]:
        """Return the folders of all models of a protocol."""
        return [self._folder(self._paths.models, job) for job in self.of_protocol(protocol)]

    def scores(self, protocol: str) -> list[str]:
        """Return the folders of all scores of a protocol."""
        return [self._folder(self._paths.scores, job) for job in self.of_protocol(protocol)]

    def of_protocol(self, protocol: str) -> Iterator[TrainingJob]:
        """Yield all jobs of a protocol."""
        for system in self.protocols[protocol].systems:
            yield from self.of_system(protocol, system).values()

    def paths(self) -> list[str]:
        """Return the paths of all jobs, each once."""
        jobs = (job for protocol in self.protocols for job in self.of_protocol(protocol))
        return sorted({job.path for job in jobs})

    def pools(self) -> list[str]:
        """Return the paths of all pools, each once."""
        return sorted({pool for protocol in self.protocols.values() for pool in protocol.pools})

    def folder(self, pattern: str, protocol: str, system: str, pool: str) -> str:
        """Return the folder of the job that trains a system on a pool, with the first seed."""
        jobs = self.of_system(protocol, system).values()
        return next(self._folder(pattern, job) for job in jobs if pool in job.pools)

    def _trained(self, pattern: str, protocol: str, system: str) -> dict[str, list[str]]:
        """Return where the trainings of a system lie.

        Parameters
        ----------
        pattern : str
            Of the folders of models, or of scores.
        protocol, system : str

        Returns
        -------
        {pool: [folder of each seed]}
        """
        found: dict[str, list[str]] = {pool: [] for pool in self._pools(protocol, system)}
        for job in self.of_system(protocol, system).values():
            folder = self._folder(pattern, job)
            for training in job.trainings:
                found[training.pool].append(str(PurePath(folder, job.inside(training))))
        return found

    def _pools(self, protocol: str, system: str) -> Pools:
        return self.protocols[protocol].systems[system].pools

    def _folder(self, pattern: str, job: TrainingJob) -> str:
        return pattern.format(protocol=job.protocol, system=job.system, job=job.path)

    def _of_system(self, protocol: str, system: str) -> dict[str, TrainingJob]:
        """Return the jobs of one system by their paths."""
        rules = self.protocols[protocol]
        trained = rules.systems[system]
        held = grouped(trained.pools, range(rules.seeds), self._size, rules.seeds_together)
        return {
            path: TrainingJob(
                protocol=protocol,
                system=system,
                path=path,
                group=group,
                class_name=trained.class_name,
                options=dict(trained.options),
                roles=list(trained.roles),
                features=self._features.described(trained.inputs),
                pools={pool: [tuple(unit) for unit in units] for pool, units in pools.items()},
                numbers=list(numbers),
                computing=self._computing,
            )
            for path, (group, pools, numbers) in held.items()
        }


def grouped(
    pools: Pools, seeds: Sequence[int], size: str, together: bool = False
) -> dict[str, tuple[str, Pools, Sequence[int]]]:
    """Return what one job trains.

    Parameters
    ----------
    pools : {path: units}
    seeds : sequence of int
    size : {"system", "machine", "pool"}
        All pools, or those of a machine, so that a process starts once for many trainings; or one,
        so that jobs are many and an interruption costs one training.
    together : bool
        Whether a job of more than a pool holds all seeds; else each has jobs of its own.

    Returns
    -------
    {path: (group, pools, seeds)}
        By the job's path; the group is the beginning that its pools have in common.
    """
    groups: dict[str, dict[str, Sequence[Unit]]] = {}
    for pool, units in pools.items():
        groups.setdefault(_group(pool, units, size), {})[pool] = units
    if size == "system" and len(groups) > 1:
        groups = {"": dict(pools)}
    if together and size != "pool":
        return {f"{group or ALL}/seeds": (group, held, seeds) for group, held in groups.items()}
    return {
        f"{group or ALL}/seed{seed}": (group, held, [seed])
        for group, held in groups.items()
        for seed in seeds
    }


def _group(pool: str, units: Sequence[Unit], size: str) -> str:
    """Return the machine of a pool, or the pool where it is not of one machine alone."""
    machine = units[0].machine
    return machine if size != "pool" and PurePath(pool).is_relative_to(machine) else pool
