"""What the listening rooms of a project are made of: a system of a report, on one machine each."""

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from mimii_bench.corpus.base import Unit
from mimii_bench.listening.choosing import REASONS
from mimii_bench.planning.drawing import CORPUS_NAMES
from mimii_bench.systems.scoring import ONE_KIND
from mimii_bench.util.errors import UserError
from mimii_bench.util.plugins import place_of

#: Where every machine of the recordings is asked for.
ALL = "all"


class Named(NamedTuple):
    """A system as the configuration names it: `report/system`, or `report/system/kind`."""

    report: str
    system: str
    kind: str = ""


class Listening:
    """The listening rooms that the configuration asks for."""

    def __init__(self, project):
        self._project, self._paths = project, project.paths
        self._asked = project.configuration["listening"]

    @cached_property
    def named(self) -> dict[tuple[str, str], Named]:
        """The systems that are asked for and that this run has, by report and system.

        Raises
        ------
        UserError
            For a system that its report does not have, and for one that is named twice.
        """
        found: dict[tuple[str, str], Named] = {}
        for name in self._asked["systems"]:
            one = Named(*name.split("/"))
            if one.report not in self._project.reports:
                continue
            known = self._project.reports[one.report].spec["systems"]
            if one.system not in known:
                raise UserError(
                    f"config.yaml: listening.systems: {one.report} has no system {one.system}; "
                    f"it has {', '.join(known)}"
                )
            if found.setdefault((one.report, one.system), one) is not one:
                raise UserError(f"config.yaml: listening.systems: {name} stands twice; take one")
        return found

    @property
    def left_out(self) -> list[str]:
        """The systems that are asked for and no part of this run."""
        rooms = {(report, system) for report, system, _ in self.rooms()}
        names = (Named(*name.split("/")) for name in self._asked["systems"])
        return [f"{one.report}/{one.system}" for one in names if one[:2] not in rooms]

    def rooms(self) -> Iterator[tuple[str, str, str]]:
        """Yield the rooms: report, system and machine."""
        for report, system in self.named:
            units = [unit for units in self._pools(report, system).values() for unit in units]
            for machine in dict.fromkeys(unit.machine for unit in units):
                if machine in self._machines or ALL in self._machines:
                    yield report, system, machine

    @cached_property
    def _machines(self) -> list[str]:
        known = list(dict.fromkeys(unit.machine for unit in self._project.inventory.units))
        for name in self._asked["machines"]:
            if name not in (*known, ALL):
                raise UserError(
                    f"config.yaml: listening.machines: there are no recordings of a {name}; "
                    f"write {ALL}, or some of {', '.join(known)}"
                )
        return self._asked["machines"]

    def folders(self) -> list[str]:
        """Return the folder of every room."""
        return [self._folder(*room) for room in self.rooms()]

    def _folder(self, report: str, system: str, machine: str) -> str:
        return self._paths.listening.format(protocol=report, system=system, machine=machine)

    def _pools(self, report: str, system: str) -> dict[str, list[Unit]]:
        return self._project.trainings.protocols[report].systems[system].pools

    def _pools_of(self, wildcards) -> dict[str, list[Unit]]:
        """Return the pools that hold units of the machine of a rule's wildcards."""
        pools = self._pools(wildcards.protocol, wildcards.system)
        return {
            pool: units
            for pool, units in pools.items()
            if any(unit.machine == wildcards.machine for unit in units)
        }

    def _units(self, wildcards) -> list[Unit]:
        units = (unit for units in self._pools_of(wildcards).values() for unit in units)
        return [unit for unit in dict.fromkeys(units) if unit.machine == wildcards.machine]

    def inputs(self, wildcards) -> list[str]:
        """Return the files that a room is made of, beside recordings that no rule makes."""
        trainings, files = self._project.trainings, self._project.corpus_files
        found: list[str] = []
        for pool in self._pools_of(wildcards):
            for pattern in (self._paths.models, self._paths.scores):
                found.append(trainings.folder(pattern, wildcards.protocol, wildcards.system, pool))
        for unit in self._units(wildcards):
            found.append(self._project.split_files.index(unit))
            archive = files.files(unit)
            found += [archive] if isinstance(archive, str) else archive
        return list(dict.fromkeys(found))

    def asked(self, wildcards) -> dict:
        """Return all that a room is made by, as plain values."""
        trainings, report, system = (
            self._project.trainings,
            wildcards.protocol,
            wildcards.system,
        )
        models, scores = (
            trainings.trained(pattern, report, system)
            for pattern in (self._paths.models, self._paths.scores)
        )
        trained = trainings.protocols[report].systems[system]
        budget = self._project.configuration["budget"]
        return {
            "report": report,
            "system": system,
            "machine": wildcards.machine,
            "clips": self._asked["clips"],
            "note": f"{CORPUS_NAMES[self._project.inventory.corpus]}, budget {budget}",
            "class": trained.class_name,
            "options": dict(trained.options),
            "inputs": self._inputs(trained),
            **self._judged(report, system),
            "indexes": {
                unit.snr: self._project.split_files.index(unit) for unit in self._units(wildcards)
            },
            "pools": [
                {"pool": pool, "models": models[pool][0], "scores": scores[pool][0]}
                for pool in self._pools_of(wildcards)
            ],
        }

    def _inputs(self, trained) -> list[dict]:
        described = self._project.feature_files.described(trained.inputs)
        return [
            {"mix": source["mix"], "feature": dict(feature)}
            for source, feature in zip(trained.inputs, described, strict=True)
        ]

    def _judged(self, report: str, system: str) -> dict:
        """Return the kind of score, and the rule of its threshold where the report has one."""
        default = self._project.reports[report].spec.get("evaluation", {}).get("default", {})
        usual = default.get("scores", ONE_KIND)
        kind = self.named[report, system].kind or usual
        return {"kind": kind, "threshold": default.get("threshold") if kind == usual else None}

    def most_clips(self, wildcards) -> int:
        """Return how many clips a room holds, at most: for each condition and reason so many."""
        conditions = {unit.snr for unit in self._units(wildcards)}
        return len(REASONS) * self._asked["clips"] * len(conditions)

    def stands_on(self, wildcards) -> list[str]:
        """Return the fingerprints of what a room shows."""
        fingerprints = self._project.fingerprints
        return [
            fingerprints.of_system(wildcards.protocol, wildcards.system),
            fingerprints.recordings(self._units(wildcards)),
        ]

    def code(self, wildcards) -> Iterator[str]:
        """Yield where the code stands that a room runs by names in its report."""
        trained = self._project.trainings.system(wildcards)
        yield place_of("systems", trained.class_name).root
        for feature in self._project.feature_files.described(trained.inputs):
            yield place_of("features", feature["class"]).root
        rule = self._judged(wildcards.protocol, wildcards.system)["threshold"]
        if rule:
            yield place_of("evaluation", rule["class"]).root

    def facts(self) -> dict:
        """Return what the page says of the rooms."""
        return {
            "rooms": self.folders(),
            "clips": self._asked["clips"],
            "left_out": self.left_out,
        }
