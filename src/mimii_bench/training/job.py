"""A training job: one process that trains a system on several pools, with several seeds, in turn.

It is plain data, made when the workflow is planned and handed to the process as it is. The two
halves of the work stand in `fitting` and `scoring`.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import NamedTuple, Self

from mimii_bench.corpus.base import Unit
from mimii_bench.systems.base import load_system, make_system
from mimii_bench.training.inputs import Stores, stores_by_input
from mimii_bench.util import plugins
from mimii_bench.util.checksums import verify
from mimii_bench.util.seeds import stable_seed


class Training(NamedTuple):
    """One training of a job: on the pool of this path and units, with this number as its seed."""

    pool: str
    units: list[Unit]
    number: int


class Files(NamedTuple):
    """What a job reads: the manifest of each pool, and the stores as `stores_by_input` has them."""

    splits: Mapping[str, str]
    stores: Sequence[str]


@dataclass(frozen=True)
class Computing:
    """How trainings compute: what of config.yaml a model depends on.

    Attributes
    ----------
    device : str
        auto, cpu, cuda or cuda:N.
    threads : int
        Of torch.
    """

    device: str
    threads: int

    @classmethod
    def of(cls, configuration: Mapping) -> Self:
        """Return what a configuration says of it."""
        return cls(configuration["device"], configuration["threads_per_job"])

    def apply(self) -> None:
        """Have torch compute so, where the system has imported it."""
        if torch := sys.modules.get("torch"):
            torch.set_num_threads(self.threads)


@dataclass(frozen=True)
class TrainingJob:
    """What the trainings of a job have in common, and which they are.

    Attributes
    ----------
    protocol, system : str
        Whose job it is: a report or the leaderboard, and one of its systems.
    path, group : str
        Its own folder below those of its system, and the pool, or the beginning of all of its
        pools, that it trains on.
    class_name : str
        The system's class, as a report names it.
    options : dict
        Of the class.
    roles : list of str
        Of the clips that train.
    features : list of dict
        Class and options of each input's feature.
    pools : {path: [fields of each unit]}
    numbers : list of int
        Which seeds.
    computing : Computing
    checkpoints : float
        Seconds between checkpoints; results do not depend on it.
    """

    protocol: str
    system: str
    path: str
    group: str
    class_name: str
    options: dict
    roles: list[str]
    features: list[dict]
    pools: dict[str, list[tuple[str, str, str]]]
    numbers: list[int]
    computing: Computing
    checkpoints: float = field(default=60.0, compare=False)

    @property
    def trainings(self) -> list[Training]:
        """All trainings, one pool after the other."""
        return [
            Training(pool, [Unit(*names) for names in units], number)
            for pool, units in self.pools.items()
            for number in self.numbers
        ]

    def inside(self, training: Training) -> Path:
        """Return the folder of one of its trainings below its own: of the seed, and of the pool.

        Where its own is that of the one seed, or of the one pool, that part is left out.
        """
        rest = Path(training.pool).relative_to(self.group)
        own = Path(self.path).name == f"seed{training.number}"
        return rest if own else Path(f"seed{training.number}", rest)

    @property
    def units(self) -> list[Unit]:
        """The units of all pools, one pool after the other."""
        return [Unit(*names) for units in self.pools.values() for names in units]

    @classmethod
    def from_plain(cls, values: Mapping, **others) -> Self:
        """Return the job of which `plain` has made `values`."""
        return cls(**{**values, "computing": Computing(**values["computing"])}, **others)

    def plain(self) -> dict:
        """Return it as plain values, from which it is made again; without `checkpoints`.

        They are the job's own, not copies: a workflow holds thousands of jobs.
        """
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        del values["checkpoints"]
        return {**values, "computing": asdict(self.computing)}

    def settings(self) -> dict:
        """Return all that a model depends on beside files, code and seed, as plain values."""
        values = self.plain()
        for name in ("path", "group", "numbers", "pools"):
            del values[name]
        return values

    def seed(self, training: Training) -> int:
        """Return the seed of one of its trainings."""
        return stable_seed(self.protocol, self.system, training.pool, training.number)

    def stores(self, paths: Sequence[str]) -> Stores:
        """Return the stores of all its units by input."""
        return stores_by_input(paths, self.units, self.features)

    def make_system(self, training: Training):
        """Return the system for one training, not fitted."""
        made = make_system(
            plugins.load("systems", self.class_name),
            self.options,
            seed=self.seed(training),
            device=self.computing.device,
        )
        self.computing.apply()
        return made

    def load_system(self, weights: Path, description: Path):
        """Return a system that was saved, ready to score.

        Raises
        ------
        UserError
            For files that are damaged, or not as they were written.
        """
        verify(weights)
        verify(description)
        found = plugins.load("systems", self.class_name)
        made = load_system(found, weights, description, self.computing.device)
        self.computing.apply()
        return made
