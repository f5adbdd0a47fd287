# From frames to scores, for the reports and the leaderboard alike: each is a protocol.


rule recordings:
    """Which clips of a pool are the same recording at several SNRs."""
    input:
        **files_of_recordings(PROJECT.split_files.units),
    output:
        table=PATHS.recordings,
        checksum=PATHS.checksum(PATHS.recordings),
        found=PATHS.recordings_found,
    log:
        PATHS.log("recordings", PATHS.recordings),
    benchmark:
        PATHS.benchmark("recordings", PATHS.recordings)
    conda:
        "../envs/features.yaml"
    resources:
        mem_mb=NEEDS.memory("recordings"),
        runtime=NEEDS.runtime("recordings"),
    params:
        code=PROJECT.code.of("recordings"),
        results=lambda wildcards: PATHS.results,
        stands_on=PROJECT.fingerprints.compared,
        units=PROJECT.split_files.listed,
        mix=PROJECT.split_files.MIX,
    script:
        "../scripts/recordings.py"


workflow.localrules(*(one.name for one in PROJECT.batches.splits))

for SPLITS in PROJECT.batches.splits:

    rule:
        """Which clip of each pool trains and which one tests."""
        name:
            SPLITS.name
        input:
            files_of_pools(SPLITS),
        output:
            SPLITS.outputs,
        log:
            PATHS.log("split", SPLITS.logged),
        benchmark:
            PATHS.benchmark("split", SPLITS.logged)
        wildcard_constraints:
            **SPLITS.constraints,
        conda:
            "../envs/corpus.yaml"
        resources:
            mem_mb=NEEDS.memory(SPLITS),
            runtime=NEEDS.runtime(SPLITS),
        params:
            code=known_of(SPLITS, PROJECT.code.split),
            stands_on=of_pools(SPLITS),
            pools=clips_of_pools(SPLITS),
            split=known_of(SPLITS, PROJECT.split_files.split),
        script:
            "../scripts/split.py"


rule fit_and_score:
    """Models of a system on the pools and seeds of one job, and what they say of every clip."""
    input:
        splits=PROJECT.trainings.splits,
        stores=PROJECT.trainings.stores,
    output:
        directory(PATHS.models),
    log:
        PATHS.log("fit_and_score", PATHS.models),
    benchmark:
        PATHS.benchmark("fit_and_score", PATHS.models)
    group:
        NEEDS.group("fit_and_score")
    conda:
        "../envs/systems.yaml"
    threads: config["threads_per_job"]
    resources:
        mem_mb=NEEDS.memory("fit_and_score"),
        runtime=NEEDS.runtime("fit_and_score"),
        gpu=int(config["device"].startswith("cuda")),
    params:
        code=PROJECT.code.fitting,
        job=lambda wildcards: PROJECT.trainings.job(wildcards).plain(),
        stands_on=PROJECT.fingerprints.job,
    script:
        "../scripts/fit_and_score.py"


rule score:
    """The scores of a job: those beside its models, or new ones where only scoring has changed."""
    input:
        models=PATHS.models,
        splits=PROJECT.trainings.splits,
        stores=PROJECT.trainings.stores,
    output:
        directory(PATHS.scores),
    log:
        PATHS.log("score", PATHS.scores),
    benchmark:
        PATHS.benchmark("score", PATHS.scores)
    conda:
        "../envs/systems.yaml"
    threads: config["threads_per_job"]
    resources:
        mem_mb=NEEDS.memory("score"),
        runtime=NEEDS.runtime("score"),
        gpu=int(config["device"].startswith("cuda")),
    params:
        code=PROJECT.code.scoring,
        fitted_by=PROJECT.code.fitting,
        job=lambda wildcards: PROJECT.trainings.job(wildcards).plain(),
        stands_on=PROJECT.fingerprints.job,
        kinds=lambda wildcards: list(PROJECT.trainings.system(wildcards).kinds),
    script:
        "../scripts/score.py"
