"""Check the published tables against themselves."""

from pathlib import Path

from _door import job

from mimii_bench.audit import audit, write_audit

with job(globals()) as snakemake:
    write_audit(audit(Path(snakemake.params.reports)), Path(snakemake.output[0]))
