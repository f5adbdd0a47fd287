"""Write the split manifest of one pool."""

from _door import job

from mimii_bench.corpus.base import Unit
from mimii_bench.corpus.index import read_index
from mimii_bench.splits.base import make_split, read_recordings
from mimii_bench.splits.manifests import write_split

with job(globals()) as snakemake:
    p, found = snakemake.params, snakemake.input.get("recordings")
    pool = {Unit(*fields): read_index(index, fields[-1]) for fields, index in p.units}
    recordings = read_recordings(found) if found else None
    write_split(make_split(pool, recordings=recordings, **p.split), snakemake.output[0])
