"""Set a report's published numbers beside ours."""

from _door import job

with job(snakemake):
    from pathlib import Path

    from mimii_bench import tables
    from mimii_bench.reproduction import Reproduction

    p = snakemake.params
    setting = tables.Setting(p.corpus, p.budget, p.max_steps is None, p.spec)
    rows = tables.compare(
        snakemake.wildcards.report,
        tables.read_published(snakemake.input.published),
        Reproduction(p.score_folders, p.spec, p.replicates),
        setting,
    )
    tables.write_long(rows, snakemake.output.long)
    tables.write_printed(rows, setting, Path(snakemake.output.printed))
