"""Compute one feature of one mix of one unit."""

from _door import job

with job(snakemake) as started:
    from pathlib import Path

    from mimii_bench.features.store import build_store
    from mimii_bench.util.plugins import load

    description = snakemake.params.parameters
    load("features", description["class"])
    started()
    build_store(description, Path(snakemake.input.audio), Path(snakemake.output[0]))
