# From recordings to frames.


for STORES in PROJECT.batches.stores:

    rule:
        """One feature of the recordings of some units, of all mixes at once, as HDF5."""
        name:
            STORES.name
        input:
            **files_of_recordings(STORES.units),
        output:
            STORES.outputs,
        log:
            PATHS.log("feature_store", STORES.logged),
        benchmark:
            PATHS.benchmark("feature_store", STORES.logged)
        wildcard_constraints:
            **STORES.constraints,
        # Of a submission to a queue; how many are in one is the profile's.
        group:
            "frames"
        conda:
            "../envs/features.yaml"
        resources:
            mem_mb=NEEDS.memory(STORES),
            runtime=NEEDS.runtime(STORES),
        params:
            code=PROJECT.code.feature,
            results=lambda wildcards: PATHS.results,
            feature=lambda wildcards: PROJECT.feature_files.by_name[wildcards.feature],
            stands_on=of_recordings(STORES.units),
        script:
            "../scripts/feature_store.py"
