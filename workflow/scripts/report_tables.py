"""Set a report's published numbers beside ours."""

from _door import job

from mimii_bench.reports import files, tables
from mimii_bench.reports.counts import CellCounts
from mimii_bench.reports.reproduction import Reproduction

with job(globals()) as snakemake:
    p = snakemake.params
    files.write(
        snakemake.wildcards.report,
        snakemake.input.published or None,
        Reproduction(p.score_folders, p.spec, p.replicates),
        CellCounts(p.descriptions, snakemake.input.splits, p.spec["tables"]),
        tables.Setting(p.corpus, p.budget, p.max_steps is None, p.spec),
        snakemake.output,
    )
