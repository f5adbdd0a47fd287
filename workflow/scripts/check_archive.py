"""Verify one published zip, after downloading it where the configuration says so."""

from _door import job

with job(snakemake) as started:
    from pathlib import Path

    from mimii_bench.corpus.download import download, verify
    from mimii_bench.corpus.layout import MD5
    from mimii_bench.corpus.stamps import write_receipt

    started()
    mimii = snakemake.config["mimii"]
    name = f"{snakemake.wildcards.archive}.zip"
    path = Path(mimii["folder"], name)
    if mimii["download"]:
        download(name, path.parent)
    else:
        verify(path, MD5[name])
    write_receipt(snakemake.output[0], path, MD5[name], snakemake.params.zip)
