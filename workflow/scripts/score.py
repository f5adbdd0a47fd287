"""Score every clip by the models of a job."""

from pathlib import Path

from _door import job

from mimii_bench.training import running
from mimii_bench.training.job import Files, TrainingJob

with job(globals()) as snakemake:
    source, given = snakemake.input, snakemake.params.job
    splits = dict(zip(given["pools"], source.splits, strict=True))
    files = Files(splits, source.stores)
    kinds = snakemake.params.kinds
    work = TrainingJob.from_plain(given)
    running.score_job(work, files, Path(source.models), snakemake.output[0], kinds)
