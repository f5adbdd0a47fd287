"""Compute one feature of one mix of one unit."""

from _door import job

with job(snakemake) as started:
    from pathlib import Path

    from mimii_bench.features.build import build_feature
    from mimii_bench.features.store import build_store

    feature = build_feature(snakemake.params.parameters)
    started()
    build_store(feature, Path(snakemake.input.audio), Path(snakemake.output[0]))
