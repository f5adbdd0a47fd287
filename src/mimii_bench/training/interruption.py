"""Where an interrupted training leaves its checkpoints: beside its job's output, undeclared.

Finished trainings leave one too until all of their job is done, since Snakemake deletes what an
interrupted job has written: run again, it skips to where it was.
"""

import hashlib
import json
import os
import shutil
from importlib.metadata import version
from pathlib import Path

from mimii_bench.training.code import fitting_code
from mimii_bench.training.job import Files, Training, TrainingJob


def checkpoint_folder(models: Path | str) -> Path:
    """Return the folder of all checkpoints of the job that will write `models`."""
    return Path(f"{models}.checkpoints")


def checkpoint_path(job: TrainingJob, training: Training, files: Files, models: Path) -> Path:
    """Return the file for the checkpoints of one training.

    Its name holds a hash of all that the training depends on: the job's settings and code, the
    seed, the content of its manifest, size and date of the stores.
    """
    dates = [(str(file), os.stat(file).st_size, os.stat(file).st_mtime_ns) for file in files.stores]
    what = [training.pool, training.units, job.seed(training)]
    facts = [job.settings(), fitting_code(job), what, dates, version("torch")]
    found = hashlib.blake2b(json.dumps(facts, sort_keys=True).encode(), digest_size=8)
    found.update(Path(files.splits[training.pool]).read_bytes())
    place = checkpoint_folder(models) / job.inside(training)
    return place / f"{found.hexdigest()}.checkpoint"


def remove_checkpoints(models: Path | str) -> None:
    """Delete all checkpoints of the job that has written `models`."""
    shutil.rmtree(checkpoint_folder(models), ignore_errors=True)
