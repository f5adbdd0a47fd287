"""Train one system on the pools and seeds of a job, and score every clip of each pool."""

from _door import job

from mimii_bench.training import running
from mimii_bench.training.job import Files, TrainingJob
from mimii_bench.util import stopping

with job(globals()) as snakemake:
    stopping.listen()
    given = snakemake.params.job
    seconds = snakemake.config["checkpoint_seconds"]
    work = TrainingJob.from_plain(given, checkpoints=seconds)
    splits = dict(zip(given["pools"], snakemake.input.splits, strict=True))
    running.fit_and_score(work, Files(splits, snakemake.input.stores), snakemake.output[0])
