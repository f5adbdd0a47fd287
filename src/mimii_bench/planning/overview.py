"""Pictures of a whole run, which belong to no report; drawn from its tables alone."""

from functools import cached_property
from types import SimpleNamespace
from typing import NamedTuple

from mimii_bench.figures.base import RECORDS
from mimii_bench.planning.drawing import CORPUS_NAMES
from mimii_bench.util.errors import UserError
from mimii_bench.util.plugins import place_of


class Picture(NamedTuple):
    """A picture of the run: the name of its class, its caption, the tables that it shows.

    `parts` are as `figures.from_records.read` takes them; `reports` are those that it shows, or
    empty for the leaderboard.
    """

    plot: str
    caption: str
    parts: list[dict[str, str]]
    reports: list[str]


class Overview:
    """The pictures of a run as a whole, and the files that they are drawn from."""

    def __init__(self, project):
        self._project, self._paths = project, project.paths

    @cached_property
    def _pictures(self) -> dict[str, Picture]:
        return {**self._of_numbers(), **self._of_claims(), **self._of_leaderboard()}

    def _of_numbers(self) -> dict[str, Picture]:
        keys = self._with("tables")
        parts = [{"table": self._paths.long.format(report=key)} for key in keys]
        caption = (
            "Every printed share that a report's own system gave here too; bars: 95 % interval"
        )
        if not keys:
            return {}
        picture = Picture("published.PublishedAndReproduced", caption, parts, keys)
        return {"published_and_reproduced": picture}

    def _of_claims(self) -> dict[str, Picture]:
        return {
            f"claims_{key}": Picture(
                "forest.Claims",
                f"What {key} claims, and the difference here; right of 0: as claimed",
                [{"table": self._paths.claims.format(report=key)}],
                [key],
            )
            for key in self._with("claims")
        }

    def _of_leaderboard(self) -> dict[str, Picture]:
        paths = self._paths
        made = {
            "leaderboard": (
                "standings.HeatMap",
                paths.leaderboard_units,
                "AUC of every system on every unit",
            ),
            "quality_and_cost": (
                "standings.QualityAndCost",
                paths.leaderboard_times,
                "Quality against cost; numbered as listed, best first; times differ between runs",
            ),
            "critical_differences": (
                "ranks.CriticalDifferences",
                paths.leaderboard_differences,
                "Mean ranks, and which rows' mean AUCs do not surely differ (p < .05 after Holm)",
            ),
        }
        return {
            name: Picture(plot, caption, self._sealed(paths.leaderboard, other), [])
            for name, (plot, other, caption) in made.items()
        }

    def _sealed(self, *tables: str) -> list[dict[str, str]]:
        return [{"table": table, "sums": self._paths.leaderboard_sums} for table in tables]

    def _with(self, section: str) -> list[str]:
        """Return the reports that have clips here and, in report.yaml, such a section."""
        reports, pools = self._project.reports, self._project.plan.pools
        return [key for key, one in reports.items() if one.spec.get(section) and pools[key]]

    def names(self) -> list[str]:
        """Return all pictures."""
        return list(self._pictures)

    def paths(self, leaderboard: bool = False) -> list[str]:
        """Return the files of the pictures of the reports, or of those of the leaderboard."""
        return [
            pattern.format(picture=name)
            for name, picture in self._pictures.items()
            if leaderboard is not bool(picture.reports)
            for pattern in (self._paths.overview, self._paths.overview_svg)
        ]

    def picture(self, wildcards) -> Picture:
        """Return a picture by its name; raises UserError where there is none."""
        try:
            return self._pictures[wildcards.picture]
        except KeyError:
            raise UserError(f"overview: no picture {wildcards.picture} can be drawn") from None

    def spec(self, wildcards) -> dict:
        """Return what a picture is, as `Drawing.spec` does."""
        plot, caption, *_ = self.picture(wildcards)
        return {"plot": plot, "kind": RECORDS, "options": {}, "caption": caption}

    def parts(self, wildcards) -> list[dict[str, str]]:
        """Return each part of a picture, with all that its reader takes."""
        return self.picture(wildcards).parts

    def inputs(self, wildcards) -> list[str]:
        """Return every file that a picture is drawn from."""
        parts = self.parts(wildcards)
        return list(dict.fromkeys(path for part in parts for path in part.values()))

    def stands_on(self, wildcards) -> list:
        """Return the fingerprints of what a picture shows."""
        fingerprints = self._project.fingerprints
        reports = self.picture(wildcards).reports
        if not reports:
            return fingerprints.of_protocol("leaderboard")
        return [fingerprints.report(SimpleNamespace(report=key)) for key in reports]

    def code(self, wildcards) -> list[str]:
        """Return where the code stands that draws a picture."""
        plot = self.picture(wildcards).plot
        return [f"mimii_bench.figures.from_{RECORDS}", place_of("figures", plot).root]

    def note(self, wildcards) -> str:
        """Return the line above a picture: the recordings and the budget."""
        configuration = self._project.configuration
        corpus = CORPUS_NAMES[self._project.inventory.corpus]
        return f"{corpus}, budget {configuration['budget']}"
