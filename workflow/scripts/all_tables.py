"""Join the tables of all reports, and list what is missing."""

from _door import job

with job(snakemake) as started:
    from mimii_bench.util import records
    from mimii_bench.reports import columns, tables

    started()
    tables.merge(snakemake.input.reports, columns.LONG_KEY, snakemake.output.long)
    tables.merge(snakemake.input.claims, columns.CLAIMS_KEY, snakemake.output.claims)
    records.write_rows(snakemake.output.missing, ("report", "missing"), snakemake.params.missing)
