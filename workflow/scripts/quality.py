"""Write what is odd in the recordings of one unit."""

from pathlib import Path

from _door import job, tell

from mimii_bench.audio.quality import write_quality
from mimii_bench.corpus.base import Unit
from mimii_bench.corpus.index import read_index
from mimii_bench.corpus.location import located

with job(globals()) as snakemake:
    unit = Unit(*(snakemake.wildcards[field] for field in Unit._fields))
    corpus = located(snakemake.config, Path(snakemake.params.results))
    clips = read_index(snakemake.input.index, unit.id)
    source = corpus.source(unit.machine, unit.snr)
    tell(write_quality(source, unit, clips, snakemake.output[0]))
