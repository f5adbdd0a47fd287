"""Set a report's published numbers beside ours."""

from _door import job

with job(snakemake):
    from pathlib import Path

    from mimii_bench import claims, records, tables
    from mimii_bench.counts import Counts
    from mimii_bench.reproduction import Reproduction

    p, report = snakemake.params, snakemake.wildcards.report
    setting = tables.Setting(p.corpus, p.budget, p.max_steps is None, p.spec)
    measured = Reproduction(p.score_folders, p.spec, p.replicates)
    counted = Counts(p.descriptions, snakemake.input.splits, p.spec["tables"])
    rows = tables.compare(
        report,
        tables.read_published(snakemake.input.published),
        lambda cell: measured(cell) or counted(cell),
        setting,
    )
    tables.write_long(rows, snakemake.output.long)
    tables.write_printed(rows, setting, Path(snakemake.output.printed))
    decided = claims.decide_all(report, p.spec.get("claims", ()), measured, p.corpus)
    records.write_rows(snakemake.output.claims, claims.COLUMNS, decided)
