# From the corpus to one channel per clip.


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
    params:
        code=PROJECT.code.of("mix"),
        results=lambda wildcards: PATHS.results,
        recordings=PROJECT.corpus_files.state,
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
    params:
        code=PROJECT.code.of("quality"),
        results=lambda wildcards: PATHS.results,
        recordings=PROJECT.corpus_files.state,
    script:
        "../scripts/quality.py"
