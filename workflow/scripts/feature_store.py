"""Compute one feature of one mix of one unit."""

from _door import job

with job(snakemake):
    from pathlib import Path

    from mimii_bench import plugins
    from mimii_bench.features.store import build_store

    parameters = dict(snakemake.params.parameters)
    feature = plugins.load("features", parameters.pop("class"))(**parameters)
    build_store(feature, Path(snakemake.input.audio), Path(snakemake.output[0]))
