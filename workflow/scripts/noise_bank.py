"""Make the bank of impulse responses and factory noise."""

from pathlib import Path

from _door import job

from mimii_bench.corpus.simulate.bank import make_bank

with job(globals()) as snakemake:
    make_bank(Path(snakemake.output[0]), snakemake.params.seed, snakemake.threads)
