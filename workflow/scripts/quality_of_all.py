"""Count what is odd in the recordings of all units, and name clips that lie in two of them."""

from _door import job, tell

from mimii_bench.audio.quality import write_summary
from mimii_bench.corpus.base import Unit

with job(globals()) as snakemake:
    units = [Unit(*fields) for fields in snakemake.params.units]
    tables = dict(zip(units, snakemake.input, strict=True))
    tell(write_summary(tables, snakemake.output[0]))
