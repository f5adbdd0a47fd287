"""What one job of the stages before training makes: as much as the configuration gives it.

A rule of a workflow engine names its outputs by wildcards alone, and machines differ in what there
is of them. So files are grouped first, and there is a rule for each shape that groups have: one
that all groups share where all machines are alike.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath
from types import SimpleNamespace

from mimii_bench.corpus.base import Unit
from mimii_bench.util.runs import SEPARATOR

#: A machine and an SNR.
Place = tuple[str, str]
#: Group -> the pattern of each of its files, and what this stands for.
Groups = dict[str, list[tuple[str, object]]]


@dataclass(frozen=True)
class BatchRule:
    """A rule whose jobs make several files each.

    Attributes
    ----------
    kind : str
        What it does; several rules may do the same to other things.
    name : str
        Its own.
    outputs : tuple of str
        Patterns with wildcards in braces.
    logged : str
        The pattern that names its logs.
    fixed : {wildcard: its one value}
    batches : {group: members}
        What each job makes, in the order of the outputs: whatever stands for a file of this kind.
        What is made beside the files comes behind them.
    """

    kind: str
    name: str
    outputs: tuple[str, ...]
    logged: str
    fixed: Mapping[str, str]
    batches: Mapping[str, tuple]

    def members(self, wildcards) -> list:
        """Return what the job of a group makes, one for each of its outputs."""
        return list(self.batches[wildcards.group])

    def units(self, wildcards) -> list[Unit]:
        """Return the units that are read for what the job of a group makes."""
        members = self.members(wildcards)
        return [one if isinstance(one, Unit) else one[1] for one in members]

    @property
    def constraints(self) -> dict[str, str]:
        """The regular expression of each wildcard."""
        groups = "|".join(map(re.escape, self.batches))
        return {**{key: re.escape(value) for key, value in self.fixed.items()}, "group": groups}

    def jobs(self) -> Iterator[tuple[SimpleNamespace, list[str]]]:
        """Yield the wildcards of each job, and its files."""
        for group in self.batches:
            values = {**self.fixed, "group": group}
            yield (
                SimpleNamespace(**values),
                [pattern.format(**values) for pattern in self.outputs],
            )


class Batches:
    """The rules of all stages of which one job takes a unit, a machine under an SNR, or a machine.

    What several protocols ask for belongs to the first of them, so that one more report, behind the
    others, makes nothing again.

    Parameters
    ----------
    project : Project
    """

    def __init__(self, project):
        self._project, self._paths = project, project.paths
        self._size = project.configuration["jobs"]["recordings"]

    @cached_property
    def indexes(self) -> list[BatchRule]:
        """Of the lists of clips; members: (machine, SNR), which is the least that one takes.

        Of published zips it takes no more, since each may have to be fetched.
        """
        whole = self._size == "machine" and not self._project.corpus.pinned
        found: Groups = {}
        for machine, snr in dict.fromkeys(unit[:2] for unit in self._project.inventory.units):
            place = f"{machine}/{snr}"
            path = self._paths.index.format(machine=machine, snr=snr)
            _add(found, path, place, machine if whole else place, (machine, snr))
        return list(_rules("clip_index", {}, [found], self._paths.checksum))

    @cached_property
    def quality(self) -> list[BatchRule]:
        """Of the tables of quality; members: units."""
        found, seen = [], set()
        protocols = self._project.trainings.protocols.values()
        asked = [{unit for pool in one.pools.values() for unit in pool} for one in protocols]
        for units in [*asked, set(self._project.inventory.units)]:
            own: Groups = {}
            for unit in sorted(units - seen):
                path = self._paths.quality.format(**unit._asdict())
                _add(own, path, unit.path, self._group(unit), unit)
            found.append(own)
            seen |= units
        return list(_rules("quality", {}, found))

    @cached_property
    def stores(self) -> list[BatchRule]:
        """Of the feature stores; members: (mix, unit). A job makes one feature of all mixes."""
        found: dict[str, list[Groups]] = {}
        seen: set[tuple[str, str, Unit]] = set()
        for protocol in self._project.trainings.protocols.values():
            wanted, own = self._wanted(protocol.inputs), {}
            for feature, mix, unit in sorted(wanted - seen, key=lambda one: (one[2], one[1])):
                path = self._paths.store.format(feature="{feature}", mix=mix, **unit._asdict())
                groups = own.setdefault(feature, {})
                _add(groups, path, unit.path, self._group(unit), (mix, unit))
            for feature, groups in own.items():
                found.setdefault(feature, []).append(groups)
            seen |= wanted
        return [
            rule
            for feature in sorted(found)
            for rule in _rules("feature_store", {"feature": feature}, found[feature])
        ]

    @cached_property
    def splits(self) -> list[BatchRule]:
        """Of the split manifests; members: pools. A job takes one where none takes a machine."""
        found: list[BatchRule] = []
        for name, protocol in self._project.trainings.protocols.items():
            groups: Groups = {}
            for pool, units in protocol.pools.items():
                machine = units[0].machine
                is_part = self._size == "machine" and PurePath(pool).is_relative_to(machine)
                path = self._paths.split.format(protocol="{protocol}", pool=pool)
                _add(groups, path, pool, machine if is_part else pool, pool)
            found += _rules("split", {"protocol": name}, [groups], self._paths.checksum)
        return found

    def indexes_of(self, units: Iterable[Unit]) -> list[str]:
        """Return the lists of clips of `conditions`."""
        places = self.conditions(units)
        return [self._paths.index.format(machine=machine, snr=snr) for machine, snr in places]

    def corpus_of(self, units: Iterable[Unit]) -> list[str]:
        """Return the files that the clips of `conditions` are in: zips, or their receipts."""
        return self.files_at(self.conditions(units))

    def files_at(self, places: Iterable[Place]) -> list[str]:
        """Return the files that the clips of some machines and SNRs are in."""
        of_corpus = self._project.corpus_files
        found = [of_corpus.files(SimpleNamespace(machine=m, snr=snr)) for m, snr in places]
        return [one for one in found if one]

    def conditions(self, units: Iterable[Unit]) -> list[Place]:
        """Return the machines and SNRs of which a job that reads units must have the clips.

        That is all that belong to what one job takes, so that it depends on the same files whatever
        reports are asked for; of published zips, those alone that are read.
        """
        groups = {self._group(unit) for unit in units}
        own = list(units)
        if not self._project.corpus.pinned:
            own = [unit for unit in self._project.inventory.units if self._group(unit) in groups]
        return sorted({(unit.machine, unit.snr) for unit in own})

    def making(self, path: str) -> tuple[BatchRule, SimpleNamespace]:
        """Return the rule that makes a file, and the wildcards of the job that does."""
        return self._makers[path]

    @cached_property
    def _makers(self) -> dict[str, tuple[BatchRule, SimpleNamespace]]:
        rules = [*self.indexes, *self.quality, *self.stores, *self.splits]
        return {
            path: (rule, wildcards)
            for rule in rules
            for wildcards, paths in rule.jobs()
            for path in paths
        }

    def _wanted(self, inputs: Iterable[tuple[Mapping[str, str], Unit]]) -> set[tuple]:
        files = self._project.feature_files
        return {(files.stored(source), source["mix"], unit) for source, unit in inputs}

    def _group(self, unit: Unit) -> str:
        """Return the path of what one job takes, to which a unit belongs."""
        sizes = {"machine": ("machine",), "snr": ("machine", "snr"), "unit": Unit._fields}
        return unit.pool(sizes[self._size])


def _add(groups: Groups, path: str, place: str, group: str, member: object) -> None:
    """Add a file to a group, as a pattern in which the group that its place begins with is none."""
    start = path.rindex(place)
    pattern = f"{path[:start]}{{group}}{path[start + len(group) :]}"
    groups.setdefault(group, []).append((pattern, member))


def _rules(
    kind: str,
    fixed: Mapping[str, str],
    owners: Iterable[Groups],
    beside: Callable[[str], str] | None = None,
) -> Iterator[BatchRule]:
    """Yield a rule for each shape of groups: that is, the patterns of their files.

    `beside` returns what is made with each file. All rules but the first are numbered, in their
    names and in those of their logs.
    """
    number = 0
    for groups in owners:
        shapes: dict[tuple[str, ...], dict[str, tuple]] = {}
        for group, files in groups.items():
            patterns, members = zip(*files, strict=True)
            shapes.setdefault(patterns, {})[group] = members
        for patterns, batches in shapes.items():
            number += 1
            further = [str(number)] if number > 1 else []
            place = [f"{{{key}}}" for key in fixed]
            yield BatchRule(
                kind,
                name=SEPARATOR.join([kind, *fixed.values(), *further]),
                outputs=(*patterns, *(map(beside, patterns) if beside else ())),
                logged="/".join([*place, "_".join(["{group}", *further])]),
                fixed=fixed,
                batches=batches,
            )
