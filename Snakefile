"""MIMII Bench: from raw zips to the tables of the reports.

    snakemake --cores 8 results/tables/all.csv

Stages stand in workflow/rules, in the order of the data: corpus, audio, features, systems, tables,
figures; and the leaderboard. What they compute before a run stands in the files called common.
"""

from snakemake.utils import min_version

min_version("9.0")


configfile: "config.yaml"


include: "workflow/rules/common.smk"
include: "workflow/rules/corpus_common.smk"
include: "workflow/rules/figures_common.smk"
include: "workflow/rules/leaderboard_common.smk"


onstart:
    start_without_limit()
    announce()
    announce_downloads()
    announce_figures()


# Named targets; the first is what runs when none is named.


rule all:
    input:
        "results/tables/all.csv",
        "results/tables/audit.csv",


rule features:
    input:
        feature_stores(),


rule audio:
    input:
        audio_folders(),


rule figures:
    input:
        figure_paths(),


include: "workflow/rules/corpus.smk"
include: "workflow/rules/audio.smk"
include: "workflow/rules/features.smk"
include: "workflow/rules/systems.smk"
include: "workflow/rules/tables.smk"
include: "workflow/rules/leaderboard.smk"
include: "workflow/rules/figures.smk"
