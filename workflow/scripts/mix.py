"""Write one mix of one unit."""

from _door import job

with job(snakemake):
    from pathlib import Path

    from mimii_bench.audio.mixes import parse_mix
    from mimii_bench.audio.unit import write_mix
    from mimii_bench.corpus.index import read_index
    from mimii_bench.corpus.sources import open_source

    w, p = snakemake.wildcards, snakemake.params
    source = open_source(p.layout, p.folder, w.machine, w.snr)
    clips = read_index(snakemake.input.index, w.id)
    write_mix(source, clips, parse_mix(w.mix), Path(snakemake.output[0]))
