"""The second half of a training job: every clip of a pool scored by its model."""

import re
import shutil
import time
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import numpy as np

from mimii_bench.evaluation.scores import check_clips, kinds_in, write_scores
from mimii_bench.splits.manifests import SplitRow, read_clips_of
from mimii_bench.systems.scoring import scores_by_kind
from mimii_bench.training.folder import DESCRIPTION, SCORES, WEIGHTS
from mimii_bench.training.inputs import Stores, of_units, read_clips
from mimii_bench.training.job import Files, Training, TrainingJob
from mimii_bench.util.checksums import damaged
from mimii_bench.util.errors import UserError, about

#: What a kind of score may be called: its name becomes a file's.
_KIND = re.compile(r"\w[\w.-]*")


def score(system, rows: Sequence[SplitRow], stores: Stores) -> dict[str, np.ndarray]:
    """Return every score of every clip of a manifest; the clips are read one at a time.

    Raises
    ------
    UserError
        Where the system gives something else.
    """
    scores = scores_by_kind(system, read_clips(system, rows, stores))
    _check_scores(system, scores, len(rows))
    return scores


def _check_scores(system, scores: Mapping, clips: int) -> None:
    """Raise a UserError unless a system has given numbers for all clips."""
    name = type(system).__name__
    if not scores:
        raise UserError(f"{name}.score: it gives no kind of score")
    for kind, numbers in scores.items():
        if not _KIND.fullmatch(str(kind)):
            raise UserError(f"{name}.score: {kind!r}: call a kind of score by letters, digits, _.-")
        given = np.asarray(numbers)
        if given.shape != (clips,) or not np.issubdtype(given.dtype, np.number):
            raise UserError(
                f"{name}.score: {kind!r} is {given.dtype} of shape {given.shape}; give one number "
                f"per clip, of shape ({clips},)"
            )


def score_into(system, rows: Sequence[SplitRow], stores: Stores, folder: Path) -> float:
    """Write the scores of clips, and tell how long they took.

    Parameters
    ----------
    system : System
        Fitted.
    rows : sequence of SplitRow
        The clips.
    stores : Stores
    folder : Path
        Where a CSV per kind of score is written.

    Returns
    -------
    float
        Seconds for one clip, reading included.
    """
    start = time.perf_counter()
    scores = score(system, rows, stores)
    seconds = (time.perf_counter() - start) / len(rows)
    for kind, numbers in scores.items():
        write_scores(rows, numbers, folder / f"{kind}.csv")
    return seconds


def score_again(job: TrainingJob, files: Files, models: Path, folder: Path) -> None:
    """Score every clip by the models of a job that was trained before.

    Parameters
    ----------
    job : TrainingJob
    files : Files
        What it reads.
    models, folder : Path
        The folder of its models, and that of the scores to write.
    """
    stores = job.stores(files.stores)
    for training in job.trainings:
        with about(training.pool):
            rows = read_clips_of(files.splits[training.pool])
            place = job.inside(training)
            system = job.load_system(models / place / WEIGHTS, models / place / DESCRIPTION)
            _check_training(job, training, system, models / place)
            score_into(system, rows, of_units(stores, training.units), folder / place)


def _check_training(job: TrainingJob, training: Training, system, folder: Path) -> None:
    """Raise UserError where a folder holds the model of another training."""
    known = getattr(system, "seed", None)
    if known is not None and known != job.seed(training):
        raise damaged(folder / WEIGHTS, "it is the model of another training")


def copy_scores(job: TrainingJob, files: Files, models: Path, folder: Path) -> None:
    """Take over the scores that a training job wrote beside its models.

    Raises
    ------
    UserError
        For a file that is missing, altered, or not of the clips of its manifest.
    """
    for training in job.trainings:
        place = job.inside(training)
        rows = read_clips_of(files.splits[training.pool])
        for kind in kinds_in(models / place / SCORES):
            check_clips(models / place / SCORES / f"{kind}.csv", rows)
        shutil.copytree(models / place / SCORES, folder / place, dirs_exist_ok=True)


def check_kinds(job: TrainingJob, kinds: Collection[str], folder: Path) -> None:
    """Raise a UserError where a system does not give one of the `kinds` of score."""
    there = {path.stem for path in folder.rglob("*.csv")}
    for kind in kinds:
        if kind not in there:
            raise UserError(
                f"{job.system}: no score {kind!r}, which leaderboard.yaml ranks by; it has "
                f"{', '.join(sorted(there))}"
            )
