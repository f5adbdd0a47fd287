"""Simulate the zips of one machine."""

from pathlib import Path

from _door import job

from mimii_bench.corpus.simulate.archives import make_archives

with job(globals()) as snakemake:
    asked = dict(snakemake.params.clips)
    archives = dict(zip(asked.pop("snrs"), map(Path, snakemake.output), strict=True))
    make_archives(Path(snakemake.input.bank), snakemake.wildcards.machine, archives, **asked)
