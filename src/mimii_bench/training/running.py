"""A training job from its files to its files: what the rules `fit_and_score` and `score` run.

Fitting and scoring share a process by default. The scores lie beside the models with a note of the
code that made them, so that `score_job` knows whether they still stand.
"""

from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from mimii_bench.training import fitting, interruption, scoring
from mimii_bench.training.code import scoring_code
from mimii_bench.training.folder import SCORED_BY, SCORES, TIMES
from mimii_bench.training.job import Files, TrainingJob
from mimii_bench.util import gpus, stopping
from mimii_bench.util.atomic import replacing
from mimii_bench.util.records import write_sealed


class Times(NamedTuple):
    """What a training took, in seconds, one score being of one clip.

    Of a training that was interrupted, only what came after its last checkpoint.
    """

    pool: str
    seed: int
    fit_seconds: float
    score_seconds: float


def fit_and_score(job: TrainingJob, files: Files, models: Path | str) -> None:
    """Train and score all of a job.

    Parameters
    ----------
    job : TrainingJob
    files : Files
        What it reads.
    models : path
        The folder to make, which appears when it is complete: for each pool and seed the model, its
        history and a folder of scores, and the times of all.

    Raises
    ------
    UserError
        Naming the pool, for what its system cannot learn from or gives no scores of; and where the
        process was told to end, which leaves the checkpoints.
    """
    gpus.take_one(job.computing.device)
    times = []
    # Of the code that this process has read: an edit during the training is none of it.
    scored_by = scoring_code(job)
    with replacing(models) as folder:
        for fitted in fitting.fit_all(job, files, Path(models), folder):
            place = folder / job.inside(fitted.training) / SCORES
            took = scoring.score_into(fitted.system, fitted.rows, fitted.stores, place)
            training = fitted.training
            times.append(Times(training.pool, training.number, fitted.seconds, took))
            stopping.end_if_told()
        write_sealed(folder / TIMES, Times._fields, times)
        (folder / SCORED_BY).write_text(scored_by)
    # Whoever told it so takes the job for failed, and deletes what it made.
    stopping.end_if_told()
    interruption.remove_checkpoints(models)


def score_job(
    job: TrainingJob, files: Files, models: Path, scores: Path | str, kinds: Collection[str] = ()
) -> None:
    """Write the scores of a job: those beside its models, or, after an edit of code, new ones.

    Parameters
    ----------
    job : TrainingJob
    files : Files
        What it reads.
    models : Path
        What `fit_and_score` made.
    scores : path
        The folder to make: for each pool and seed a CSV per kind of score.
    kinds : collection of str
        The kinds that must be among them.

    Raises
    ------
    UserError
        Where one of the `kinds` does not come out, or a model gives no scores; and for models and
        scores beside them that are not as they were written.
    """
    gpus.take_one(job.computing.device)
    with replacing(scores) as folder:
        folder.mkdir(parents=True)
        if (models / SCORED_BY).read_text() == scoring_code(job):
            scoring.copy_scores(job, files, models, folder)
        else:
            scoring.score_again(job, files, models, folder)
        scoring.check_kinds(job, kinds, folder)
