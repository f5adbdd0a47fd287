"""Write the split manifest of one pool."""

from _door import job

with job(snakemake):
    from mimii_bench.corpus.index import read_index
    from mimii_bench.corpus.layout import Unit
    from mimii_bench.splits import make_split, write_split

    pool = {
        Unit(*fields): read_index(index, fields[-1]) for fields, index in snakemake.params.units
    }
    write_split(make_split(pool, **snakemake.params.split), snakemake.output[0])
