"""MIMII Bench: from raw zips to the tables of the reports.

    snakemake --cores 8 results/tables/all.csv

Rules stand in workflow/rules, in the order of the data: corpus, audio, features, training, tables,
leaderboard, figures, page; and `verify`, which reads all that is there. They ask `PROJECT` for what
they read and depend on: the configuration, the reports and what the corpus holds, planned by
mimii_bench.planning. `PATHS` are all files of a run.
"""

from pathlib import Path

from mimii_bench.planning.configuration import check_files
from snakemake.utils import min_version

min_version("9.0")

# A run's own folder may hold one, which says what differs from the project's.
if Path("config.yaml").exists():
    check_files(["config.yaml"])

    configfile: "config.yaml"


include: "workflow/rules/common.smk"
include: "workflow/rules/batches.smk"


report: "workflow/report/workflow.rst"


# Named targets; the first is what runs when none is named. One more is `verify`, in verify.smk.


rule all:
    """Every number of every report beside the printed one, the audit of what is printed, the page."""
    input:
        PATHS.all_long,
        PATHS.audit,
        PATHS.page,
        PROJECT.kept(),
        # Named here although the page is made of them: one that is gone is missed.
        one_line(PROJECT.listening.folders)(),


rule features:
    """The feature stores of all reports."""
    input:
        PROJECT.stores(),


rule audio:
    """The mixes of all reports."""
    input:
        PROJECT.mixes(),


rule reports:
    """The numbers of every report, and the splits, models and scores that they stand on."""
    input:
        PROJECT.reported(),


rule figures:
    """The figures of all reports, and those of the run as a whole."""
    input:
        PROJECT.drawing.paths(),
        PROJECT.overview.paths(),


rule leaderboard_figures:
    """The leaderboard as pictures: systems by units, quality against cost, what differs."""
    input:
        PROJECT.overview.paths(leaderboard=True),


include: "workflow/rules/corpus.smk"
include: "workflow/rules/audio.smk"
include: "workflow/rules/features.smk"
include: "workflow/rules/training.smk"
include: "workflow/rules/tables.smk"
include: "workflow/rules/leaderboard.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/page.smk"
include: "workflow/rules/verify.smk"
