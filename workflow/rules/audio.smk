# From the corpus to one channel per clip.

from mimii_bench.planning.plan import units_used

USED = units_used(PROJECT.plan)


localrules:
    quality_of_all,


rule mix:
    """One mix of one unit, read from the zip's members in place."""
    input:
        index=PATHS.index,
        corpus=depends_on,
    output:
        directory(PATHS.mix) if PROJECT.corpus.keep_mixes else temp(directory(PATHS.mix)),
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


rule quality:
    """What is odd in the recordings of one unit, and which of them are copies."""
    input:
        index=PATHS.index,
        corpus=depends_on,
    output:
        PATHS.quality,
    log:
        PATHS.log("quality", PATHS.quality),
    benchmark:
        PATHS.benchmark("quality", PATHS.quality)
    conda:
        "../envs/corpus.yaml"
    resources:
        mem_mb=NEEDS.memory("quality"),
        runtime=NEEDS.runtime("quality"),
    params:
        code=PROJECT.code.of("quality"),
        results=lambda wildcards: PATHS.results,
        stands_on=PROJECT.fingerprints.unit,
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
