"""Rank every system by its scores on every unit."""

from _door import job

from mimii_bench.leaderboard.tables import write_tables

with job(globals()) as snakemake:
    p = snakemake.params
    write_tables(p.rows, p.times, p.left_out, p.corpus, p.replicates, snakemake.output)
