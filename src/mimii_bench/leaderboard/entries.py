"""Who takes part: systems of the reports, and systems of the leaderboard's own.

`leaderboard.yaml` says it; a system of a report keeps the class, inputs and options that it has
there.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mimii_bench.audio.mixes import channels_needed
from mimii_bench.corpus.base import LABELS, Clip, Unit
from mimii_bench.corpus.inventory import Inventory
from mimii_bench.leaderboard.row_names import row_name
from mimii_bench.reports.class_checks import check_features, check_system, learns_labels
from mimii_bench.reports.report import Report, with_paths
from mimii_bench.splits.base import load_split, objection
from mimii_bench.splits.manifests import SplitRow
from mimii_bench.systems.base import system_class
from mimii_bench.util import plugins
from mimii_bench.util.documents import read_yaml
from mimii_bench.util.errors import UserError, about
from mimii_bench.util.schema import check

#: The schemes in `mimii_bench.splits` under which all meet: of a set that is split already, and of
#: any other.
SPLIT_OF_PARTS, SPLIT = "given_parts", "half_of_anomalies"
#: What stands for all entries in config.yaml.
ALL_ROWS = "all"
#: What some system cannot train without: neighbours and mixtures want two clips, a classifier of
#: clips wants both labels. All are ranked on the same units, so it is asked of every unit.
LEAST_TRAINING = {"normal": 2, "abnormal": 1}


@dataclass(frozen=True)
class Entry:
    """One system that takes part.

    Attributes
    ----------
    name, class_name, inputs, options
        As a report has them for its systems.
    scores : sequence of str
        The kinds of score that it is ranked by, each a row of its own.
    pool : sequence of str
        The fields in which the units that train together agree.
    supervised : bool
        Whether abnormal clips train.
    report, system : str
        The keys of where it comes from, empty for the leaderboard's own.
    what : str
        In a line, what tells it from others of its class; empty where nobody says.
    limits : mapping
        By budget, limits below those of config.yaml; of a system of a report, those of it.
    lacking : str
        What is missing on this machine to run it; empty where nothing is.
    """

    name: str
    class_name: str
    inputs: Sequence[Mapping[str, str]]
    options: Mapping
    scores: Sequence[str]
    pool: Sequence[str]
    supervised: bool
    report: str
    system: str
    what: str = ""
    limits: Mapping[str, Mapping] = field(default_factory=dict)
    lacking: str = ""

    @property
    def channels_needed(self) -> int:
        """How many channels a recording must have."""
        return channels_needed(source["mix"] for source in self.inputs)

    def pools(self, units: Iterable[Unit], ids: Sequence[str]) -> dict[str, list[Unit]]:
        """Return the pools, by path, that have to be trained to rank the units with one of `ids`.

        A pool holds all of `units` that train together, also those that are not ranked; where it
        is of several ids, there must be two.
        """
        found: dict[str, list[Unit]] = {}
        for unit in units:
            found.setdefault(unit.pool(self.pool), []).append(unit)
        least = 1 if "id" in self.pool else 2
        return {
            path: pool
            for path, pool in found.items()
            if len(pool) >= least and any(unit.id in ids for unit in pool)
        }


def load_entries(path: Path, schema: dict, reports: Mapping[str, Report]) -> list[Entry]:
    """Read and check `leaderboard.yaml`.

    Parameters
    ----------
    path : path
    schema : mapping
        The JSON schema of leaderboard.yaml.
    reports : {key: Report}
        Those whose systems may take part.

    Raises
    ------
    UserError
        That names the file and what is wrong.
    """
    spec = with_paths(read_yaml(path), path.parent)
    check(spec, schema, str(path))
    features = list(spec.get("features", {}))
    features += [name for report in reports.values() for name in report.spec["features"]]
    with about(str(path)):
        check_features(spec.get("features", {}))
        return [_entry(name, given, reports, features) for name, given in spec["systems"].items()]


def _entry(
    name: str, given: Mapping, reports: Mapping[str, Report], features: Sequence[str]
) -> Entry:
    report = given.get("report", "")
    for key in ("class", "inputs", "budgets"):
        if report and key in given:
            raise UserError(f"systems.{name}: {key} is that of {report}; take it away, or report")
    system = dict(_system(name, given, reports) if report else given)
    system["options"] = {**system["options"], **given.get("options", {})}
    check_system(f"systems.{name}", system, features)
    return Entry(
        name,
        system["class"],
        system["inputs"],
        system["options"],
        given.get("scores", ["score"]),
        given.get("pool", list(Unit._fields)),
        learns_labels(system["class"]),
        report,
        given.get("system", ""),
        given.get("what", ""),
        reports[report].limits if report else given.get("budgets", {}),
        system_class(plugins.load("systems", system["class"])).lacking(system["options"]),
    )


def _system(name: str, given: Mapping, reports: Mapping[str, Report]) -> Mapping:
    systems = reports[given["report"]].spec["systems"] if given["report"] in reports else {}
    if given["system"] not in systems:
        raise UserError(f"systems.{name}: there is no {given['report']}/{given['system']}")
    return systems[given["system"]]


def named_reports(path: Path) -> set[str]:
    """Return the reports whose systems `leaderboard.yaml` names."""
    systems = read_yaml(path).get("systems", {})
    given = systems.values() if isinstance(systems, Mapping) else ()
    return {str(one["report"]) for one in given if isinstance(one, Mapping) and "report" in one}


def own_features(path: Path) -> dict[str, dict]:
    """Return the features that `leaderboard.yaml` adds to those of the reports."""
    return with_paths(read_yaml(path), path.parent).get("features", {})


def split_of(inventory: Inventory) -> str:
    """Return the scheme under which all meet on a corpus: its own parts, where it has such."""
    clips = (clip for clips in inventory.units.values() for clip in clips)
    return SPLIT_OF_PARTS if all(clip.part for clip in clips) else SPLIT


def rankable(inventory: Inventory, ids: Sequence[str]) -> tuple[list[Unit], list[str]]:
    """Return the units of a corpus on which all can train and be tested, and why others are not.

    Of the units that the corpus lacks, those with one of `ids` are named.
    """
    units, scheme = [], split_of(inventory)
    reasons = [why for unit, why in inventory.missing.items() if unit.id in ids]
    for unit, clips in inventory.units.items():
        if why := _objection(unit, clips, scheme):
            reasons.append(why)
        else:
            units.append(unit)
    return units, reasons


def _objection(unit: Unit, clips: list[Clip], scheme: str) -> str:
    """Return why a unit cannot be ranked; nothing where it can."""
    wanted = {
        label: least
        for label, least in LEAST_TRAINING.items()
        if label == LABELS[0] or load_split(scheme).gives_abnormal
    }

    def check(rows: list[SplitRow]) -> None:
        _check_training(unit, rows, wanted)

    return objection(["rankable", wanted], {unit: clips}, check, scheme=scheme)


def _check_training(unit: Unit, rows: Sequence[SplitRow], wanted: Mapping[str, int]) -> None:
    found = Counter(row.label for row in rows if row.role == "train")
    for label, least in wanted.items():
        if found[label] < least:
            raise UserError(
                f"{unit.path}: {found[label]} {label} clip(s) to train on, and some systems need "
                f"{least}; all are ranked on the same units"
            )


def check_ids(inventory: Inventory, ids: Sequence[str]) -> None:
    """Raise UserError for ids that no machine of a corpus has."""
    there = sorted({unit.id for unit in inventory.units})
    for id in ids:
        if id not in there:
            raise UserError(
                f"config.yaml: leaderboard.ids: the corpus has no id {id}; take it away, or choose "
                f"among {', '.join(there)}"
            )


def check_units(units: Sequence[Unit], ids: Sequence[str], reasons: Sequence[str]) -> None:
    """Check that there is something to rank.

    Parameters
    ----------
    units : sequence of Unit
        Those that can be ranked.
    ids : sequence of str
        Those that are to be ranked.
    reasons : sequence of str
        Why others cannot; the last one is given.

    Raises
    ------
    UserError
        Where no unit has one of the ids.
    """
    if any(unit.id in ids for unit in units):
        return
    others = ", ".join(sorted({unit.id for unit in units}))
    raise UserError(
        f"config.yaml: leaderboard.ids: no unit of {', '.join(ids)} can be ranked"
        f"{_because(reasons)}; {f'choose among {others}, or ' if others else ''}"
        "add such clips (simulated.ids, .normal, .abnormal; or recordings)"
    )


def check_entries(entries: Sequence[Entry], reasons: Sequence[str]) -> None:
    """Check that a system is left; else a UserError gives the last of the `reasons`."""
    if not entries:
        raise UserError(
            f"leaderboard.yaml: no system can be ranked{_because(reasons)}; add one that can"
        )


def _because(reasons: Sequence[str]) -> str:
    return f" ({reasons[-1]})" if reasons else ""


def chosen(entries: Sequence[Entry], rows: Sequence[str]) -> tuple[list[Entry], list[str]]:
    """Return those entries that are asked for, and why the others are not ranked.

    Parameters
    ----------
    entries : sequence of Entry
    rows : sequence of str
        `leaderboard.rows` of config.yaml: names of entries, `all`, and `-NAME` for all but one.

    Raises
    ------
    UserError
        For a name that no entry has.
    """
    names = [one.name for one in entries]
    for row in rows:
        if row != ALL_ROWS and row.removeprefix("-") not in names:
            raise UserError(
                f"config.yaml: leaderboard.rows: there is no {row}; choose all, or among "
                f"{', '.join(names)}; with - in front, one is left out"
            )
    without = {row.removeprefix("-") for row in rows if row.startswith("-")}
    wanted = set(names) if ALL_ROWS in rows or len(without) == len(rows) else {*rows}
    found = [one for one in entries if one.name in wanted - without]
    others = [name for name in names if name not in wanted - without]
    return found, [f"{name}: not among leaderboard.rows of config.yaml" for name in others]


def taking_part(
    entries: Sequence[Entry], inventory: Inventory, units: Sequence[Unit], ids: Sequence[str]
) -> tuple[list[Entry], list[str]]:
    """Return who can be ranked on all of `units` with one of `ids`, and why others cannot."""
    wanted = {unit for unit in units if unit.id in ids}
    gives_abnormal = load_split(split_of(inventory)).gives_abnormal
    found, reasons = [], []
    for entry in entries:
        trained = {unit for pool in entry.pools(units, ids).values() for unit in pool}
        if entry.supervised and not gives_abnormal:
            reasons.append(f"{entry.name}: the set has no anomalies to learn from")
        elif entry.lacking:
            reasons.append(f"{entry.name}: {entry.lacking}")
        elif entry.channels_needed > inventory.channels:
            reasons.append(f"{entry.name}: the recordings have {inventory.channels} channel(s)")
        elif lacking := sorted(wanted - trained):
            reasons.append(f"{entry.name}: {lacking[0].path} has no other id to be told from")
        else:
            found.append(entry)
    return found, reasons


def rows_of(entries: Sequence[Entry]) -> Iterator[tuple[str, Entry, str]]:
    """Yield (name of the row, entry, kind of score) for every row of the leaderboard."""
    for entry in entries:
        for kind in entry.scores:
            yield row_name(entry.name, kind, entry.scores), entry, kind
