"""Write the listening room of a system on a machine."""

from pathlib import Path

from _door import job

from mimii_bench.corpus.location import located
from mimii_bench.listening.room import write_room

with job(globals()) as snakemake:
    corpus = located(snakemake.config, Path(snakemake.params.results))
    write_room(corpus, snakemake.params.asked, snakemake.output[0])
