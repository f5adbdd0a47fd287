"""Rank every system by its scores on every unit."""

from _door import job

from mimii_bench.leaderboard.tables import write_tables
from mimii_bench.util.checksums import write_sums

with job(globals()) as snakemake:
    p = snakemake.params
    *files, sums = snakemake.output
    write_tables(p.rows, p.times, p.left_out, p.corpus, p.replicates, snakemake.output)
    write_sums(files, sums)
