"""Check the published tables against themselves."""

from _door import job

with job(snakemake):
    from pathlib import Path

    from mimii_bench.audit import audit, write_audit

    write_audit(audit(Path("reports")), Path(snakemake.output[0]))
