"""Check the published tables against themselves."""

from _door import job

with job(snakemake) as started:
    from pathlib import Path

    from mimii_bench.audit import audit, write_audit

    started()
    write_audit(audit(Path("reports")), Path(snakemake.output[0]))
