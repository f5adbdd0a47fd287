"""Verify one published zip, after downloading it where the configuration says so."""

from _door import job

with job(snakemake):
    import json
    from pathlib import Path

    from mimii_bench.atomic import replacing
    from mimii_bench.corpus.download import download, verify
    from mimii_bench.corpus.layout import MD5

    mimii = snakemake.config["mimii"]
    name = f"{snakemake.wildcards.archive}.zip"
    path = Path(mimii["folder"], name)
    if mimii["download"]:
        download(name, path.parent)
    else:
        verify(path, MD5[name])
    with replacing(snakemake.output[0]) as part:
        part.write_text(json.dumps({"archive": name, "md5": MD5[name]}) + "\n")
