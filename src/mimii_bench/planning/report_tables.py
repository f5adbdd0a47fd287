"""What the tables of a report are made of."""

from pathlib import Path
from types import SimpleNamespace

from mimii_bench.planning.paths import from_here
from mimii_bench.planning.protocols import report_budget
from mimii_bench.training.folder import DESCRIPTION, HISTORY, WEIGHTS


class ReportTables:
    """The inputs and settings of the tables of every report of a project."""

    def __init__(self, project):
        self._project, self._paths = project, project.paths

    def _report(self, wildcards):
        return self._project.reports[wildcards.report]

    def published(self, wildcards) -> str | list:
        """Return the file of a report's printed numbers, where it has any."""
        path = self._report(wildcards).published
        return str(path) if path else []

    def scores(self, wildcards) -> list[str]:
        """Return the score folders of all jobs of a report."""
        return self._project.trainings.scores(wildcards.report)

    def score_folders(self, wildcards) -> dict[str, list[list[str]]]:
        """Return a report's scores by system, pool and seed: {system: [[folder of each seed]]}."""
        trainings = self._project.trainings
        return {
            system: list(trainings.trained(self._paths.scores, wildcards.report, system).values())
            for system in self._report(wildcards).spec["systems"]
        }

    def models(self, wildcards) -> list[str]:
        """Return the model folders of all jobs of a report."""
        return self._project.trainings.models(wildcards.report)

    def descriptions(self, wildcards) -> dict[str, str]:
        """Return the description of one trained model of each of a report's systems."""
        return {
            system: self.first_model(wildcards.report, system)["description"]
            for system in self._report(wildcards).spec["systems"]
            if self._project.trainings.protocols[wildcards.report].systems[system].pools
        }

    def first_model(self, report: str, system: str, pool: str | None = None) -> dict[str, str]:
        """Return the files of the first training of a system on a pool, else on its first one."""
        found = self._project.trainings.trained(self._paths.models, report, system)
        folder = found[pool or next(iter(found))][0]
        return model_files(folder)

    def splits(self, wildcards) -> list[str]:
        """Return the manifests of all pools of a report."""
        name = wildcards.report
        pools = self._project.trainings.protocols[name].pools
        return [self._paths.split.format(protocol=name, pool=pool) for pool in pools]

    def with_trainings(self, wildcards) -> list[str]:
        """Return a report's long table and the splits, models and scores that it stands on."""
        table = self._paths.long.format(report=wildcards.report)
        return [
            *self.splits(wildcards),
            *self.models(wildcards),
            *self.scores(wildcards),
            table,
        ]

    def gaps(self) -> list[str]:
        """Return what is missing below tables that are there: a line, or none.

        Snakemake takes a table as up to date when nothing that it was made of has changed, whether
        that is there or not.
        """
        gone: dict[str, list[str]] = {}
        for key in self._project.reports:
            wildcards = SimpleNamespace(report=key)
            tables = self._paths.all_long, self._paths.long.format(report=key)
            if not any(Path(table).exists() for table in tables):
                continue
            lost = [path for path in self.with_trainings(wildcards) if not Path(path).exists()]
            if lost:
                gone[key] = lost
        if not gone:
            return []
        files = [path for lost in gone.values() for path in lost]
        return [
            f"{', '.join(gone)}: tables are there, but not all that they were made of: "
            f"{len(files)} missing, e.g. {files[0]}; make them again: snakemake reports all"
        ]

    def spec(self, wildcards) -> dict:
        """Return what a report's tables depend on of its report.yaml."""
        spec = self._report(wildcards).spec
        keys = ("corpora", "runs", "units", "pool", "evaluation", "tables", "claims")
        taught = {
            name: {"supervised": system.get("supervised", False)}
            for name, system in spec["systems"].items()
        }
        return {"systems": taught, **{key: spec[key] for key in keys if key in spec}}

    def budget(self, wildcards) -> dict:
        """Return the budget of a report."""
        return report_budget(self._project, self._report(wildcards))

    def thresholds(self, wildcards) -> list[str]:
        """Return the classes of the thresholds that a report's tables use."""
        evaluation = self._report(wildcards).spec.get("evaluation", {})
        ways = [evaluation.get("default", {}), *evaluation.get("variants", {}).values()]
        return sorted({way["threshold"]["class"] for way in ways if "threshold" in way})

    def all_of(self, pattern: str) -> list[str]:
        """Return the file of every report that a pattern of paths names."""
        return [pattern.format(report=key) for key in self._project.reports]

    def audited(self, name: str) -> list[str]:
        """Return the files called `name` of all reports of the project."""
        return sorted(map(from_here, (self._project.root / "reports").glob(f"*/{name}")))


def model_files(folder: str) -> dict[str, str]:
    """Return the files of one training by what they are."""
    names = {"weights": WEIGHTS, "description": DESCRIPTION, "history": HISTORY}
    return {what: str(Path(folder, name)) for what, name in names.items()}
