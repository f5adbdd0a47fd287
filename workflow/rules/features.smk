# From one channel per clip to frames.


rule feature_store:
    """One feature of one mix of one unit, as HDF5."""
    input:
        audio=PATHS.mix,
    output:
        PATHS.store,
    log:
        PATHS.log("feature_store", PATHS.store),
    benchmark:
        PATHS.benchmark("feature_store", PATHS.store)
    # Before further mixes, which take ten times the space and may be deleted after this.
    priority: 1
    conda:
        "../envs/features.yaml"
    resources:
        mem_mb=NEEDS.memory("feature_store"),
        runtime=NEEDS.runtime("feature_store"),
    params:
        code=PROJECT.code.feature,
        feature=lambda wildcards: PROJECT.feature_files.by_name[wildcards.feature],
        stands_on=PROJECT.fingerprints.unit,
    script:
        "../scripts/feature_store.py"
