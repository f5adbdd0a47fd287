"""What a run will do: which pools each report trains on, and what is missing and why.

Made from the configuration and an inventory before any job runs, so that the DAG holds only work
that can be done, and everything else is said once, in plain words.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from mimii_bench.corpus.base import Unit
from mimii_bench.corpus.inventory import Inventory
from mimii_bench.reports.report import Report
from mimii_bench.splits.base import Pool, objection
from mimii_bench.splits.manifests import SplitRow
from mimii_bench.util.errors import UserError
from mimii_bench.util.plugins import load


@dataclass
class Plan:
    """`pools`: report key -> pool path -> its units; `missing`: (report, what is missing)."""

    pools: dict[str, dict[str, list[Unit]]] = field(default_factory=dict)
    missing: list[tuple[str, str]] = field(default_factory=list)


def make_plan(reports: list[Report], inventory: Inventory) -> Plan:
    """Plan every report on what the inventory holds."""
    plan = Plan()
    for report in reports:
        plan.pools[report.key] = {}
        plan.missing += [
            (report.key, line) for unit, line in inventory.missing.items() if report.selects(unit)
        ]
        plan.missing += [(report.key, line) for line in _unknown(report, inventory)]
        if inventory.own_because and report.spec.get("corpora"):
            plan.missing.append((report.key, _not_compared(inventory)))
        if inventory.channels < report.channels_needed:
            plan.missing.append((report.key, _too_few_channels(report, inventory)))
            continue
        for path, pool in _pools(report, inventory).items():
            if why := _objection(report, path, pool):
                plan.missing.append((report.key, why))
            else:
                plan.pools[report.key][path] = list(pool)
    return plan


def _objection(report: Report, path: str, pool: Pool) -> str:
    """Return why a report cannot train on a pool; nothing where it can."""
    least = report.spec.get("least_units", 1)

    def check(rows: list[SplitRow]) -> None:
        _check_units(path, rows, least)

    return objection([path, least], pool, check, **report.spec["split"])


def _unknown(report: Report, inventory: Inventory) -> Iterator[str]:
    """Yield which names of a report's units are those of no unit that the corpus has or lacks."""
    known = [*inventory.units, *inventory.missing]
    for part, names in report.spec["units"].items():
        there = sorted({getattr(unit, part) for unit in known})
        for name in names:
            if name not in there:
                yield f"units.{part}: the corpus has no {name}; it has {', '.join(there)}"


def _check_units(path: str, rows: list[SplitRow], least: int) -> None:
    trained = {row.unit for row in rows if row.role == "train"}
    if len(trained) < least:
        raise UserError(
            f"{path}: {len(trained)} id with clips to train on, and at least {least} must be told "
            "apart"
        )


def pools_of(plan: Plan, report: Report, system: str) -> dict[str, list[Unit]]:
    """Return the pools that one of a report's systems trains on: pool path -> its units."""
    return {
        path: units
        for path, units in plan.pools[report.key].items()
        if all(report.uses(system, unit) for unit in units)
    }


def units_used(plan: Plan) -> list[Unit]:
    """Return all units that some pool trains or tests on, each once, in a fixed order."""
    return sorted({u for pools in plan.pools.values() for units in pools.values() for u in units})


def budget_of(limits: dict[str, dict], budgets: dict[str, dict], name: str) -> dict:
    """Return the budget of a run under the limits of a report.

    Parameters
    ----------
    limits, budgets : {name: budget}
        Of report.yaml, and of config.yaml.
    name : str
        Which one is asked for.

    Returns
    -------
    dict
        That of config.yaml, with fewer steps where the report limits them, since those of one
        network may cost a thousand times those of another: `max_steps` of the report where the
        budget has no more than `of`, and the same share of a larger one. A `batch_size` of the
        report holds where the budget has no more than `of`. Without a limit of the budget, null,
        there is none.
    """
    budget, own = budgets[name], limits.get(name)
    given = budget.get("max_steps")
    if given is None or own is None:
        return {**budget, "max_steps": given}
    share = given * own["max_steps"] // own["of"]
    small = {"batch_size": own["batch_size"]} if "batch_size" in own and given <= own["of"] else {}
    return {**budget, "max_steps": min(given, max(own["max_steps"], share)), **small}


def scaled_options(class_name: str, options: dict, budget: dict) -> dict:
    """Return the options of a system under a budget.

    What counts steps ends after so many; where the budget has a `batch_size`, none has more
    examples.
    """
    model = getattr(load("systems", class_name), "Options", None)
    if "max_steps" not in getattr(model, "model_fields", {}):
        return options
    limits = [steps for steps in (options.get("max_steps"), budget["max_steps"]) if steps]
    found = {**options, "max_steps": min(limits, default=None)}
    if "batch_size" in budget and options.get("batch_size"):
        found["batch_size"] = min(options["batch_size"], budget["batch_size"])
    return found


def _pools(report: Report, inventory: Inventory) -> dict[str, Pool]:
    pools: dict[str, Pool] = {}
    for unit, clips in inventory.units.items():
        if report.selects(unit):
            pools.setdefault(report.pool_of(unit), {})[unit] = clips
    return pools


def _not_compared(inventory: Inventory) -> str:
    return (
        "comparison with printed numbers: the recordings count as own, since "
        f"{inventory.own_because}"
    )


def _too_few_channels(report: Report, inventory: Inventory) -> str:
    return (
        f"its mixes ({', '.join(sorted(report.mixes))}) need {report.channels_needed} channels, "
        f"the recordings have {inventory.channels}"
    )
