"""Compute one feature of one mix of some units."""

from pathlib import Path

from _door import job

from mimii_bench.corpus.index import read_index
from mimii_bench.corpus.location import located
from mimii_bench.features.writing import StoreBuilder
from mimii_bench.planning.paths import Paths

with job(globals()) as snakemake:
    p = snakemake.params
    paths, builder = Paths(p.results), StoreBuilder(p.feature)
    corpus = located(snakemake.config, Path(p.results))
    for store in snakemake.output:
        unit = paths.unit_in(store)
        fields = unit._asdict()
        if p.from_mixes:
            mixed = Path(paths.mix.format(mix=p.mix, **fields))
            builder.build_from_mix(mixed, f"{p.mix}/{unit.path}", Path(store))
        else:
            clips = read_index(paths.index.format(**fields), unit.id)
            source = corpus.source(unit.machine, unit.snr)
            builder.build(source, clips, unit.path, {p.mix: Path(store)})
