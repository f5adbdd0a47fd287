"""Simulate the zips of one machine."""

from _door import job

with job(snakemake) as started:
    from pathlib import Path

    from mimii_bench.corpus.simulate.archives import make_archives

    started()
    archives = zip(snakemake.params.snrs, map(Path, snakemake.output), strict=True)
    make_archives(
        Path(snakemake.input.bank),
        snakemake.wildcards.machine,
        dict(archives),
        **snakemake.params.clips,
    )
