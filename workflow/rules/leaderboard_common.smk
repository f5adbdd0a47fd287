# What takes part in the leaderboard, and what each job trains: functions only, no rule.
# See leaderboard/leaderboard.yaml and mimii_bench.leaderboard.

from mimii_bench.leaderboard.entries import check_entries, check_units

RANKABLE, UNRANKABLE = rankable(INVENTORY, config["leaderboard"]["ids"])
ENTRIES, ABSENT = taking_part(ENTERED, INVENTORY, RANKABLE, config["leaderboard"]["ids"])
LEFT_OUT = UNRANKABLE + ABSENT
ENTRIES_BY_NAME = {entry.name: entry for entry in ENTRIES}
SEEDS = range(config["leaderboard"]["seeds"])


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


def leaderboard_settings(wildcards):
    """All that the models of a system depend on beside their files and seeds."""
    entry = ENTRIES_BY_NAME[wildcards.entry]
    limits = KNOWN_REPORTS[entry.report].limits if entry.report else {}
    budget = budget_of(limits, config["budgets"], config["budget"])
    return {
        "class_name": entry.class_name,
        "options": scaled_options(entry.options, budget),
        "computed": computed_features(entry.inputs),
        "device": config["device"],
    }


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
    """What mimii_bench.leaderboard.tables.RankedScore needs, for every row."""
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


def leaderboard_trained(wildcards):
    """The trials of every system; asked for by no other target than the leaderboard itself."""
    try:
        check_units(RANKABLE, config["leaderboard"]["ids"], UNRANKABLE)
        check_entries(ENTRIES, ABSENT)
    except UserError as error:
        raise WorkflowError(str(error))
    return list(chain(*leaderboard_outputs("trials").values()))


def leaderboard_outputs(name):
    """A file or folder of every job of every system."""
    return {
        entry.name: [
            f"results/leaderboard/{entry.name}/{job}/{name}" for job in leaderboard_jobs(entry)
        ]
        for entry in ENTRIES
    }
