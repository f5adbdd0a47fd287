"""Compute one feature of one mix of one unit."""

from pathlib import Path

from _door import job

from mimii_bench.corpus.base import Unit
from mimii_bench.features.store import build_store

with job(globals()) as snakemake:
    audio, store = Path(snakemake.input.audio), Path(snakemake.output[0])
    unit = Unit(*(snakemake.wildcards[field] for field in Unit._fields))
    place = f"{snakemake.wildcards.mix}/{unit.path}"
    build_store(snakemake.params.feature, audio, store, place, sealed=True)
