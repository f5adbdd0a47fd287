"""Verify one published zip, after downloading it where the configuration says so."""

from _door import job

with job(snakemake) as started:
    from pathlib import Path

    from mimii_bench.corpus.catalog import configured
    from mimii_bench.corpus.stamps import write_receipt

    started()
    corpus = configured(snakemake.config, Path("results"))
    name = f"{snakemake.wildcards.archive}.zip"
    path = corpus.published_archive(name)
    write_receipt(snakemake.output[0], path, corpus.description.md5[name], snakemake.params.zip)
