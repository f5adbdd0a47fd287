"""How a cell of a table is computed, as report.yaml says; nothing is computed here."""

import re
from collections.abc import Mapping

#: Where report.yaml says nothing else.
DEFAULTS = {"scores": "score", "roles": ["test"], "over": "unit", "mean": "arithmetic"}


def how(spec: Mapping, cell: Mapping[str, str]) -> dict:
    """Return how a cell is computed: the defaults, the report's, its table's, its variant's.

    `spec` is report.yaml's `tables` and, where there is one, `evaluation`.
    """
    evaluation = spec.get("evaluation", {})
    table = spec["tables"].get(cell["table"], {})
    named = _variant(evaluation.get("variants", {}), cell["variant"])
    layers = [DEFAULTS, evaluation.get("default", {}), table, named]
    return {key: value for layer in layers for key, value in layer.items()}


def names_of(spec: Mapping, scores: str) -> set[str]:
    """Return the variants by which cells ask for a kind of score, `""` where they need none."""
    evaluation = spec.get("evaluation", {})
    default = {**DEFAULTS, **evaluation.get("default", {})}["scores"]
    names = {""} if scores == default else set()
    for name, named in evaluation.get("variants", {}).items():
        wanted = named.get("scores", default)
        if found := _match(wanted, scores):
            names.add(name.replace("*", *found.groups()) if "*" in name else name)
    return names or {scores}


def _variant(variants: Mapping[str, Mapping], name: str) -> Mapping:
    """Return what a variant says; one that none is named like is the score of that name.

    A `*` in a variant's name stands for any text, and in its `scores` for the same.
    """
    if name in variants or not name:
        return variants.get(name, {})
    for pattern, named in variants.items():
        if "*" in pattern and (found := _match(pattern, name)):
            return {key: _filled(value, found[1]) for key, value in named.items()}
    return {"scores": name}


def _filled(value: object, text: str) -> object:
    return value.replace("*", text) if isinstance(value, str) else value


def _match(pattern: str, text: str) -> re.Match | None:
    return re.fullmatch(re.escape(pattern).replace(r"\*", "(.+)"), text)
