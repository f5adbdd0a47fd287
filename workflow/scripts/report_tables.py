"""Set a report's published numbers beside ours."""

from _door import job

from mimii_bench.reports import files, tables, unprinted
from mimii_bench.reports.counts import CellCounts
from mimii_bench.reports.reproduction import Reproduction

with job(globals()) as snakemake:
    p = snakemake.params
    described = {**p.spec["tables"], unprinted.TABLE: unprinted.DESCRIPTION}
    spec = {**p.spec, "tables": described}
    files.write(
        snakemake.wildcards.report,
        snakemake.input.published or None,
        Reproduction(p.score_folders, spec, p.replicates),
        CellCounts(p.descriptions, snakemake.input.splits, described),
        tables.Setting(p.corpus, p.budget, p.max_steps is None, spec),
        snakemake.output,
    )
