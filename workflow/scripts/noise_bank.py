"""Make the bank of impulse responses and factory noise."""

from _door import job

with job(snakemake):
    from pathlib import Path

    from mimii_bench.corpus.simulate import make_bank

    make_bank(Path(snakemake.output[0]), snakemake.params.seed)
