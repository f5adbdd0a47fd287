"""Make the bank of impulse responses and factory noise."""

from _door import job

with job(snakemake) as started:
    from pathlib import Path

    from mimii_bench.corpus.simulate.bank import make_bank

    # The library imports it when it first uses it, which would not count as start-up.
    import pyroomacoustics  # noqa: F401

    started()
    make_bank(Path(snakemake.output[0]), snakemake.params.seed)
