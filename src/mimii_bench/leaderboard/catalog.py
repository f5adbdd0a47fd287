"""The systems by the names under which the leaderboard ranks them, whole, without a project.

`leaderboard.yaml` and the reports that it names say everything of a system: its class, what it
hears and its options. What trains a system outside the workflow finds it here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from mimii_bench.audio.mixes import channels_needed
from mimii_bench.corpus.definitions import unit_definitions
from mimii_bench.corpus.mimii import MIMII
from mimii_bench.leaderboard.entries import Entry, load_entries, named_reports, own_features
from mimii_bench.reports.report import Report, load_report, shared_features
from mimii_bench.util import plugins
from mimii_bench.util.checkout import find_checkout
from mimii_bench.util.errors import UserError
from mimii_bench.util.option_words import first_paragraph
from mimii_bench.util.schema import read_schema


@dataclass(frozen=True)
class NamedSystem:
    """A system of the leaderboard.

    Attributes
    ----------
    name : str
    summary : str
        What it is, in one line: `what` of leaderboard.yaml, else the beginning of its docstring.
    source : str
        The report that it is of, as that cites itself; else `leaderboard`.
    class_name : str
        As `plugins.load("systems", class_name)` takes it.
    options : dict
        Those that it is given; the others have the defaults of its class.
    inputs : list of {"feature": mapping, "mix": str}
        What it hears: a feature, as `plugins.build` takes it beside the sample rate, of a mix.
    kinds : list of str
        The kinds of score that it is ranked by, the first one first.
    supervised : bool
        Whether abnormal clips train.
    learns : {"id", "label", None}
        What it is told of each training clip; see `System.learns`.
    report : str
        The key of the report, empty for the leaderboard's own.
    """

    name: str
    summary: str
    source: str
    class_name: str
    options: dict
    inputs: list[dict]
    kinds: list[str]
    supervised: bool
    learns: str | None
    report: str

    @property
    def channels_needed(self) -> int:
        """How many channels a recording must have."""
        return channels_needed(source["mix"] for source in self.inputs)


def named_systems() -> dict[str, NamedSystem]:
    """Return all systems of the leaderboard, by name, in its order.

    Raises
    ------
    UserError
        For what is wrong in the leaderboard or a report that it names.
    """
    return dict(_systems(find_checkout().folder))


def find_system(name: str) -> NamedSystem:
    """Return the system called `name`; raises UserError that names close ones where none is."""
    known = named_systems()
    if name in known:
        return known[name]
    close = get_close_matches(name, known, n=3, cutoff=0.5)
    there = f"did you mean {' or '.join(close)}?" if close else f"there are {', '.join(known)}"
    raise UserError(f"{name!r} is no system; {there} (mimii-bench systems lists them)")


def systems_file() -> Path:
    """Return the file that names them."""
    return _file(find_checkout().folder)


def _file(root: Path) -> Path:
    return root / "leaderboard/leaderboard.yaml"


@cache
def _systems(root: Path) -> Mapping[str, NamedSystem]:
    path = _file(root)
    schema = read_schema(root, "report", unit_definitions(MIMII))
    keys = sorted(named_reports(path))
    reports = {key: load_report(root / "reports" / key, schema) for key in keys}
    entries = load_entries(path, read_schema(root, "leaderboard"), reports)
    features = shared_features(list(reports.values()), own_features(path))
    return {entry.name: _named(entry, features, reports) for entry in entries}


def _named(entry: Entry, features: Mapping, reports: Mapping[str, Report]) -> NamedSystem:
    found = plugins.load("systems", entry.class_name)
    inputs = [
        {"feature": dict(features[source["feature"]]), "mix": source["mix"]}
        for source in entry.inputs
    ]
    return NamedSystem(
        name=entry.name,
        summary=entry.what or first_paragraph(found),
        source=reports[entry.report].spec["source"] if entry.report else "leaderboard",
        class_name=entry.class_name,
        options=dict(entry.options),
        inputs=inputs,
        kinds=list(entry.scores),
        supervised=entry.supervised,
        learns=getattr(found, "learns", None),
        report=entry.report,
    )
