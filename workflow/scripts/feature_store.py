"""Compute one feature of the recordings of some units, of all mixes of each at once."""

from pathlib import Path

from _door import job

from mimii_bench.corpus.index import read_index
from mimii_bench.corpus.location import located
from mimii_bench.features.writing import StoreBuilder
from mimii_bench.planning.paths import Paths

with job(globals()) as snakemake:
    paths, builder = Paths(snakemake.params.results), StoreBuilder(snakemake.params.feature)
    corpus = located(snakemake.config, Path(paths.results))
    for unit, stores in paths.stores_by_unit(snakemake.output).items():
        source = corpus.source(unit.machine, unit.snr)
        clips = read_index(paths.index.format(**unit._asdict()), unit.id)
        builder.build(source, clips, unit.path, stores)
