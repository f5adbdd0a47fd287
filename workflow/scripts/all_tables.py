"""Join the tables of all reports, and list what is missing."""

from _door import job

from mimii_bench.reports import columns, tables
from mimii_bench.util.checksums import write_sums
from mimii_bench.util.records import write_rows

with job(globals()) as snakemake:
    source, output = snakemake.input, snakemake.output
    tables.merge(source.reports, columns.LONG_KEY, output.long)
    tables.merge(source.claims, columns.CLAIMS_KEY, output.claims)
    write_rows(output.missing, ("report", "missing"), snakemake.params.missing)
    write_sums([output.long, output.claims, output.missing], output.sums)
