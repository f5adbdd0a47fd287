"""Join the tables of all reports, and list what is missing."""

from _door import job

from mimii_bench.reports import tables
from mimii_bench.util.records import write_rows

with job(globals()) as snakemake:
    tables.merge(snakemake.input.reports, tables.KEY, snakemake.output.long)
    tables.merge(snakemake.input.claims, ["report", "claim"], snakemake.output.claims)
    write_rows(snakemake.output.missing, ("report", "missing"), snakemake.params.missing)
