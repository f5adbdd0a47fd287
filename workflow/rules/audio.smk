# From the corpus to one channel per clip, and to what is odd in it.

from mimii_bench.planning.plan import units_used

USED = units_used(PROJECT.plan)


localrules:
    quality_of_all,


rule mix:
    """One mix of one unit as WAVs, for who wants to hear it or has his own use for it."""
    input:
        index=PATHS.index,
        corpus=depends_on,
    output:
        directory(PATHS.mix),
    log:
        PATHS.log("mix", PATHS.mix),
    benchmark:
        PATHS.benchmark("mix", PATHS.mix)
    conda:
        "../envs/corpus.yaml"
    resources:
        mem_mb=NEEDS.memory("mix"),
        runtime=NEEDS.runtime("mix"),
    params:
        code=PROJECT.code.of("mix"),
        results=lambda wildcards: PATHS.results,
        stands_on=PROJECT.fingerprints.unit,
    script:
        "../scripts/mix.py"


for QUALITY in PROJECT.batches.quality:

    rule:
        """What is odd in the recordings of some units, and which of them are copies."""
        name:
            QUALITY.name
        input:
            **files_of_recordings(QUALITY.units),
        output:
            QUALITY.outputs,
        log:
            PATHS.log("quality", QUALITY.logged),
        benchmark:
            PATHS.benchmark("quality", QUALITY.logged)
        wildcard_constraints:
            **QUALITY.constraints,
        conda:
            "../envs/corpus.yaml"
        resources:
            mem_mb=NEEDS.memory(QUALITY),
            runtime=NEEDS.runtime(QUALITY),
        params:
            code=PROJECT.code.of("quality"),
            results=lambda wildcards: PATHS.results,
            stands_on=of_recordings(QUALITY.units),
        script:
            "../scripts/quality.py"


rule quality_of_all:
    """What is odd in each unit that the reports use, and clips that lie in two of them."""
    input:
        PROJECT.split_files.quality_of(USED),
    output:
        PATHS.quality_of_all,
    log:
        PATHS.log("quality_of_all", PATHS.quality_of_all),
    benchmark:
        PATHS.benchmark("quality_of_all", PATHS.quality_of_all)
    conda:
        "../envs/corpus.yaml"
    resources:
        mem_mb=NEEDS.memory("quality_of_all"),
        runtime=NEEDS.runtime("quality_of_all"),
    params:
        code=PROJECT.code.of("quality_of_all"),
        stands_on=PROJECT.fingerprints.recordings(USED),
        units=list(map(tuple, USED)),
    script:
        "../scripts/quality_of_all.py"
