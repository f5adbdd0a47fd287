"""How a cell of a table is computed, as report.yaml says; nothing is computed here."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Recipe(NamedTuple):
    """From which scores, of which clips, and how they are put together.

    Attributes
    ----------
    scores : str
        Which kind of score of the system.
    roles : sequence of str
        Of the clips that are measured.
    over : str
        A cell of several units is the mean over them (`unit`), or of all clips of a pool together
        (`pool`).
    mean : str
        Of which kind a mean is, one of `evaluation.intervals.MEANS`.
    threshold : mapping or None
        The rule of `evaluation.scores.fit_threshold`.
    """

    scores: str = "score"
    roles: Sequence[str] = ("test",)
    over: str = "unit"
    mean: str = "arithmetic"
    threshold: Mapping | None = None


def recipe_of(spec: Mapping, table: str = "", variant: str = "") -> Recipe:
    """Return how a cell is computed: the defaults, the report's, its table's, its variant's.

    Parameters
    ----------
    spec : mapping
        Of report.yaml: its `tables` and, where there is one, `evaluation`.
    table, variant : str
        Of the cell.
    """
    evaluation = spec.get("evaluation", {})
    layers = (
        evaluation.get("default", {}),
        spec["tables"].get(table, {}),
        _said_of(evaluation.get("variants", {}), variant),
    )
    said = {key: value for layer in layers for key, value in layer.items()}
    return Recipe(**{key: said[key] for key in Recipe._fields if key in said})


def variants_of(spec: Mapping, scores: str) -> set[str]:
    """Return the variants by which cells ask for a kind of score, `""` where they need none."""
    evaluation = spec.get("evaluation", {})
    default = recipe_of({**spec, "tables": {}}).scores
    names = {""} if scores == default else set()
    for name, said in evaluation.get("variants", {}).items():
        wanted = said.get("scores", default)
        if found := _match(wanted, scores):
            names.add(name.replace("*", *found.groups()) if "*" in name else name)
    return names or {scores}


def names_variant(spec: Mapping, variant: str) -> bool:
    """Tell whether `evaluation.variants` says something of a variant, by its name or a pattern."""
    return any(_match(name, variant) for name in spec.get("evaluation", {}).get("variants", {}))


def is_supervised(spec: Mapping, system: str) -> bool:
    """Tell whether one of a report's systems learns from abnormal clips."""
    return spec.get("systems", {}).get(system, {}).get("supervised", False)


def _said_of(variants: Mapping[str, Mapping], name: str) -> Mapping:
    """Return what is said of a variant; one that none is named like is the score of that name.

    A `*` in a variant's name stands for any text, and in its `scores` for the same.
    """
    if name in variants or not name:
        return variants.get(name, {})
    for pattern, said in variants.items():
        if "*" in pattern and (found := _match(pattern, name)):
            return {key: _filled(value, found[1]) for key, value in said.items()}
    return {"scores": name}


def _filled(value: object, text: str) -> object:
    return value.replace("*", text) if isinstance(value, str) else value


def _match(pattern: str, text: str) -> re.Match | None:
    return re.fullmatch(re.escape(pattern).replace(r"\*", "(.+)"), text)
