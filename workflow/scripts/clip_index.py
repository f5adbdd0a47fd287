"""List the clips of one machine at one SNR."""

from _door import job

with job(snakemake) as started:
    from _corpus import source_of

    from mimii_bench.corpus.index import write_index

    started()
    write_index(source_of(snakemake.config, snakemake.wildcards), snakemake.output[0])
