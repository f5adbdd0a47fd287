"""Set a report's published numbers beside ours."""

from _door import job

with job(snakemake) as started:
    from mimii_bench.reports import writing as report_tables, tables, unprinted
    from mimii_bench.reports.counts import Counts
    from mimii_bench.reports.reproduction import Reproduction

    started()
    p = snakemake.params
    described = {**p.spec["tables"], unprinted.TABLE: unprinted.DESCRIPTION}
    spec = {**p.spec, "tables": described}
    report_tables.write(
        snakemake.wildcards.report,
        snakemake.input.published or None,
        Reproduction(p.score_folders, spec, p.replicates),
        Counts(p.descriptions, snakemake.input.splits, described),
        tables.Setting(p.corpus, p.budget, p.max_steps is None, spec),
        snakemake.output,
    )
