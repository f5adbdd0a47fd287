"""Check the published tables against themselves."""

from pathlib import Path

from _door import job

from mimii_bench.audit import audit, write_audit
from mimii_bench.util.checksums import write_sums

with job(globals()) as snakemake:
    table, sums = map(Path, snakemake.output)
    write_audit(audit(Path(snakemake.params.reports)), table)
    write_sums([table], sums)
