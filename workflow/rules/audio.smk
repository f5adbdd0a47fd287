# From the corpus to one channel per clip.


rule mix:
    """One mix of one unit, read from the zip's members in place."""
    input:
        index="results/corpus/index/{machine}/{snr}.csv",
        corpus=corpus_files,
        code=code("mix"),
    output:
        MIX_KEPT(directory("results/audio/{mix}/{machine}/{snr}/id_{id}")),
    log:
        "results/logs/mix/{mix}/{machine}/{snr}/id_{id}.log",
    benchmark:
        "results/benchmarks/mix/{mix}/{machine}/{snr}/id_{id}.tsv"
    conda:
        "../envs/corpus.yaml"
    params:
        recordings=recordings_there,
    script:
        "../scripts/mix.py"
