# One protocol for all systems; not part of the default run.

# What takes part, and what each job trains: see leaderboard/leaderboard.yaml and
# mimii_bench.leaderboard.

ENTRIES_BY_NAME = {entry.name: entry for entry in ENTRIES}


def leaderboard_jobs(entry):
    """The pools of each job of a system."""
    return grouped(entry.pools(RANKABLE, config["leaderboard"]["ids"]), config["jobs"])


def leaderboard_pools(wildcards):
    return leaderboard_jobs(ENTRIES_BY_NAME[wildcards.entry])[wildcards.job]


def leaderboard_stores(wildcards):
    units = [unit for pool in leaderboard_pools(wildcards).values() for unit in pool]
    return stores_of(ENTRIES_BY_NAME[wildcards.entry].inputs, units)


def leaderboard_code(wildcards):
    entry = ENTRIES_BY_NAME[wildcards.entry]
    return training_code("leaderboard_fit", entry.class_name, entry.inputs)


def leaderboard_options(wildcards):
    entry = ENTRIES_BY_NAME[wildcards.entry]
    limits = ALL_REPORTS[entry.report].limits if entry.report else {}
    budget = budget_of(limits, config["budgets"], config["budget"])
    return scaled_options(entry.options, budget)


def leaderboard_trials(entry):
    """The folder of every trial by unit: [(unit, [folder of each seed])]."""
    return [
        (
            tuple(unit),
            [f"results/leaderboard/{entry.name}/{job}/trials/{path}/seed{k}" for k in SEEDS],
        )
        for job, pools in leaderboard_jobs(entry).items()
        for path, pool in pools.items()
        for unit in pool
        if unit.id in config["leaderboard"]["ids"]
    ]


def leaderboard_rows():
    """What mimii_bench.leaderboard.tables.Row needs, for every row."""
    return [
        {
            "name": name,
            "entry": entry.name,
            "kind": kind,
            "supervised": entry.supervised,
            "scope": "unit" if "id" in entry.pool else "ids",
            "folders": leaderboard_trials(entry),
        }
        for name, entry, kind in rows_of(ENTRIES)
    ]


def leaderboard_outputs(name):
    """A file or folder of every job of every system."""
    return {
        entry.name: [
            f"results/leaderboard/{entry.name}/{job}/{name}" for job in leaderboard_jobs(entry)
        ]
        for entry in ENTRIES
    }


SEEDS = range(config["leaderboard"]["seeds"])


rule leaderboard_split:
    """Which clip of every unit trains and which one tests, the same for all systems."""
    input:
        indexes=sorted(set(map(index_path, RANKABLE))),
        code=code("split"),
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
        class_name=lambda wildcards: ENTRIES_BY_NAME[wildcards.entry].class_name,
        options=leaderboard_options,
        pools=lambda wildcards: {
            path: list(map(tuple, pool)) for path, pool in leaderboard_pools(wildcards).items()
        },
        computed=lambda wildcards: computed_features(ENTRIES_BY_NAME[wildcards.entry].inputs),
        ids=config["leaderboard"]["ids"],
        seeds=config["leaderboard"]["seeds"],
        device=config["device"],
        torch_threads=config["threads_per_job"],
    script:
        "../scripts/leaderboard_fit.py"


rule leaderboard:
    """The ranks of all systems, and which differences are real."""
    input:
        trials=chain(*leaderboard_outputs("trials").values()),
        times=chain(*leaderboard_outputs("times.csv").values()),
        code=code("leaderboard"),
    output:
        standing="results/tables/leaderboard.csv",
        units="results/tables/leaderboard_units.csv",
        differences="results/tables/leaderboard_differences.csv",
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
        corpus=INVENTORY.corpus,
        replicates=config["budgets"][config["budget"]]["bootstrap"],
    script:
        "../scripts/leaderboard.py"
