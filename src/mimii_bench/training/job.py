"""A job: one process that trains a system on several pools, with several seeds, in turn.

Finished trainings leave a checkpoint too until all of the job is done, since Snakemake deletes what
an interrupted job has written: run again, it skips to where it was.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from mimii_bench.corpus.base import Unit
from mimii_bench.training import experiment, interruption
from mimii_bench.util import plugins
from mimii_bench.util.errors import about
from mimii_bench.util.seeds import stable_seed


class Training(NamedTuple):
    """One training of a job: on the pool of this path and units, with this number as its seed."""

    pool: str
    units: list[Unit]
    number: int


class Job(NamedTuple):
    """What the trainings of a job have in common.

    Attributes:
        name: what its seeds depend on beside pool and number, e.g. report and system.
        settings: all that a model depends on beside its files and its seed: `class_name`,
            `options`, `roles` of the clips that train, features `computed` of samples, `device`.
        threads: of torch.
        stores: feature stores, as `experiment.stores_by_input` takes them.
        read: the other files on which a model depends.
        checkpoint_seconds: how far checkpoints are apart.
    """

    name: tuple
    settings: Mapping
    threads: int
    stores: Sequence[str]
    read: Sequence[str]
    checkpoint_seconds: float

    def load(self) -> Callable:
        """Import the system's class; the first call takes as long as its imports do."""
        return plugins.load("systems", self.settings["class_name"])


#: Fits a system, of which checkpoints are kept, and writes what comes of it.
Train = Callable[[Training, object, experiment.Stores], None]


def run(
    job: Job,
    pools: Mapping[str, Sequence[tuple]],
    numbers: Sequence[int],
    weights: Callable[[Training], Path | str],
    train: Train,
) -> None:
    """Call `train` for every pool and number, each with a system of its own and its stores.

    `pools` has the fields of each unit by the pool's path; checkpoints stand beside the files that
    `weights` names. A UserError names its pool.
    """
    by_path, stores = experiment.read_pools(pools, job.stores, job.settings["computed"])
    trainings = [Training(*pool, number) for pool in by_path.items() for number in numbers]
    for training in trainings:
        with about(training.pool):
            system = _system(job, training, weights(training))
            train(training, system, experiment.of_units(stores, training.units))
    for training in trainings:
        interruption.remove_checkpoints(weights(training))


def _system(job: Job, training: Training, weights: Path | str):
    given = job.settings
    seed = stable_seed(*job.name, training.pool, training.number)
    system = job.load()(**given["options"], seed=seed, device=given["device"])
    facts = [given, job.threads, training.pool, seed]
    checkpoint = interruption.checkpoint_path(weights, facts, job.read, job.stores)
    system.go_on_from(checkpoint, job.checkpoint_seconds)
    return system
