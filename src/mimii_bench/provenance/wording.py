"""The links of a chain in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from inspect import getdoc

from mimii_bench.corpus.base import LABELS, Clip, Unit
from mimii_bench.evaluation import metrics
from mimii_bench.evaluation.scores import fitted_on
from mimii_bench.reports import columns
from mimii_bench.reports.recipes import Recipe
from mimii_bench.reports.reproduction import Outcome
from mimii_bench.splits.base import rule_of
from mimii_bench.splits.manifests import ROLES, SplitRow
from mimii_bench.training.job import Training, TrainingJob


def clips(unit: Unit, found: Sequence[Clip]) -> str:
    """Return how many clips of each label a unit has."""
    return f"{unit.path}: {_counted([clip.label for clip in found])}"


def split(said: Mapping) -> str:
    """Return the scheme of a split, its rule and its options."""
    options = {key: value for key, value in said.items() if key != "scheme"}
    return f"{said['scheme']}: {rule_of(said['scheme'])}{_options(options)}"


def roles(pool: str, rows: Sequence[SplitRow]) -> str:
    """Return how many clips of each label have each role."""
    found = {role: [row.label for row in rows if row.role == role] for role in ROLES}
    parts = [f"{role} {_counted(labels)}" for role, labels in found.items() if labels]
    return f"{pool}: {'; '.join(parts)}"


def feature(source: Mapping[str, str], given: Mapping) -> str:
    """Return which feature of which mix is read, and its options."""
    options = {key: value for key, value in given.items() if key != "class"}
    return f"{source['feature']} of {source['mix']}: {given['class']}{_options(options)}"


def system(job: TrainingJob, code: Sequence[str]) -> str:
    """Return the class of a system, its options, and the code that trains it now."""
    return f"{job.system}: {job.class_name}{_options(job.options)}; code now {code[0][:12]}"


def model(training: Training, seed: int, epochs: int, parameters: int) -> str:
    """Return of which seed a model is, and how long it trained."""
    return (
        f"{training.pool}, number {training.number}: seed {seed}, {parameters} parameters, "
        f"{epochs} epoch{'s' * (epochs != 1)}"
    )


def scores(recipe: Recipe) -> str:
    """Return which kind of score is read, of which clips."""
    return f"{recipe.scores}, of clips that {' or '.join(recipe.roles)}"


def metric(name: str, recipe: Recipe) -> str:
    """Return what a metric is, and how several units become one number."""
    found = getattr(metrics, name, None) or getattr(metrics.Confusion, name, None)
    meaning = (getdoc(found) or "").partition("\n")[0] if name in metrics.METRICS else ""
    if not meaning:
        return f"{name}: {_COUNTS.get(name, 'a number of its own')}"
    over = "all clips of a pool together" if recipe.over == "pool" else "each unit by itself"
    return f"{name}: {meaning} Of {over}; {recipe.mean} mean over them and over seeds"


_COUNTS = {
    "clips": "counted in the split manifests, a mean over pools",
    "parameters": "weights, counted in the first model",
    "threshold": "that of each seed, their mean",
}


def rule(said: Mapping | None) -> str:
    """Return the rule of a threshold, and what it is fitted on."""
    if said is None:
        return "no threshold is given"
    options = {key: value for key, value in said.items() if key not in ("class", "fitted_on")}
    return f"threshold: {said['class']}{_options(options)}, fitted on {', '.join(fitted_on(said))}"


def thresholds(outcomes: Sequence[Outcome]) -> list[str]:
    """Return the threshold of each group and seed, and the counts at it."""
    return [
        f"{', '.join(unit.path for unit in one.units)}, number {one.seed}: {one.threshold:.6g}"
        for one in outcomes
    ]


def interval(replicates: int, seeds: str, row: Mapping[str, str]) -> str:
    """Return how the interval of a number is made."""
    ahead = f"[{row[columns.PI_LOW]}, {row[columns.PI_HIGH]}]" if row[columns.PI_LOW] else ""
    return (
        f"95 %: score intervals of the clips (MOVER), what units share from {replicates} bootstrap "
        f"replicates; Student's t over {seeds} seed{'s' * (seeds != '1')} "
        f"(docs/statistics.md)" + (f"; one more run would print in {ahead}" if ahead else "")
    )


def _counted(labels: Sequence[str]) -> str:
    found = Counter(labels)
    return ", ".join(f"{found[label]} {label}" for label in LABELS if found[label]) or "none"


def _options(options: Mapping) -> str:
    return f" ({', '.join(f'{key} {value}' for key, value in options.items())})" if options else ""
