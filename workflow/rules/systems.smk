# From frames to scores.


rule split:
    """Which clip of a pool trains and which one tests."""
    input:
        indexes=lambda wildcards: sorted(set(map(index_path, pool_units(wildcards)))),
        code=code("split"),
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
        split=lambda wildcards: REPORTS[wildcards.report].spec["split"],
    script:
        "../scripts/split.py"


rule fit_and_score:
    """One training, and the score of every clip of its manifest."""
    input:
        split="results/splits/{report}/{pool}.csv",
        stores=system_stores,
        code=system_code,
    output:
        weights="results/models/{report}/{system}/{pool}/seed{seed}.safetensors",
        description="results/models/{report}/{system}/{pool}/seed{seed}.json",
        history="results/models/{report}/{system}/{pool}/seed{seed}.history.csv",
        scores=directory("results/scores/{report}/{system}/{pool}/seed{seed}"),
    log:
        "results/logs/fit_and_score/{report}/{system}/{pool}/seed{seed}.log",
    benchmark:
        "results/benchmarks/fit_and_score/{report}/{system}/{pool}/seed{seed}.tsv"
    conda:
        "../envs/systems.yaml"
    threads: config["threads_per_job"]
    params:
        units=lambda wildcards: [tuple(unit) for unit in pool_units(wildcards)],
        class_name=lambda wildcards: system_spec(wildcards)["class"],
        options=lambda wildcards: scaled_options(
            system_spec(wildcards)["options"], BUDGETS[wildcards.report]
        ),
        device=config["device"],
        torch_threads=config["threads_per_job"],
    script:
        "../scripts/fit_and_score.py"
