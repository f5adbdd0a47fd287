"""The first half of a training job: models, each with its history.

No code of scoring is reached from here, so that an edit of a score trains nothing; see
`mimii_bench.training.code`.
"""

import inspect
import logging
import time
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from mimii_bench.splits.manifests import SplitRow, read_split
from mimii_bench.training import interruption
from mimii_bench.training.folder import DESCRIPTION, HISTORY, WEIGHTS
from mimii_bench.training.inputs import Stores, load_inputs, of_units, told_ids
from mimii_bench.training.job import Files, Training, TrainingJob
from mimii_bench.util.checksums import seal
from mimii_bench.util.errors import about
from mimii_bench.util.records import write_rows

_LOG = logging.getLogger(__name__)


class Fitted(NamedTuple):
    """One training that has ended: what was trained on, and how many seconds it took."""

    training: Training
    system: object
    rows: list[SplitRow]
    stores: Stores
    seconds: float


def fit_all(job: TrainingJob, files: Files, models: Path, folder: Path) -> Iterator[Fitted]:
    """Fit the system of a job for each of its trainings, and save each model below `folder`.

    Every training has a system of its own and stores of its own. Of one that was interrupted,
    `seconds` counts only what came after its last checkpoint.

    Parameters
    ----------
    job : TrainingJob
    files : Files
    models, folder : Path
        What the job makes, and where it writes that until it is complete.

    Raises
    ------
    UserError
        Naming the pool.
    """
    stores = job.stores(files.stores)
    trainings = job.trainings
    for number, training in enumerate(trainings, 1):
        with about(training.pool):
            rows = read_split(files.splits[training.pool])
            own = of_units(stores, training.units)
            system = job.make_system(training)
            checkpoint = interruption.checkpoint_path(job, training, files, models)
            system.go_on_from(checkpoint, job.checkpoints)
            _LOG.info("training %d of %d: %s", number, len(trainings), training.pool)
            start = time.perf_counter()
            fit(system, rows, own, job.roles)
            seconds = time.perf_counter() - start
            save(system, folder / job.inside(training))
            yield Fitted(training, system, rows, own, seconds)


def fit(
    system, rows: Sequence[SplitRow], stores: Stores, roles: Collection[str] = ("train",)
) -> None:
    """Fit `system` on the clips of a manifest that have one of the `roles`.

    Abnormal ones train only what learns the label. Validation clips, unless they are among these,
    watch the loss. A system that learns a column of the manifest (`learns`) is given it as targets,
    and validation clips end in theirs.
    """
    usable = [row for row in rows if row.label == "normal" or system.learns == "label"]
    training = [row for row in usable if row.role in roles]
    validation = [row for row in usable if row.role == "validation" and row.role not in roles]
    watched = None
    if validation:
        watched = (*load_inputs(validation, stores), *_targets(system, validation, rows))
    targets = _targets(system, training, rows)
    told = _conditions(system, training)
    system.fit(*load_inputs(training, stores), *targets, validation=watched, **told)


def _conditions(system, some: Sequence[SplitRow]) -> dict[str, list[str]]:
    """Return the conditions of some clips by the name that a `fit` that takes them has for them.

    Nothing where none are known.
    """
    takes = "conditions" in inspect.signature(system.fit).parameters
    if not takes or not any(row.condition for row in some):
        return {}
    return {"conditions": [row.condition for row in some]}


def save(system, folder: Path) -> None:
    """Write a fitted system, how its training went, and checksums into a folder of its own."""
    folder.mkdir(parents=True)
    system.save(folder / WEIGHTS, folder / DESCRIPTION)
    steps = system.history_
    write_rows(folder / HISTORY, steps[0]._fields if steps else (), steps)
    seal(folder)


def _targets(system, some: Sequence[SplitRow], rows: Sequence[SplitRow]) -> tuple[np.ndarray, ...]:
    """Return what a system learns of some clips of a manifest; ids go by all of its `rows`."""
    if system.learns == "id":
        ids = told_ids(rows)
        return (np.array([ids[row.machine, row.id] for row in some]),)
    return (np.array([getattr(row, system.learns) for row in some]),) if system.learns else ()
