"""Verify all files below the folder of results, as they lie there."""

from pathlib import Path

from _door import job

from mimii_bench.planning.verification import check_all

with job(globals()) as snakemake:
    check_all(Path(snakemake.params.results))
