"""Write one mix of one unit."""

from pathlib import Path

from _door import job

from mimii_bench.audio.mixes import parse_mix
from mimii_bench.audio.unit import write_mix
from mimii_bench.corpus.index import read_index
from mimii_bench.corpus.location import located

with job(globals()) as snakemake:
    wildcards = snakemake.wildcards
    corpus = located(snakemake.config, Path(snakemake.params.results))
    source = corpus.source(wildcards.machine, wildcards.snr)
    clips = read_index(snakemake.input.index, wildcards.id)
    write_mix(source, clips, parse_mix(wildcards.mix), Path(snakemake.output[0]))
