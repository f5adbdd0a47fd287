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
from typing import NamedTuple

from mimii_bench.corpus.base import Unit
from mimii_bench.util.runs import SEPARATOR

#: A machine and an SNR.
Place = tuple[str, str]
#: Batch -> what is known of it, and the pattern of each of its files with what this stands for.
Groups = dict[str, tuple[Mapping[str, str], list[tuple[str, object]]]]


class Batch(NamedTuple):
    """What one job makes.

    Attributes
    ----------
    known : {"feature", "mix" or "protocol": name}
        What all of it has in common.
    members : tuple
        In the order of the outputs: whatever stands for a file of this kind.
    """

    known: Mapping[str, str]
    members: tuple


@dataclass(frozen=True)
class BatchRule:
    """A rule whose jobs make several files each.

    Attributes
    ----------
    kind : str
        What it does; where batches are not alike, several rules do the same to other ones.
    name : str
        Its own: that of the first one is its kind.
    outputs : tuple of str
        Patterns with the wildcard `batch`. What is made beside the files comes behind them.
    logged : str
        The pattern that names its logs.
    batches : {batch: Batch}
        What each job makes.
    """

    kind: str
    name: str
    outputs: tuple[str, ...]
    logged: str
    batches: Mapping[str, Batch]

    def members(self, wildcards) -> list:
        """Return what a job makes, one for each of its outputs."""
        return list(self.batches[wildcards.batch].members)

    def known(self, wildcards) -> SimpleNamespace:
        """Return what all that a job makes has in common."""
        return SimpleNamespace(**self.batches[wildcards.batch].known)

    @property
    def constraints(self) -> dict[str, str]:
        """The regular expression of its wildcard."""
        return {"batch": "|".join(map(re.escape, self.batches))}

    def jobs(self) -> Iterator[tuple[SimpleNamespace, list[str]]]:
        """Yield the wildcards of each job, and its files."""
        for batch in self.batches:
            files = [pattern.format(batch=batch) for pattern in self.outputs]
            yield SimpleNamespace(batch=batch), files


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
        return list(_rules("clip_index", [found], self._paths.checksum))

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
        return list(_rules("quality", found, self._paths.checksum))

    @cached_property
    def stores(self) -> list[BatchRule]:
        """Of the feature stores; members: units. A job makes one feature of one mix.

        So one more mix makes no store again, nor what is trained on it.
        """
        found: list[Groups] = []
        seen: set[tuple[str, str, Unit]] = set()
        for protocol in self._project.trainings.protocols.values():
            wanted, own = self._wanted(protocol.inputs), {}
            for feature, mix, unit in sorted(wanted - seen):
                known = {"feature": feature, "mix": mix}
                path = self._paths.store.format(**known, **unit._asdict())
                place, batch = (f"{feature}/{mix}/{p}" for p in (unit.path, self._group(unit)))
                _add(own, path, place, batch, unit, known)
            found.append(own)
            seen |= wanted
        return list(_rules("feature_store", found))

    @cached_property
    def splits(self) -> list[BatchRule]:
        """Of the split manifests; members: pools. A job takes one where none takes a machine."""
        found: Groups = {}
        for name, protocol in self._project.trainings.protocols.items():
            for pool, units in protocol.pools.items():
                machine = units[0].machine
                is_part = self._size == "machine" and PurePath(pool).is_relative_to(machine)
                path = self._paths.split.format(protocol=name, pool=pool)
                batch = f"{name}/{machine if is_part else pool}"
                _add(found, path, f"{name}/{pool}", batch, pool, {"protocol": name})
        return list(_rules("split", [found], self._paths.checksum))

    def mixes_of(self, rule: BatchRule, wildcards) -> list[str]:
        """Return the mixes that the stores of a job are made of, where mixes are kept."""
        mix, pattern = rule.known(wildcards).mix, self._paths.mix
        return [pattern.format(mix=mix, **unit._asdict()) for unit in rule.members(wildcards)]

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
        """Return the path of the units that one job takes, to which a unit belongs."""
        sizes = {"machine": ("machine",), "snr": ("machine", "snr"), "unit": Unit._fields}
        return unit.pool(sizes[self._size])


def _add(
    groups: Groups,
    path: str,
    place: str,
    batch: str,
    member: object,
    known: Mapping[str, str] | None = None,
) -> None:
    """Add a file to a batch, with which its place begins, as a pattern."""
    start = path.rindex(place)
    pattern = f"{path[:start]}{{batch}}{path[start + len(batch) :]}"
    groups.setdefault(batch, (known or {}, []))[1].append((pattern, member))


def _rules(
    kind: str, owners: Iterable[Groups], beside: Callable[[str], str] | None = None
) -> Iterator[BatchRule]:
    """Yield a rule for each shape of batches: that is, the patterns of their files.

    `beside` returns what is made with each file. All rules but the first are numbered, in their
    names and in those of their logs.
    """
    shapes: dict[tuple[str, ...], dict[str, Batch]] = {}
    for groups in owners:
        for batch, (known, files) in groups.items():
            patterns, members = zip(*files, strict=True)
            shapes.setdefault(patterns, {})[batch] = Batch(known, members)
    for number, (patterns, batches) in enumerate(shapes.items(), 1):
        further = [str(number)] if number > 1 else []
        yield BatchRule(
            kind,
            name=SEPARATOR.join([kind, *further]),
            outputs=(*patterns, *(map(beside, patterns) if beside else ())),
            logged="_".join(["{batch}", *further]),
            batches=batches,
        )
