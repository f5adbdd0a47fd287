"""How a cell of a table is computed, as report.yaml says; nothing is computed here."""

from collections.abc import Mapping

#: Where report.yaml says nothing else.
DEFAULTS = {"scores": "score", "roles": ["test"], "over": "unit", "mean": "arithmetic"}


def how(spec: Mapping, cell: Mapping[str, str]) -> dict:
    """Return how a cell is computed: the defaults, the report's, its table's, its variant's.

    `spec` is report.yaml's `tables` and, where there is one, `evaluation`.
    """
    evaluation = spec.get("evaluation", {})
    table = spec["tables"].get(cell["table"], {})
    variant = cell["variant"]
    named = evaluation.get("variants", {}).get(variant, {"scores": variant} if variant else {})
    layers = [DEFAULTS, evaluation.get("default", {}), table, named]
    return {key: value for layer in layers for key, value in layer.items()}
