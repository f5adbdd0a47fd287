"""Write one mix of one unit."""

from _door import job

with job(snakemake):
    from pathlib import Path

    from _corpus import source_of

    from mimii_bench.audio.mixes import parse_mix
    from mimii_bench.audio.unit import write_mix
    from mimii_bench.corpus.index import read_index

    wildcards = snakemake.wildcards
    source = source_of(snakemake.config, wildcards)
    clips = read_index(snakemake.input.index, wildcards.id)
    write_mix(source, clips, parse_mix(wildcards.mix), Path(snakemake.output[0]))
