"""Write the page that people open first."""

from _door import job

from mimii_bench.page.page import write_page
from mimii_bench.util.checksums import write_sums

with job(globals()) as snakemake:
    page, sums = snakemake.output
    write_page(snakemake.params.facts, snakemake.params.files, page)
    write_sums([page], sums)
