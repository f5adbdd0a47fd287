# From one channel per clip to frames.


rule feature_store:
    """One feature of one mix of one unit, as HDF5."""
    input:
        audio="results/audio/{mix}/{machine}/{snr}/id_{id}",
        code=feature_code,
    output:
        "results/features/{feature}/{mix}/{machine}/{snr}/id_{id}.h5",
    log:
        "results/logs/feature_store/{feature}/{mix}/{machine}/{snr}/id_{id}.log",
    benchmark:
        "results/benchmarks/feature_store/{feature}/{mix}/{machine}/{snr}/id_{id}.tsv"
    # Before further mixes, which take ten times the space and may be deleted after this.
    priority: 1
    conda:
        "../envs/features.yaml"
    params:
        parameters=lambda wildcards: FEATURES[wildcards.feature],
    script:
        "../scripts/feature_store.py"
