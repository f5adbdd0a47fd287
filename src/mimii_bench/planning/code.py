"""The code that each rule runs, as a parameter of the rule: an edit of it is a change."""

from functools import cache
from hashlib import blake2b
from pathlib import Path

from mimii_bench.corpus.simulate import model_module
from mimii_bench.splits.base import plugin_name
from mimii_bench.training.code import SCORING, TELLING, fitting_code, scoring_code
from mimii_bench.util.plugins import place_of
from mimii_bench.util.source import digest


class Code:
    """Digests of what the scripts of a project's rules run.

    The door of trainings scores as well; what it runs for that is left to the digest of scoring.
    """

    def __init__(self, project):
        self._project = project
        self._scripts: Path = project.root / "workflow/scripts"
        self._halves = cache(self._halves_of)

    def of(self, script: str, *roots: str) -> str:
        """Return the digest of a script and of what it runs; `roots` are found by name in there."""
        return digest(*roots, script=self._scripts / f"{script}.py")

    def simulate(self, wildcards) -> str:
        """Return the code that simulates a machine."""
        return self.of("simulate", model_module(wildcards.machine))

    def feature(self, wildcards) -> str:
        """Return the code that computes a feature."""
        given = self._project.feature_files.by_name[wildcards.feature]
        return self.of("feature_store", place_of("features", given["class"]).root)

    def split(self, wildcards) -> str:
        """Return the code that splits a pool."""
        scheme = self._project.split_files.split(wildcards)["scheme"]
        return self.of("split", place_of("splits", plugin_name(scheme)).root)

    def fitting(self, wildcards) -> list[str]:
        """Return the code that makes the models of a job."""
        return list(self._halves(wildcards.protocol, wildcards.system)[0])

    def scoring(self, wildcards) -> list[str]:
        """Return the code that scores by the models of a job."""
        return list(self._halves(wildcards.protocol, wildcards.system)[1])

    def _halves_of(self, protocol: str, system: str) -> tuple[list[str], list[str]]:
        """Return the code of the two halves of a system's jobs, which is the same for all."""
        job = next(iter(self._project.trainings.of_system(protocol, system).values()))
        return (
            [fitting_code(job), self._door("fit_and_score", SCORING, TELLING)],
            [scoring_code(job), self._door("score", TELLING)],
        )

    def _door(self, script: str, *without: str) -> str:
        return digest(script=self._scripts / f"{script}.py", without=without)

    def tables(self, wildcards) -> str:
        """Return the code that makes the tables of a report."""
        thresholds = self._project.tables.thresholds(wildcards)
        return self.of("report_tables", *(place_of("evaluation", name).root for name in thresholds))

    def leaderboard(self) -> str:
        """Return the code that makes the tables of the leaderboard."""
        rules = self._project.threshold_rules
        names = dict.fromkeys(rule.threshold["class"] for rule in rules)
        return self.of("leaderboard", *(place_of("evaluation", name).root for name in names))

    def page(self) -> list[str]:
        """Return the code of the page, with the templates, style and script that it fills in."""
        folder = Path(__file__).parents[1] / "page/templates"
        contents = sorted((path.name, path.read_text()) for path in folder.iterdir())
        return [self.of("page"), blake2b(repr(contents).encode(), digest_size=16).hexdigest()]

    def listening(self, wildcards) -> str:
        """Return the code that makes a listening room."""
        return self.of("listening", *self._project.listening.code(wildcards))

    def figure(self, wildcards) -> str:
        """Return the code that draws a figure."""
        return self.of("figure", *self._project.drawing.code(wildcards))

    def overview(self, wildcards) -> str:
        """Return the code that draws a picture of the whole run."""
        return self.of("figure", *self._project.overview.code(wildcards))
