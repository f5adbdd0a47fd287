"""Compute one feature of one mix of one unit."""

from pathlib import Path

from _door import job

from mimii_bench.features.store import build_store

with job(globals()) as snakemake:
    build_store(snakemake.params.feature, Path(snakemake.input.audio), Path(snakemake.output[0]))
