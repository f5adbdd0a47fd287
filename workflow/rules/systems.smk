# From frames to scores.


rule recordings:
    """Which clips of a pool are the same recording at several SNRs."""
    input:
        audio=lambda wildcards: [f"results/audio/ch0/{u.path}" for u in pool_units(wildcards)],
        code=code("recordings"),
    output:
        table="results/recordings/{report}/{pool}.csv",
        found="results/recordings/{report}/{pool}.txt",
    log:
        "results/logs/recordings/{report}/{pool}.log",
    benchmark:
        "results/benchmarks/recordings/{report}/{pool}.tsv"
    conda:
        "../envs/features.yaml"
    params:
        units=lambda wildcards: list(map(tuple, pool_units(wildcards))),
    script:
        "../scripts/recordings.py"


rule split:
    """Which clip of a pool trains and which one tests."""
    input:
        indexes=lambda wildcards: sorted(set(map(index_path, pool_units(wildcards)))),
        recordings=pool_recordings,
        code=lambda wildcards: split_code(split_of(wildcards)["scheme"]),
    output:
        "results/splits/{report}/{pool}.csv",
    log:
        "results/logs/split/{report}/{pool}.log",
    benchmark:
        "results/benchmarks/split/{report}/{pool}.tsv"
    conda:
        "../envs/corpus.yaml"
    params:
        units=lambda wildcards: [(tuple(u), index_path(u)) for u in pool_units(wildcards)],
        split=split_of,
    script:
        "../scripts/split.py"


# A rule per job: what a job trains on is no pattern. Each says all that it reads and writes.
for training in TRAINING_JOBS:

    rule:
        name:
            training.name
        input:
            splits=[f"results/splits/{training.report}/{pool}.csv" for pool in training.pools],
            stores=training_stores(training),
            code=training_code("fit_and_score", **system_of(training)),
        output:
            weights=model_files(training, "safetensors"),
            descriptions=model_files(training, "json"),
            histories=model_files(training, "history.csv"),
            scores=list(map(directory, training_folders(training, "scores"))),
        log:
            f"results/logs/fit_and_score/{training.path}.log",
        benchmark:
            f"results/benchmarks/fit_and_score/{training.path}.tsv"
        conda:
            "../envs/systems.yaml"
        threads: config["threads_per_job"]
        resources:
            mem_mb=training_memory(training),
            gpu=int(config["device"] == "cuda"),
        params:
            job=(training.report, training.system, training.seed),
            pools={path: list(map(tuple, pool)) for path, pool in training.pools.items()},
            settings=training_settings(training),
            torch_threads=config["threads_per_job"],
            checkpoint_seconds=config["checkpoint_seconds"],
        script:
            "../scripts/fit_and_score.py"
