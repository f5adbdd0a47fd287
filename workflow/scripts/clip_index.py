"""List the clips of one machine at one SNR."""

from pathlib import Path

from _door import job

from mimii_bench.corpus.index import write_index
from mimii_bench.corpus.location import located

with job(globals()) as snakemake:
    corpus = located(snakemake.config, Path(snakemake.params.results))
    wildcards = snakemake.wildcards
    write_index(corpus.source(wildcards.machine, wildcards.snr), snakemake.output[0])
