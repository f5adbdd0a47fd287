# One protocol for all systems; not part of the default run.


rule leaderboard_split:
    """Which clip of every unit trains and which one tests, the same for all systems."""
    input:
        indexes=sorted(set(map(index_path, RANKABLE))),
        code=split_code(SPLIT),
    output:
        "results/splits/leaderboard.csv",
    log:
        "results/logs/leaderboard_split.log",
    benchmark:
        "results/benchmarks/leaderboard_split.tsv"
    conda:
        "../envs/corpus.yaml"
    params:
        units=[(tuple(unit), index_path(unit)) for unit in RANKABLE],
        split={"scheme": SPLIT},
    script:
        "../scripts/split.py"


rule leaderboard_fit:
    """One system on all pools and seeds of a job: a process starts once for many trainings."""
    input:
        split="results/splits/leaderboard.csv",
        stores=leaderboard_stores,
        code=leaderboard_code,
    output:
        trials=directory("results/leaderboard/{entry}/{job}/trials"),
        times="results/leaderboard/{entry}/{job}/times.csv",
    log:
        "results/logs/leaderboard_fit/{entry}/{job}.log",
    benchmark:
        "results/benchmarks/leaderboard_fit/{entry}/{job}.tsv"
    wildcard_constraints:
        job=r"[a-z]+(/-?\d+dB(/id_\d+)?)?",
    conda:
        "../envs/systems.yaml"
    threads: config["threads_per_job"]
    params:
        settings=leaderboard_settings,
        pools=lambda wildcards: {
            path: list(map(tuple, pool)) for path, pool in leaderboard_pools(wildcards).items()
        },
        ids=config["leaderboard"]["ids"],
        kinds=lambda wildcards: ENTRIES_BY_NAME[wildcards.entry].scores,
        seeds=config["leaderboard"]["seeds"],
        torch_threads=config["threads_per_job"],
        checkpoint_seconds=config["checkpoint_seconds"],
    script:
        "../scripts/leaderboard_fit.py"


rule leaderboard:
    """The ranks of all systems, and which differences are real."""
    input:
        trials=leaderboard_trained,
        times=chain(*leaderboard_outputs("times.csv").values()),
        code=code("leaderboard"),
    output:
        standing="results/tables/leaderboard.csv",
        units="results/tables/leaderboard_units.csv",
        differences="results/tables/leaderboard_differences.csv",
        stability="results/tables/leaderboard_stability.csv",
        times="results/tables/leaderboard_times.csv",
        page="results/tables/leaderboard.md",
    log:
        "results/logs/leaderboard.log",
    benchmark:
        "results/benchmarks/leaderboard.tsv"
    conda:
        "../envs/tables.yaml"
    params:
        rows=leaderboard_rows(),
        times=leaderboard_outputs("times.csv"),
        left_out=LEFT_OUT,
        corpus=INVENTORY.corpus,
        replicates=config["budgets"][config["budget"]]["bootstrap"],
    script:
        "../scripts/leaderboard.py"
