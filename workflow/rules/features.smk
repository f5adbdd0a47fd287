# From recordings to frames.


for STORES in PROJECT.batches.stores:

    rule:
        """One feature of one mix of some units, as HDF5."""
        name:
            STORES.name
        input:
            **files_of_sounds(STORES),
        output:
            STORES.outputs,
        log:
            PATHS.log("feature_store", STORES.logged),
        benchmark:
            PATHS.benchmark("feature_store", STORES.logged)
        wildcard_constraints:
            **STORES.constraints,
        conda:
            "../envs/features.yaml"
        resources:
            mem_mb=NEEDS.memory(STORES),
            runtime=NEEDS.runtime(STORES),
        params:
            code=known_of(STORES, PROJECT.code.feature),
            results=lambda wildcards: PATHS.results,
            feature=known_of(STORES, PROJECT.feature_files.described_by),
            mix=known_of(STORES, lambda known: known.mix),
            from_mixes=PROJECT.corpus.keep_mixes,
            stands_on=of_recordings(STORES.members),
        script:
            "../scripts/feature_store.py"
