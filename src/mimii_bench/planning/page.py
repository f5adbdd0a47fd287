"""What the page of a run is made of, beside the tables."""

from pathlib import Path

from mimii_bench.planning.drawing import CORPUS_NAMES
from mimii_bench.planning.paths import Paths

#: Tables of the leaderboard by what the page calls them.
_LEADERBOARD = ("leaderboard", "leaderboard_units", "leaderboard_times", "leaderboard_differences")
#: The run of config/leaderboard.yaml, which has more recordings of the same simulation.
_RUN = "leaderboard"
#: Of report.yaml, what the page tells of a report.
_OF_REPORT = ("title", "source", "authors", "year", "story")


class Page:
    """The inputs and parameters of the page of a project.

    What is no part of every run, the leaderboard and figures, is shown where it lies there: it is a
    fact of the page and no input, or the page would ask for it.
    """

    def __init__(self, project):
        self._project, self._paths = project, project.paths

    def inputs(self) -> list[str]:
        """Return the tables and the listening rooms that every page is made of."""
        return [*self._tables().values(), *self._project.listening.folders()]

    def _tables(self) -> dict[str, str]:
        paths = self._paths
        return {
            "all": paths.all_long,
            "claims": paths.all_claims,
            "missing": paths.missing,
            "audit": paths.audit,
        }

    def files(self) -> dict[str, str]:
        """Return the files that the page reads, by what they are."""
        ranked = self._ranked()
        further = {name: getattr(ranked, name) for name in _LEADERBOARD}
        return {
            **self._tables(),
            **further,
            "benchmarks": f"{self._paths.results}/benchmarks",
        }

    def _ranked(self) -> Paths:
        """Return the paths of the run whose leaderboard is shown: this one, or that beside it."""
        other = Paths(f"{self._project.configuration['results'].rstrip('/')}/{_RUN}")
        mine = Path(self._paths.leaderboard).exists()
        if mine or not self._project.corpus.simulated or not Path(other.leaderboard).exists():
            return self._paths
        return other

    def stands_on(self) -> list:
        """Return the fingerprints of what the page shows."""
        fingerprints, tables = self._project.fingerprints, self._project.tables
        audited = [*tables.audited("published.csv"), *tables.audited("audit.yaml")]
        ranked = [path for path in [self._ranked().leaderboard] if Path(path).exists()]
        return [
            fingerprints.reports(None),
            fingerprints.contents(audited),
            self._project.code.of("audit"),
            fingerprints.contents(ranked),
        ]

    def facts(self) -> dict:
        """Return what the page says of the run that no table holds."""
        return {
            "corpus": self._corpus(),
            "budget": self._budget(),
            "reports": [self._report(key) for key in self._project.reports],
            "listening": self._listening(),
            "leaderboard": {
                "folder": self._ranked().results,
                "is_ours": self._ranked().results == self._paths.results,
            },
        }

    def _corpus(self) -> dict:
        inventory, configuration = self._project.inventory, self._project.configuration
        clips = [clip for own in inventory.units.values() for clip in own]
        names = {
            f"{field}s": list(dict.fromkeys(getattr(unit, field) for unit in inventory.units))
            for field in ("machine", "snr", "id")
        }
        simulated = inventory.corpus == "simulated"
        return {
            "name": inventory.corpus,
            "called": CORPUS_NAMES[inventory.corpus],
            "simulated": simulated,
            "seed": configuration["simulated"]["seed"] if simulated else None,
            **names,
            "units": len(inventory.units),
            "normal": sum(clip.label == "normal" for clip in clips),
            "abnormal": sum(clip.label == "abnormal" for clip in clips),
            "channels": inventory.channels,
            "sample_rate": inventory.sample_rate,
            "seconds": inventory.samples and inventory.samples / inventory.sample_rate,
            "own_because": inventory.own_because,
        }

    def _budget(self) -> dict:
        configuration = self._project.configuration
        name = configuration["budget"]
        return {
            "name": name,
            **configuration["budgets"][name],
            "leaderboard_seeds": configuration["leaderboard"]["seeds"],
            "device": configuration["device"],
            "threads": configuration["threads_per_job"],
        }

    def _listening(self) -> dict:
        """Return the listening rooms, with their places seen from the page."""
        facts, below = self._project.listening.facts(), Path(self._paths.page).parent
        places = [Path(folder).relative_to(below).as_posix() for folder in facts["rooms"]]
        return {**facts, "places": places}

    def _report(self, key: str) -> dict:
        report = self._project.reports[key]
        spec = report.spec
        tables = {
            name: {field: table.get(field) for field in ("caption", "comparable", "reason")}
            for name, table in spec["tables"].items()
        }
        return {
            "key": key,
            **{field: spec.get(field) for field in _OF_REPORT},
            "tables": tables,
            "supervised": [n for n, one in spec["systems"].items() if one.get("supervised")],
            "claims": [self._claim(claim) for claim in spec.get("claims", [])],
            "figures": self._figures(key, spec.get("figures", {})),
            "asked_figures": len(spec.get("figures", {})),
        }

    def _claim(self, claim: dict) -> dict:
        near = claim.get("near")
        return {
            "claim": claim["claim"],
            "place": claim.get("place", ""),
            "tolerance": near[2] if near else None,
        }

    def _figures(self, key: str, figures: dict) -> list[dict]:
        """Return the pictures of a report that lie there, with their places seen from the page."""
        below = Path(self._paths.page).parent
        found = []
        for name, figure in figures.items():
            path = Path(self._paths.figure.format(report=key, figure=name))
            if path.exists():
                place = path.relative_to(below).as_posix()
                found.append({"name": name, "place": place, "caption": figure["caption"]})
        return found
