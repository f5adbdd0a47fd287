"""The jobs of a run: what has to be made for some targets, each once, in an order that works."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

from mimii_bench.corpus.base import Unit
from mimii_bench.pricing.rules import Rule, named_targets, rules_of
from mimii_bench.util.errors import UserError


@dataclass(frozen=True)
class Job:
    """One job: a rule with its wildcards.

    Attributes
    ----------
    rule : Rule
    wildcards : SimpleNamespace
    outputs, inputs : tuple of str
        Files and folders.
    needs : tuple of Job
        Those that make its inputs; what lies there already is made by none.
    """

    rule: Rule
    wildcards: SimpleNamespace
    outputs: tuple[str, ...]
    inputs: tuple[str, ...]
    needs: tuple[Job, ...] = field(default=(), repr=False)

    @property
    def kind(self) -> str:
        """The name of its rule."""
        return self.rule.name

    @property
    def place(self) -> str:
        """Its rule and the values of its wildcards."""
        return "/".join([self.kind, *vars(self.wildcards).values()])

    @property
    def members(self) -> list:
        """What a job of a batch makes; see `planning.batches.BatchRule`."""
        return self.rule.batch.members(self.wildcards) if self.rule.batch else []

    @property
    def units(self) -> list[Unit]:
        """The units that a job of a batch reads."""
        return self.rule.batch.units(self.wildcards) if self.rule.batch else []

    def __hash__(self) -> int:
        return hash(self.outputs)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Job) and self.outputs == other.outputs


class Jobs:
    """Finds the jobs that make files of a project.

    Parameters
    ----------
    project : Project
    is_there : callable, optional
        Tells of a path whether it need not be made; by default of none.
    """

    def __init__(self, project, is_there: Callable[[str], bool] = lambda path: False):
        self._is_there = is_there
        self._targets = named_targets(project)
        constraints = project.wildcards()
        self._patterns = [
            (_expression(pattern, {**constraints, **rule.constraints}), rule)
            for rule in rules_of(project)
            for pattern in rule.outputs
        ]
        self._made: dict[str, Job | None] = {}

    def files_of(self, target: str) -> list[str]:
        """Return the files that a target asks for: a named one, or a file.

        Raises
        ------
        UserError
            Where there is no such target, and no rule makes such a file.
        """
        if target in self._targets:
            return self._targets[target]()
        if self._rule_of(target) is None:
            raise UserError(
                f"--target {target}: no rule makes it; name a file of a run or one of "
                f"{', '.join(self._targets)}"
            )
        return [target]

    def making(self, file: str) -> Job | None:
        """Return the job that makes a file; None where no rule makes it."""
        return self._job(file)

    def of(self, files: Iterable[str]) -> list[Job]:
        """Return all jobs that have to run for some files, each after those that it needs."""
        found: dict[Job, None] = {}
        for file in files:
            self._add(self._job(file), found)
        return list(found)

    def _add(self, job: Job | None, found: dict[Job, None]) -> None:
        if job is None or job in found:
            return
        for one in job.needs:
            self._add(one, found)
        found[job] = None

    def _job(self, file: str) -> Job | None:
        """Return the job that makes a file; None for what lies there, and for what none makes."""
        if file not in self._made:
            self._made[file] = None if self._is_there(file) else self._make(file)
        return self._made[file]

    def _make(self, file: str) -> Job | None:
        found = self._rule_of(file)
        if found is None:
            return None
        rule, wildcards = found
        outputs = tuple(pattern.format(**vars(wildcards)) for pattern in rule.outputs)
        if outputs[0] != file and outputs[0] in self._made:
            return self._made[outputs[0]]
        inputs = tuple(dict.fromkeys(rule.inputs(wildcards)))
        needs = dict.fromkeys(filter(None, map(self._job, inputs)))
        job = Job(rule, wildcards, outputs, inputs, tuple(needs))
        self._made.update(dict.fromkeys(outputs, job))
        return job

    def _rule_of(self, file: str) -> tuple[Rule, SimpleNamespace] | None:
        for expression, rule in self._patterns:
            if match := expression.fullmatch(file):
                return rule, SimpleNamespace(**match.groupdict())
        return None


def lies_there(path: str) -> bool:
    """Tell whether a file or folder of a run has been made."""
    return Path(path).exists()


def _expression(pattern: str, constraints: dict[str, str]) -> re.Pattern:
    """Return the regular expression of a pattern of paths, each wildcard as it is constrained."""
    parts = re.split(r"\{(\w+)\}", pattern)
    known: set[str] = set()
    text = []
    for number, part in enumerate(parts):
        if number % 2 == 0:
            text.append(re.escape(part))
        elif part in known:
            text.append(f"(?P={part})")
        else:
            known.add(part)
            text.append(f"(?P<{part}>{constraints[part]})")
    return re.compile("".join(text))
