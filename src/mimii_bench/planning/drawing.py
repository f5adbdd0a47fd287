"""What each figure of a report is drawn from."""

from collections.abc import Iterator
from functools import cached_property

from mimii_bench.figures.plan import FigurePart, PlannedFigure, plan_figures
from mimii_bench.util.errors import UserError
from mimii_bench.util.plugins import place_of

#: What a picture's note calls the corpus.
CORPUS_NAMES = {
    "simulated": "simulated recordings",
    "mimii": "MIMII recordings",
    "dcase2020": "DCASE 2020 recordings",
    "own": "own recordings",
}
#: Files that lie in the folder of a training job.
_OF_TRAININGS = {"folder", "history", "weights", "description"}


class Drawing:
    """The figures of all reports of a project, and the files that they are drawn from."""

    def __init__(self, project):
        self._project, self._paths = project, project.paths

    @cached_property
    def _planned(self) -> tuple[dict[str, dict[str, PlannedFigure]], list[tuple[str, str]]]:
        """{report: {name: figure}}, and (report, what) for those that the corpus rules out."""
        planned, missing = {}, []
        for key, report in self._project.reports.items():
            planned[key], lacking = plan_figures(report, self._project.plan.pools[key])
            missing += [(key, what) for what in lacking.values()]
        return planned, missing

    @property
    def missing(self) -> list[tuple[str, str]]:
        """Which figures the corpus rules out: (report, what)."""
        return self._planned[1]

    def paths(self) -> list[str]:
        """Return every picture that the corpus allows, as a PNG and as an SVG."""
        planned, _ = self._planned
        return [
            pattern.format(report=key, figure=name)
            for key, figures in planned.items()
            for name in figures
            for pattern in (self._paths.figure, self._paths.figure_svg)
        ]

    def figure(self, wildcards) -> PlannedFigure:
        """Return a figure by its report and name."""
        try:
            return self._planned[0][wildcards.report][wildcards.figure]
        except KeyError:
            raise UserError(
                f"{wildcards.report}: no figure {wildcards.figure} can be drawn"
            ) from None

    def spec(self, wildcards) -> dict:
        """Return what a figure is: its plot, the kind of its parts, options and caption."""
        figure = self.figure(wildcards)
        return {key: getattr(figure, key) for key in ("plot", "kind", "options", "caption")}

    def stands_on(self, wildcards) -> list[str]:
        """Return the fingerprints of what a figure shows."""
        figure, fingerprints = self.figure(wildcards), self._project.fingerprints
        if figure.kind == "tables":
            return [fingerprints.report(wildcards)]
        shown = {part.spec["system"] for part in figure.parts if "system" in part.spec}
        found = [fingerprints.of_system(wildcards.report, system) for system in sorted(shown)]
        for part in figure.parts:
            if figure.kind == "stores":
                found.append(fingerprints.store(part.spec, part.units[:1]))
            if figure.kind == "recordings":
                found.append(fingerprints.recordings(part.units[:1]))
        return found

    def inputs(self, wildcards) -> list[str]:
        """Return every file that a figure is drawn from."""
        figure = self.figure(wildcards)
        found: list[str] = []
        for part in figure.parts:
            made = self._made(wildcards.report, figure.kind, part)
            found += [path for files in made for path in ([files] if type(files) is str else files)]
        return found

    def _made(self, report: str, kind: str, part: FigurePart) -> Iterator[str | list[str]]:
        """Yield what rules make of all that one part is drawn from: of a training, its job."""
        files = self._files(report, kind, part)
        if kind in ("scores", "histories", "models"):
            pattern = self._paths.scores if kind == "scores" else self._paths.models
            system = part.spec["system"]
            yield self._project.trainings.folder(pattern, report, system, part.pool)
        if kind == "recordings":
            yield self._project.corpus_files.files(part.units[0])
        yield from (files[name] for name in sorted(files.keys() - _OF_TRAININGS))

    def parts(self, wildcards) -> list[dict]:
        """Return each part of a figure, with all that its reader takes."""
        figure = self.figure(wildcards)
        return [
            part.spec
            | self._settings(figure.kind, part)
            | self._files(wildcards.report, figure.kind, part)
            for part in figure.parts
        ]

    def _files(self, report: str, kind: str, part: FigurePart) -> dict[str, str | list[str]]:
        """Return the files of one part of a figure, by the names that its reader takes."""
        if kind == "stores":
            return {"store": self._project.feature_files.store(part.spec, part.units[0])}
        if kind == "recordings":
            return {"index": self._project.split_files.index(part.units[0])}
        if kind == "tables":
            return {"long": self._paths.long.format(report=report)}
        system = part.spec["system"]
        if kind == "scores":
            trained = self._project.trainings.trained(self._paths.scores, report, system)
            return {"folder": trained[part.pool][0]}
        model = self._project.tables.first_model(report, system, part.pool)
        if kind == "histories":
            return {"history": model["history"]}
        return {
            "weights": model["weights"],
            "description": model["description"],
            "split": self._paths.split.format(protocol=report, pool=part.pool),
            "stores": self._project.feature_files.stores(part.spec["inputs"], part.units[:1]),
        }

    def _settings(self, kind: str, part: FigurePart) -> dict:
        """Return what else the reader of one part takes from the configuration."""
        settings: dict = {"units": [tuple(unit) for unit in part.units]}
        if kind in ("stores", "models"):
            inputs = part.spec.get("inputs", [part.spec])
            settings["features"] = self._project.feature_files.described(inputs)
        if kind == "recordings":
            corpus = self._project.corpus
            settings["corpus"] = [corpus.reference, str(corpus.folder)]
        return settings

    def code(self, wildcards) -> Iterator[str]:
        """Yield where the code stands that draws a figure, by the names in its report."""
        figure = self.figure(wildcards)
        yield f"mimii_bench.figures.from_{figure.kind}"
        yield place_of("figures", figure.plot).root
        for part in figure.parts:
            if "class" in part.spec:
                yield place_of("systems", part.spec["class"]).root
            if "threshold" in part.spec:
                yield place_of("evaluation", part.spec["threshold"]["class"]).root
            for source in [part.spec, *part.spec.get("inputs", [])]:
                if "feature" in source:
                    (feature,) = self._project.feature_files.described([source])
                    yield place_of("features", feature["class"]).root

    def note(self, wildcards) -> str:
        """Return the line above a figure: its recordings and, of trained systems, the budget."""
        is_sound = self.figure(wildcards).kind in ("stores", "recordings")
        budget = self._project.configuration["budget"]
        corpus = CORPUS_NAMES[self._project.inventory.corpus]
        return corpus if is_sound else f"{corpus}, budget {budget}"
