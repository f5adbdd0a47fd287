"""List the clips of one machine at one SNR."""

from _door import job

with job(snakemake):
    from mimii_bench.corpus.index import write_index
    from mimii_bench.corpus.sources import open_source

    w, p = snakemake.wildcards, snakemake.params
    write_index(open_source(p.layout, p.folder, w.machine, w.snr), snakemake.output[0])
