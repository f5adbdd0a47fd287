# The configuration, checked, and what follows from it: functions only, no rule.

import os
import sys
from functools import cache
from itertools import chain
from pathlib import Path

import yaml
from snakemake.exceptions import WorkflowError

ROOT = Path(workflow.basedir)
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "workflow/scripts")]

from mimii_bench.corpus import inventory
from mimii_bench.corpus.layout import IDS, MACHINES, SNRS
from mimii_bench.corpus.simulate import model_module
from mimii_bench.util.errors import UserError
from mimii_bench.leaderboard.entries import (
    SPLIT,
    load_entries,
    own_features,
    rankable,
    rows_of,
    taking_part,
)
from mimii_bench.planning.plan import (
    budget_of,
    grouped,
    make_plan,
    pools_of,
    scaled_options,
    training_jobs,
)
from mimii_bench.util.plugins import module_name
from mimii_bench.util.provenance import source_files
from mimii_bench.reports.report import load_report, shared_features
from mimii_bench.util.schema import check
from mimii_bench.splits.base import compares_recordings, module_of

#: The feature that is stored in place of those that are computed when they are read.
SAMPLES = {"class": "samples.Samples"}
LEADERBOARD = ROOT / "leaderboard/leaderboard.yaml"


@cache
def read_schema(name):
    """One of the schemas, with the definitions that they share."""
    schema, units = (
        yaml.safe_load((ROOT / "workflow/schemas" / f"{part}.schema.yaml").read_text())
        for part in (name, "units")
    )
    return {**schema, "$defs": {**schema["$defs"], **units["$defs"]}}


def read_report(name):
    """The report of a key, or of a path to a folder anywhere."""
    folder = Path(name)
    own = len(folder.parts) > 1
    return load_report(folder if own else Path("reports", name), read_schema("report"))


def read_reports(names):
    """Reports by their keys."""
    found = {}
    for name in names:
        one = read_report(name)
        if found.setdefault(one.key, one) is not one:
            raise UserError(f"config.yaml: reports: two are called {one.key}; rename a folder")
    return found


def all_features():
    """The parameters of every feature by name, with the samples that others are computed of."""
    planned = {**KNOWN_REPORTS, **REPORTS}
    features = shared_features(list(planned.values()), own_features(LEADERBOARD))
    for name in config["on_the_fly"]:
        if name not in features:
            known = ", ".join(sorted(features))
            raise UserError(f"config.yaml: on_the_fly: {name!r} is not one of {known}")
    if features.setdefault("samples", SAMPLES) != SAMPLES:
        raise UserError(f"report.yaml: features.samples must be {SAMPLES['class']}; rename it")
    return features


def take_inventory():
    """What the configured corpus holds."""
    if config["corpus"] == "simulated":
        wanted = {k: v for k, v in config["simulated"].items() if k not in ("seed", "keep_mixes")}
        return inventory.simulated_inventory(**wanted)
    wanted = {k: v for k, v in config["mimii"].items() if k != "keep_mixes"}
    return inventory.mimii_inventory(**wanted)


try:
    check(config, read_schema("config"), "config.yaml")
    KNOWN_REPORTS = read_reports(path.parent.name for path in Path("reports").glob("*/report.yaml"))
    REPORTS = read_reports(config["reports"])
    ENTERED = load_entries(LEADERBOARD, read_schema("leaderboard"), KNOWN_REPORTS)
    FEATURES = all_features()
    INVENTORY = take_inventory()
    PLAN = make_plan(list(REPORTS.values()), INVENTORY)
except UserError as error:
    raise WorkflowError(str(error))

BUDGETS = {
    key: budget_of(report.limits, config["budgets"], config["budget"])
    for key, report in REPORTS.items()
}
TRAINING_JOBS = [
    job
    for key, report in REPORTS.items()
    for job in training_jobs(PLAN, report, BUDGETS[key]["seeds"], config["jobs"])
]
SIMULATED = config["corpus"] == "simulated"
KEEP_MIXES = config["simulated" if SIMULATED else "mimii"]["keep_mixes"]
#: Flags the mixes: kept, or deleted once the features that need them are made.
MIX_KEPT = (lambda path: path) if KEEP_MIXES else temp


wildcard_constraints:
    machine="|".join(MACHINES),
    snr="|".join(SNRS),
    id="|".join(IDS),
    mix=r"mono|ch\d(-ch\d)?",
    feature="|".join(FEATURES),
    report="|".join(REPORTS),
    archive=r"-?\d_dB_[a-z]+",


def code(script, *plugins):
    """The library's files that a script runs, as inputs: an edit to one of them is a change.

    Plugins are modules that it imports by a name which a report gives.
    """
    path = ROOT / "workflow/scripts" / f"{script}.py"
    return [os.path.relpath(file) for file in source_files(*plugins, script=path)]


def feature_code(wildcards):
    feature = FEATURES[wildcards.feature]
    return code("feature_store", module_name("features", feature["class"]))


def audio_folders():
    """Every mix of every unit that the planned systems need."""
    return sorted(
        {f"results/audio/{source['mix']}/{unit.path}" for source, unit in planned_inputs()}
    )


def feature_stores():
    """Every feature store that the planned systems need."""
    return sorted({store_path(source, unit) for source, unit in planned_inputs()})


def planned_inputs():
    """Pairs of (system input, unit) over all reports."""
    return [
        (source, unit)
        for report in REPORTS.values()
        for name, system in report.spec["systems"].items()
        for source in system["inputs"]
        for units in pools_of(PLAN, report, name).values()
        for unit in units
    ]


def store_path(source, unit):
    feature = "samples" if computed_feature(source) else source["feature"]
    return f"results/features/{feature}/{source['mix']}/{unit.path}.h5"


def computed_feature(source):
    """What a training computes of an input's samples; None where its frames are stored."""
    return FEATURES[source["feature"]] if source["feature"] in config["on_the_fly"] else None


def computed_features(inputs):
    """For each input of a system, what its training computes."""
    return [computed_feature(source) for source in inputs]


def stores_of(inputs, units):
    """For each of a system's inputs, one store per unit."""
    return [store_path(source, unit) for source in inputs for unit in units]


def training_code(script, class_name, inputs):
    """The code of a script that trains a system on inputs of which it may compute some."""
    computed = [feature for feature in computed_features(inputs) if feature]
    features = [module_name("features", feature["class"]) for feature in computed]
    return code(script, module_name("systems", class_name), *features)


def index_path(unit):
    return f"results/corpus/index/{unit.machine}/{unit.snr}.csv"


def pool_units(wildcards):
    return PLAN.pools[wildcards.report][wildcards.pool]


def split_of(wildcards):
    return REPORTS[wildcards.report].spec["split"]


def split_code(scheme):
    return code("split", module_of(scheme))


def pool_recordings(wildcards):
    """What a split that compares recordings must know of a pool."""
    needed = compares_recordings(split_of(wildcards)["scheme"])
    return f"results/recordings/{wildcards.report}/{wildcards.pool}.csv" if needed else []


def system_of(training):
    """Class and inputs of the system that a job trains."""
    system = REPORTS[training.report].spec["systems"][training.system]
    return {"class_name": system["class"], "inputs": system["inputs"]}


def training_stores(training):
    units = [unit for pool in training.pools.values() for unit in pool]
    return stores_of(system_of(training)["inputs"], units)


def training_memory(training):
    """What a job takes at most, in MB: its frames, which it holds at once, and torch."""
    computed = any(computed_features(system_of(training)["inputs"]))
    # Of samples, a complex spectrum with half overlap takes twice as much.
    return lambda wildcards, input: 1200 + (2 if computed else 1) * input.size_mb


def training_settings(training):
    """All that a model depends on beside its files and its seed."""
    system = REPORTS[training.report].spec["systems"][training.system]
    return {
        "class_name": system["class"],
        "options": scaled_options(system["options"], BUDGETS[training.report]),
        "roles": system.get("train_on", ["train"]),
        "computed": computed_features(system["inputs"]),
        "device": config["device"],
    }


def training_folders(training, kind):
    """A folder of `models` or `scores` for each of a job's pools."""
    start = f"results/{kind}/{training.report}/{training.system}"
    return [f"{start}/{pool}/seed{training.seed}" for pool in training.pools]


def model_files(training, ending):
    return [f"{path}.{ending}" for path in training_folders(training, "models")]


def score_folders(report):
    """A report's scores by system, pool and seed: {system: [[folder of each seed], ...]}."""
    return {
        system: [
            [
                f"results/scores/{report}/{system}/{pool}/seed{k}"
                for k in range(BUDGETS[report]["seeds"])
            ]
            for pool in pools_of(PLAN, REPORTS[report], system)
        ]
        for system in REPORTS[report].spec["systems"]
    }


def table_spec(report):
    """What a report's tables depend on of its report.yaml."""
    spec = REPORTS[report].spec
    keys = ("corpora", "units", "pool", "evaluation", "tables", "claims")
    taught = {
        name: {"supervised": system.get("supervised", False)}
        for name, system in spec["systems"].items()
    }
    return {"systems": taught, **{key: spec[key] for key in keys if key in spec}}


def threshold_modules(report):
    """The modules of the thresholds that a report's tables use, as plugins of `code`."""
    evaluation = REPORTS[report].spec.get("evaluation", {})
    ways = [evaluation.get("default", {}), *evaluation.get("variants", {}).values()]
    classes = {way["threshold"]["class"] for way in ways if "threshold" in way}
    return [module_name("evaluation", name) for name in sorted(classes)]


def descriptions(report):
    """The description of one trained model of each of a report's systems."""
    pools = {
        system: pools_of(PLAN, REPORTS[report], system)
        for system in REPORTS[report].spec["systems"]
    }
    return {
        system: f"results/models/{report}/{system}/{next(iter(own))}/seed0.json"
        for system, own in pools.items()
        if own
    }


def split_paths(report):
    return [f"results/splits/{report}/{pool}.csv" for pool in PLAN.pools[report]]


def report_scores(wildcards):
    """A report's score folders, as one list."""
    pools = [pool for pools in score_folders(wildcards.report).values() for pool in pools]
    return [path for pool in pools for path in pool]


def start_without_limit():
    """Take away the limit on the jobs that start in a second, which only a cluster needs.

    Under it Snakemake looks at all waiting jobs again a second after each look, these repetitions
    included: after some hundred short jobs that takes more time than the jobs.
    """
    if workflow.local_exec:
        workflow.scheduler.job_rate_limiter = None


def announce():
    """Say before the first job what is missing."""
    for report, what in PLAN.missing:
        print(f"missing for {report}: {what}", file=sys.stderr)
