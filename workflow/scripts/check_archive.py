"""Verify one published zip, after downloading it where the configuration says so."""

from pathlib import Path

from _door import job

from mimii_bench.corpus.catalog import configured
from mimii_bench.corpus.stamps import write_receipt

with job(globals()) as snakemake:
    corpus = configured(snakemake.config, Path(snakemake.config["results"]))
    name = f"{snakemake.wildcards.archive}.zip"
    path = corpus.published_archive(name)
    write_receipt(snakemake.output[0], path, corpus.description.md5[name], snakemake.params.zip)
