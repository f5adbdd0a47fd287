"""List the clips of some machines and SNRs."""

from pathlib import Path

from _door import job

from mimii_bench.corpus.index import write_index
from mimii_bench.corpus.location import located

with job(globals()) as snakemake:
    corpus = located(snakemake.config, Path(snakemake.params.results))
    for place, index in zip(snakemake.params.places, snakemake.output, strict=False):
        write_index(corpus.source(*place), index)
