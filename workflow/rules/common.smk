# The configuration, checked, and what follows from it: functions only, no rule.

import os
import sys
from pathlib import Path

import yaml
from snakemake.exceptions import WorkflowError

ROOT = Path(workflow.basedir)
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "workflow/scripts")]

from _corpus import SIMULATED_FOLDER, location, source_of
from mimii_bench.corpus import download, inventory
from mimii_bench.corpus.layout import IDS, MACHINES, SNRS, archive_name
from mimii_bench.errors import UserError
from mimii_bench.plan import budget_of, make_plan, scaled_options, units_used
from mimii_bench.plugins import module_name
from mimii_bench.provenance import source_files
from mimii_bench.reports import load_report, shared_features
from mimii_bench.schema import check


def read_schema(name):
    """One of the schemas, with the definitions that they share."""
    schema, units = (
        yaml.safe_load((ROOT / "workflow/schemas" / f"{part}.schema.yaml").read_text())
        for part in (name, "units")
    )
    return {**schema, "$defs": {**schema["$defs"], **units["$defs"]}}


def take_inventory():
    """What the configured corpus holds."""
    if config["corpus"] == "simulated":
        wanted = {k: v for k, v in config["simulated"].items() if k not in ("seed", "keep_mixes")}
        return inventory.simulated_inventory(**wanted)
    wanted = {k: v for k, v in config["mimii"].items() if k != "keep_mixes"}
    return inventory.mimii_inventory(**wanted)


try:
    check(config, read_schema("config"), "config.yaml")
    REPORTS = {
        key: load_report(ROOT / "reports" / key, read_schema("report")) for key in config["reports"]
    }
    FEATURES = shared_features(list(REPORTS.values()))
    INVENTORY = take_inventory()
    PLAN = make_plan(list(REPORTS.values()), INVENTORY)
except UserError as error:
    raise WorkflowError(str(error))

BUDGETS = {
    key: budget_of(report, config["budgets"], config["budget"]) for key, report in REPORTS.items()
}
SIMULATED = config["corpus"] == "simulated"
LAYOUT, CORPUS_FOLDER = location(config)
#: The published zips are pinned by their MD5 and are never declared: Snakemake deletes what a
#: rule declares, and nobody wants to download 100 GB twice.
PINNED = not SIMULATED and LAYOUT == "zip" and config["mimii"]["archives"] == "published"

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
    system=r"[a-z0-9_]+",
    archive=r"-?\d_dB_[a-z]+",
    seed=r"\d+",


def code(script, *plugins):
    """The library's files that a script runs, as inputs: an edit to one of them is a change.

    Plugins are modules that it imports by a name which a report gives.
    """
    path = ROOT / "workflow/scripts" / f"{script}.py"
    return [os.path.relpath(file) for file in source_files(*plugins, script=path)]


def corpus_files(wildcards):
    """What the clips of one (machine, SNR) are read from, as far as it may change."""
    source = source_of(config, wildcards)
    if PINNED:
        # What was verified once stays so, whatever happens to the downloader's code.
        return ancient(f"results/corpus/checked/{source.path.stem}.json")
    return source.watched()


def simulated_archives(machine):
    """The zips that the simulation makes for a machine."""
    names = [archive_name(machine, snr) for snr in config["simulated"]["snrs"]]
    return [f"{SIMULATED_FOLDER}/{name}" for name in names]


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
        for key, report in REPORTS.items()
        for system in report.spec["systems"].values()
        for source in system["inputs"]
        for units in PLAN.pools[key].values()
        for unit in units
    ]


def store_path(source, unit):
    return f"results/features/{source['feature']}/{source['mix']}/{unit.path}.h5"


def index_path(unit):
    return f"results/corpus/index/{unit.machine}/{unit.snr}.csv"


def pool_units(wildcards):
    return PLAN.pools[wildcards.report][wildcards.pool]


def system_spec(wildcards):
    return REPORTS[wildcards.report].spec["systems"][wildcards.system]


def system_stores(wildcards):
    """A system's stores: for each of its inputs, one per unit of the pool."""
    units = pool_units(wildcards)
    return [store_path(source, u) for source in system_spec(wildcards)["inputs"] for u in units]


def system_code(wildcards):
    system = system_spec(wildcards)
    return code("fit_and_score", module_name("systems", system["class"]))


def score_folders(report):
    """A report's scores by system, pool and seed: {system: [[folder of each seed], ...]}."""
    return {
        system: [
            [
                f"results/scores/{report}/{system}/{pool}/seed{k}"
                for k in range(BUDGETS[report]["seeds"])
            ]
            for pool in PLAN.pools[report]
        ]
        for system in REPORTS[report].spec["systems"]
    }


def table_spec(report):
    """What a report's tables depend on of its report.yaml."""
    keys = ("corpora", "units", "evaluation", "tables", "claims")
    return {key: REPORTS[report].spec[key] for key in keys if key in REPORTS[report].spec}


def descriptions(report):
    """The description of one trained model of each of a report's systems."""
    return {
        system: f"results/models/{report}/{system}/{next(iter(PLAN.pools[report]))}/seed0.json"
        for system in REPORTS[report].spec["systems"]
        if PLAN.pools[report]
    }


def split_paths(report):
    return [f"results/splits/{report}/{pool}.csv" for pool in PLAN.pools[report]]


def report_scores(wildcards):
    """A report's score folders, as one list."""
    pools = [pool for pools in score_folders(wildcards.report).values() for pool in pools]
    return [path for pool in pools for path in pool]


def announce():
    """Say before the first job what is missing, and what a download needs."""
    for report, what in PLAN.missing:
        print(f"missing for {report}: {what}", file=sys.stderr)
    if PINNED and config["mimii"]["download"]:
        names = inventory.archives_needed(units_used(PLAN))
        needed = download.disk_needed(names, CORPUS_FOLDER) / 1e9
        print(f"downloads into {CORPUS_FOLDER}: at most {needed:.1f} GB", file=sys.stderr)
        try:
            download.check_disk(names, CORPUS_FOLDER)
        except UserError as error:
            raise WorkflowError(str(error))
