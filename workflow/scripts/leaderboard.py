"""Rank every system by its scores on every unit."""

from _door import job

from mimii_bench.leaderboard.tables import write_tables
from mimii_bench.util.checksums import write_sums

with job(globals()) as snakemake:
    p = snakemake.params
    *files, sums = snakemake.output
    told = {"corpus": p.corpus, "split": p.split, "left_out": p.left_out}
    made_of = p.rows, p.fusions, p.thresholds, p.times
    write_tables(*made_of, told, p.edition, p.replicates, snakemake.output)
    write_sums(files, sums)
