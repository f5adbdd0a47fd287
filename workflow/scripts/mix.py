"""Write one mix of one unit."""

from _door import job

with job(snakemake) as started:
    from pathlib import Path

    from _corpus import source_of

    from mimii_bench.audio.mixes import parse_mix
    from mimii_bench.audio.unit import write_mix
    from mimii_bench.corpus.index import read_index

    # The library imports it when it first writes, which would not count as start-up.
    import scipy.io.wavfile  # noqa: F401

    started()
    wildcards = snakemake.wildcards
    source = source_of(snakemake.config, wildcards)
    clips = read_index(snakemake.input.index, wildcards.id)
    write_mix(source, clips, parse_mix(wildcards.mix), Path(snakemake.output[0]))
