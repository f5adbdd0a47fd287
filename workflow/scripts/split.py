"""Write the split manifests of some pools."""

from _door import job, tell

from mimii_bench.corpus.base import Unit
from mimii_bench.corpus.index import read_index
from mimii_bench.splits.base import make_split, read_recordings
from mimii_bench.splits.copies import read_digests, told
from mimii_bench.splits.manifests import write_split

with job(globals()) as snakemake:
    p = snakemake.params
    for made_of, manifest in zip(p.pools, snakemake.output, strict=False):
        pool = {Unit(*fields): read_index(index, fields[-1]) for fields, index in made_of["units"]}
        found = made_of["recordings"]
        recordings = read_recordings(found) if found else None
        digests = read_digests(pool, made_of["quality"])
        rows = make_split(pool, recordings=recordings, digests=digests, **p.split)
        write_split(rows, manifest)
        tell(told(digests))
