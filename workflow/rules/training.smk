# From frames to scores, for the reports and the leaderboard alike: each is a protocol.


rule recordings:
    """Which clips of a pool are the same recording at several SNRs."""
    input:
        audio=PROJECT.split_files.audio,
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
    params:
        code=PROJECT.code.of("recordings"),
        stands_on=PROJECT.fingerprints.compared,
        units=lambda wildcards: list(map(tuple, PROJECT.split_files.units(wildcards))),
    script:
        "../scripts/recordings.py"


rule split:
    """Which clip of a pool trains and which one tests."""
    input:
        indexes=PROJECT.split_files.indexes,
        recordings=PROJECT.split_files.recordings,
        quality=PROJECT.split_files.quality,
    output:
        PATHS.split,
        PATHS.checksum(PATHS.split),
    log:
        PATHS.log("split", PATHS.split),
    benchmark:
        PATHS.benchmark("split", PATHS.split)
    conda:
        "../envs/corpus.yaml"
    params:
        code=PROJECT.code.split,
        stands_on=PROJECT.fingerprints.pool,
        units=PROJECT.split_files.listed,
        split=PROJECT.split_files.split,
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
    conda:
        "../envs/systems.yaml"
    threads: config["threads_per_job"]
    resources:
        mem_mb=PROJECT.reserved.training,
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
        gpu=int(config["device"].startswith("cuda")),
    params:
        code=PROJECT.code.scoring,
        fitted_by=PROJECT.code.fitting,
        job=lambda wildcards: PROJECT.trainings.job(wildcards).plain(),
        stands_on=PROJECT.fingerprints.job,
        kinds=lambda wildcards: list(PROJECT.trainings.system(wildcards).kinds),
    script:
        "../scripts/score.py"
