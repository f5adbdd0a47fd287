"""Reports and the leaderboard as protocols: the systems, pools and seeds that are trained."""

from collections.abc import Mapping

from mimii_bench.leaderboard.entries import SPLIT, Entry
from mimii_bench.planning.plan import budget_of, pools_of, scaled_options
from mimii_bench.planning.trainings import Protocol, TrainedSystem
from mimii_bench.reports.report import Report
from mimii_bench.util.errors import UserError
from mimii_bench.util.plugins import load

#: What the leaderboard is called among the protocols.
LEADERBOARD = "leaderboard"


def report_protocol(project, report: Report) -> Protocol:
    """Return what is trained for a report under the budget of a project."""
    budget = report_budget(project, report)
    for name, system in report.spec["systems"].items():
        where = f"{report.folder}/report.yaml: systems.{name}.options.sample_rate"
        _check_rate(system["class"], system["options"], project.inventory.sample_rate, where)
    systems = {
        name: TrainedSystem(
            class_name=system["class"],
            inputs=system["inputs"],
            options=scaled_options(system["options"], budget),
            pools=pools_of(project.plan, report, name),
            roles=system.get("train_on", ["train"]),
        )
        for name, system in report.spec["systems"].items()
    }
    split = report.spec["split"]
    return Protocol(report.key, split, systems, project.plan.pools[report.key], budget["seeds"])


def report_budget(project, report: Report) -> dict:
    """Return the budget of a project under a report's own limits."""
    given = project.configuration
    return budget_of(report.limits, given["budgets"], given["budget"])


def leaderboard_protocol(project) -> Protocol:
    """Return what is trained for the leaderboard of a project."""
    ranking, ids = project.ranking, project.configuration["leaderboard"]["ids"]
    pools = {entry.name: entry.pools(ranking.units, ids) for entry in ranking.entries}
    systems = {
        entry.name: TrainedSystem(
            class_name=entry.class_name,
            inputs=entry.inputs,
            options=scaled_options(entry.options, _entry_budget(project, entry)),
            pools=pools[entry.name],
            kinds=entry.scores,
        )
        for entry in ranking.entries
    }
    every = {path: units for own in pools.values() for path, units in own.items()}
    seeds = project.configuration["leaderboard"]["seeds"]
    return Protocol(LEADERBOARD, {"scheme": SPLIT}, systems, every, seeds, seeds_together=True)


def _entry_budget(project, entry: Entry) -> dict:
    limits = project.known_reports[entry.report].limits if entry.report else {}
    given = project.configuration
    return budget_of(limits, given["budgets"], given["budget"])


def _check_rate(class_name: str, options: Mapping, rate: int, where: str) -> None:
    """Raise a UserError for a system that is for another sample rate than the recordings have."""
    model = getattr(load("systems", class_name), "Options", None)
    if model is None or "sample_rate" not in model.model_fields:
        return
    meant = options.get("sample_rate", model.model_fields["sample_rate"].default)
    if meant != rate:
        raise UserError(f"{where}: {meant}, but the recordings have {rate} Hz; write {rate}")
