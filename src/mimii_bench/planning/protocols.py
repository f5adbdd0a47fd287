"""Reports and the leaderboard as protocols: the systems, pools and seeds that are trained."""

from collections.abc import Mapping

from mimii_bench.leaderboard.entries import Entry, split_of
from mimii_bench.planning.plan import budget_of, pools_of, scaled_options
from mimii_bench.planning.trainings import Protocol, TrainedSystem
from mimii_bench.reports.report import Report
from mimii_bench.training.sample_rates import at_rate, check_feature_rate, check_system_rate
from mimii_bench.util.errors import about

#: What the leaderboard is called among the protocols.
LEADERBOARD = "leaderboard"


def report_protocol(project, report: Report) -> Protocol:
    """Return what is trained for a report under the budget of a project."""
    budget = report_budget(project, report)
    _check_rates(report, project.inventory.sample_rate)
    systems = {
        name: TrainedSystem(
            class_name=system["class"],
            inputs=system["inputs"],
            options=_options(project, system["class"], system["options"], budget),
            pools=pools_of(project.plan, report, name),
            roles=system.get("train_on", ["train"]),
        )
        for name, system in report.spec["systems"].items()
    }
    split = report.spec["split"]
    return Protocol(report.key, split, systems, project.plan.pools[report.key], budget["seeds"])


def report_budget(project, report: Report) -> dict:
    """Return the budget of a project under a report's own limits."""
    return _budget(project, report.limits)


def leaderboard_protocol(project) -> Protocol:
    """Return what is trained for the leaderboard of a project."""
    ranking, ids = project.ranking, project.configuration["leaderboard"]["ids"]
    pools = {entry.name: entry.pools(ranking.units, ids) for entry in ranking.entries}
    systems = {
        entry.name: TrainedSystem(
            class_name=entry.class_name,
            inputs=entry.inputs,
            options=_options(
                project, entry.class_name, entry.options, _entry_budget(project, entry)
            ),
            pools=pools[entry.name],
            kinds=entry.scores,
        )
        for entry in ranking.entries
    }
    every = {path: units for own in pools.values() for path, units in own.items()}
    seeds = project.configuration["leaderboard"]["seeds"]
    split = {"scheme": split_of(project.inventory)}
    return Protocol(LEADERBOARD, split, systems, every, seeds, seeds_together=True)


def _options(project, class_name: str, options: Mapping, budget: dict) -> dict:
    """Return the options of a system for the recordings and the budget of a project."""
    given = at_rate(class_name, options, project.inventory.sample_rate)
    return scaled_options(class_name, given, budget)


def _entry_budget(project, entry: Entry) -> dict:
    return _budget(project, entry.limits)


def _budget(project, limits: Mapping) -> dict:
    given = project.configuration
    return budget_of(limits, given["budgets"], given["budget"])


def _check_rates(report: Report, rate: int) -> None:
    """Raise a UserError for what cannot be of recordings with so many samples per second."""
    with about(f"{report.folder}/report.yaml"):
        for name, given in report.spec["features"].items():
            with about(f"features.{name}"):
                check_feature_rate(given, rate)
        for name, system in report.spec["systems"].items():
            with about(f"systems.{name}.options"):
                check_system_rate(system["class"], system["options"], rate)
