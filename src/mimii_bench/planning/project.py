"""A project: what a configuration asks for, on what the corpus holds, as jobs and their files.

The rules of the workflow ask it for their inputs and parameters; it runs nothing and knows no
workflow engine. `wildcards` are those of a rule: any object with attributes of their names.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace

from mimii_bench.corpus.catalog import configured
from mimii_bench.corpus.definitions import unit_definitions
from mimii_bench.corpus.inventory import archives_needed
from mimii_bench.corpus.location import description_named_by
from mimii_bench.leaderboard.entries import Entry, load_entries, named_reports, own_features
from mimii_bench.leaderboard.fusions import load_fusions
from mimii_bench.leaderboard.rules import Fusion, ThresholdRule
from mimii_bench.leaderboard.threshold_rules import load_threshold_rules
from mimii_bench.planning import configuration
from mimii_bench.planning.batches import Batches
from mimii_bench.planning.code import Code
from mimii_bench.planning.corpus_files import CorpusFiles
from mimii_bench.planning.drawing import Drawing
from mimii_bench.planning.feature_files import FeatureFiles
from mimii_bench.planning.fingerprints import Fingerprints
from mimii_bench.planning.listening import Listening
from mimii_bench.planning.overview import Overview
from mimii_bench.planning.page import Page
from mimii_bench.planning.paths import Paths, from_here
from mimii_bench.planning.plan import Plan, make_plan, units_used
from mimii_bench.planning.protocols import (
    LEADERBOARD,
    leaderboard_protocol,
    report_budget,
    report_protocol,
)
from mimii_bench.planning.ranking import Ranking
from mimii_bench.planning.report_tables import ReportTables
from mimii_bench.planning.reserved import Reserved
from mimii_bench.planning.split_files import SplitFiles
from mimii_bench.planning.trainings import Trainings
from mimii_bench.reports.missing import folded
from mimii_bench.reports.report import Report, load_report, shared_features
from mimii_bench.util.errors import UserError
from mimii_bench.util.schema import read_schema

#: In the place of reports where only the leaderboard is asked for.
NO_REPORT = "none"


class Project:
    """One run of the workflow, planned.

    Parameters
    ----------
    root : path
        The folder of the project: of its config.yaml, reports, leaderboard and schemas.
    given : mapping
        The configuration, as far as it differs from the project's config.yaml.

    Raises
    ------
    UserError
        For what is wrong in the configuration, a report or the leaderboard, and for a corpus that
        is not there; in one line that names the file and what is allowed.
    """

    def __init__(self, root: Path, given: Mapping):
        self.root = root
        _check_library(root)
        self._names = unit_definitions(description_named_by(given))
        self.configuration = configuration.complete(root, given, self._names)
        self.paths = Paths(configuration.results_folder(self.configuration))
        self.corpus = configured(self.configuration, Path(self.paths.results))
        self.inventory = self.corpus.inventory()

    # What is asked for.

    @property
    def _named(self) -> list[str]:
        """The reports that are asked for, as the configuration has them."""
        return [name for name in self.configuration["reports"] if name != NO_REPORT]

    @cached_property
    def known_reports(self) -> dict[str, Report]:
        """The reports of the project that the run or the leaderboard names, by key.

        What is wrong in another one stops nothing.
        """
        folders = sorted(path.parent for path in (self.root / "reports").glob("*/report.yaml"))
        named = {*self._named, *named_reports(self._leaderboard_file)}
        return {folder.name: self._load(folder) for folder in folders if folder.name in named}

    @cached_property
    def reports(self) -> dict[str, Report]:
        """The reports that are asked for, by key: those of the project, and folders anywhere."""
        found: dict[str, Report] = {}
        for name in self._named:
            one = self._report(name)
            if one.key == LEADERBOARD:
                raise UserError(f"config.yaml: reports: {name}: no report may be called so; rename")
            if found.setdefault(one.key, one) is not one:
                raise UserError(f"config.yaml: reports: two are called {one.key}; rename a folder")
        return found

    @property
    def all_reports(self) -> dict[str, Report]:
        """The reports that are asked for, and those that the leaderboard names."""
        for key, report in self.reports.items():
            if self.known_reports.get(key, report) is not report:
                raise UserError(
                    f"config.yaml: reports: {report.folder} is called as the project's {key}, "
                    "which the leaderboard names; rename the folder"
                )
        return {**self.known_reports, **self.reports}

    def _report(self, name: str) -> Report:
        if "/" not in name:
            return self.known_reports.get(name) or self._load(self.root / "reports" / name)
        here = Path(name)
        return self._load(here if here.is_dir() else self.root / name)

    def _load(self, folder: Path) -> Report:
        return load_report(Path(from_here(folder)), self._report_schema)

    @cached_property
    def _report_schema(self) -> dict:
        return read_schema(self.root, "report", self._names)

    @cached_property
    def plan(self) -> Plan:
        """The pools of every report, and what is missing."""
        return make_plan(list(self.reports.values()), self.inventory)

    @cached_property
    def entered(self) -> list[Entry]:
        """Who is entered in the leaderboard."""
        schema = read_schema(self.root, "leaderboard")
        return load_entries(self._leaderboard_file, schema, self.all_reports)

    @cached_property
    def named_fusions(self) -> list[Fusion]:
        """The fusions that the leaderboard names."""
        schema = read_schema(self.root, "leaderboard")
        return load_fusions(self._leaderboard_file, schema, self.entered)

    @cached_property
    def threshold_rules(self) -> list[ThresholdRule]:
        """The thresholds whose false alarms the leaderboard counts."""
        return load_threshold_rules(self._leaderboard_file, read_schema(self.root, "leaderboard"))

    @property
    def _leaderboard_file(self) -> Path:
        return Path(from_here(self.root / "leaderboard/leaderboard.yaml"))

    # What follows from it, room by room.

    @cached_property
    def corpus_files(self) -> CorpusFiles:
        """Where the recordings are, and how jobs notice that they changed."""
        return CorpusFiles(self.corpus, self.paths)

    @cached_property
    def feature_files(self) -> FeatureFiles:
        """Mixes and feature stores."""
        reports = list(self.all_reports.values())
        known = shared_features(reports, own_features(self._leaderboard_file))
        return FeatureFiles(known, self.configuration["on_the_fly"], self.paths)

    @cached_property
    def ranking(self) -> Ranking:
        """The leaderboard."""
        return Ranking(self)

    @cached_property
    def trainings(self) -> Trainings:
        """The training jobs of the reports and of the leaderboard."""
        reports = [report_protocol(self, report) for report in self.reports.values()]
        protocols = [*reports, leaderboard_protocol(self)]
        return Trainings(protocols, self.configuration, self.feature_files, self.paths)

    @cached_property
    def batches(self) -> Batches:
        """What one job of the stages before training makes."""
        return Batches(self)

    @cached_property
    def reserved(self) -> Reserved:
        """The memory that trainings are given."""
        return Reserved(self)

    @cached_property
    def split_files(self) -> SplitFiles:
        """Split manifests."""
        return SplitFiles(self.trainings, self.paths)

    @cached_property
    def tables(self) -> ReportTables:
        """What the tables of reports are made of."""
        return ReportTables(self)

    @cached_property
    def drawing(self) -> Drawing:
        """What figures are drawn from."""
        return Drawing(self)

    @cached_property
    def listening(self) -> Listening:
        """The clips that are heard on the page."""
        return Listening(self)

    @cached_property
    def overview(self) -> Overview:
        """The pictures of the run as a whole."""
        return Overview(self)

    @cached_property
    def page(self) -> Page:
        """What the page of the run is made of."""
        return Page(self)

    @cached_property
    def code(self) -> Code:
        """The code that rules run."""
        return Code(self)

    @cached_property
    def fingerprints(self) -> Fingerprints:
        """What final targets stand on."""
        return Fingerprints(self)

    # What is asked of all of it.

    @property
    def _inputs(self) -> list:
        """Pairs of a system's input and a unit, of all reports."""
        return [pair for key in self.reports for pair in self.trainings.protocols[key].inputs]

    def stores(self) -> list[str]:
        """Return every feature store that the reports need."""
        return self.feature_files.all_stores(self._inputs)

    def mixes(self) -> list[str]:
        """Return every mix that the reports need."""
        return self.feature_files.mixes(self._inputs)

    def reported(self) -> list[str]:
        """Return the long table of every report, and the splits, models and scores below."""
        asked = [SimpleNamespace(report=key) for key in self.reports]
        return [path for wildcards in asked for path in self.tables.with_trainings(wildcards)]

    def kept(self) -> list[str]:
        """Return the mixes that a run makes to be kept, if it is to."""
        return self.mixes() if self.corpus.keep_mixes else []

    def wildcards(self) -> dict[str, str]:
        """Return the regular expression of every wildcard of the rules."""
        return {
            **self.corpus.wildcards,
            "mix": r"mono|ch\d+(-ch\d+)?",
            "feature": _one_of(self.feature_files.by_name),
            "protocol": _one_of(self.trainings.protocols),
            "pool": _one_of(self.trainings.pools()),
            "system": "[a-z0-9_]+",
            "job": _one_of(self.trainings.paths()),
            "report": _one_of(self.reports),
            "figure": "[a-z0-9_]+",
            "picture": _one_of(self.overview.names()),
        }

    def environment(self, given: Mapping[str, str]) -> dict[str, str]:
        """Return what jobs need beside the variables that are `given`.

        That is where the library is: a conda environment has none of its own.
        """
        library = str(Path(__file__).parents[2])
        known = given.get("PYTHONPATH", "").split(os.pathsep)
        return {"PYTHONPATH": os.pathsep.join([library, *filter(None, known)])}

    @property
    def missing(self) -> list[tuple[str, str]]:
        """What the corpus does not allow: (report, what)."""
        return [*self.plan.missing, *self.drawing.missing]

    def announcements(self) -> list[str]:
        """Return what is to be said before the first job, a line each.

        Raises
        ------
        UserError
            A download does not fit on the disk, or what is planned to be read is not there.
        """
        if self.inventory.absent:
            raise UserError(self.inventory.absent)
        download = self.corpus.announced_download(units_used(self.plan))
        return [
            *(f"missing for {one.whose}: {one.what}" for one in folded(self.missing)),
            *self.inventory.unused,
            *self._unused_units(),
            *self._shortened(),
            *filter(None, [download]),
        ]

    def planned_without(self) -> list[str]:
        """Return what is said of a plan for recordings that are not there, a line each."""
        if not self.inventory.absent:
            return []
        names = archives_needed(units_used(self.plan))
        return [
            f"planned as if the published zips were there, which a run needs ({', '.join(names)}): "
            f"{self.inventory.absent}"
        ]

    def _unused_units(self) -> Iterator[str]:
        """Yield what of a corpus that lies there no report uses, a line for each machine."""
        units = [] if self.corpus.simulated else self.inventory.units
        for machine in sorted({unit.machine for unit in units}):
            own = [unit for unit in units if unit.machine == machine]
            unused = [
                unit
                for unit in own
                if not any(report.selects(unit) for report in self.reports.values())
            ]
            if len(unused) == len(own):
                yield f"{machine}: no report uses it; name it under units in a report.yaml"
            elif unused:
                some = f"{len(unused)} of its {len(own)} units, e.g. {unused[0].path}"
                yield f"{machine}: no report uses {some}; name them under units in a report.yaml"

    def _shortened(self) -> Iterator[str]:
        """Yield which reports train for fewer steps than the budget has, by their own limit."""
        budget = self.configuration["budget"]
        given = self.configuration["budgets"][budget]["max_steps"]
        own = {key: report_budget(self, one) for key, one in self.reports.items()}
        fewer = [
            f"{key} after {one['max_steps']}{_of_examples(one)}"
            for key, one in own.items()
            if one["max_steps"] != given
        ]
        if fewer:
            yield (
                f"trainings end after fewer steps than {given}: {', '.join(fewer)}, the limit of "
                f"budgets.{budget} in report.yaml; take it away, or raise that of config.yaml"
            )


def _one_of(names: Iterable[str]) -> str:
    return "|".join(map(re.escape, names))


def _of_examples(budget: Mapping) -> str:
    return f" of {budget['batch_size']} examples at most" if "batch_size" in budget else ""


def _check_library(root: Path) -> None:
    """Raise a UserError where the library is that of another checkout than the rules are."""
    own, used = root / "src/mimii_bench", Path(__file__).parents[1]
    if own.is_dir() and not own.samefile(used):
        raise UserError(
            f"{root}: its rules would run the library of {used}; install its own "
            f"(pip install --no-deps --editable {root}) or set PYTHONPATH to its src"
        )
