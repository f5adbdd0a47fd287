"""Who takes part: systems of the reports, and systems of the leaderboard's own.

`leaderboard.yaml` says it; a system of a report keeps the class, inputs and options that it has
there.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from mimii_bench.audio.mixes import channels_needed
from mimii_bench.corpus.inventory import Inventory
from mimii_bench.corpus.layout import Unit
from mimii_bench.errors import UserError
from mimii_bench.reports import Report
from mimii_bench.schema import check
from mimii_bench.splits import make_split

#: The scheme in `mimii_bench.splits` under which all meet.
SPLIT = "half_of_anomalies"


@dataclass(frozen=True)
class Entry:
    """One system that takes part.

    `scores` are the kinds of score that it is ranked by, each a row of its own; `pool` the fields
    in which the units that train together agree; `report` and `system` the keys of where it comes
    from, empty for the leaderboard's own.
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

    Raises UserError that names the file and what is wrong.
    """
    spec = yaml.safe_load(path.read_text())
    check(spec, schema, str(path))
    try:
        return [_entry(name, given, reports) for name, given in spec["systems"].items()]
    except UserError as error:
        raise UserError(f"{path}: {error}") from None


def _entry(name: str, given: Mapping, reports: Mapping[str, Report]) -> Entry:
    report = given.get("report", "")
    system = _system(name, given, reports) if report else given
    return Entry(
        name,
        system["class"],
        system["inputs"],
        {**system["options"], **given.get("options", {})},
        given.get("scores", ["score"]),
        given.get("pool", list(Unit._fields)),
        system.get("supervised", False),
        report,
        given.get("system", ""),
    )


def _system(name: str, given: Mapping, reports: Mapping[str, Report]) -> Mapping:
    systems = reports[given["report"]].spec["systems"] if given["report"] in reports else {}
    if given["system"] not in systems:
        raise UserError(f"systems.{name}: there is no {given['report']}/{given['system']}")
    return systems[given["system"]]


def own_features(path: Path) -> dict[str, dict]:
    """Return the features that `leaderboard.yaml` adds to those of the reports."""
    return yaml.safe_load(path.read_text()).get("features", {})


def rankable(inventory: Inventory) -> tuple[list[Unit], list[str]]:
    """Return the units of a corpus that can be tested, and why others cannot."""
    units, reasons = [], []
    for unit, clips in inventory.units.items():
        try:
            make_split({unit: clips}, SPLIT)
        except UserError as error:
            reasons.append(str(error))
        else:
            units.append(unit)
    return units, reasons


def taking_part(
    entries: Sequence[Entry], inventory: Inventory, units: Sequence[Unit], ids: Sequence[str]
) -> tuple[list[Entry], list[str]]:
    """Return who can be ranked on all of `units` with one of `ids`, and why others cannot."""
    wanted = {unit for unit in units if unit.id in ids}
    found, reasons = [], []
    for entry in entries:
        trained = {unit for pool in entry.pools(units, ids).values() for unit in pool}
        if entry.channels_needed > inventory.channels:
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
            yield (entry.name if len(entry.scores) == 1 else f"{entry.name}:{kind}"), entry, kind
