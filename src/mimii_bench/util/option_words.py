"""What classes and their options say of themselves, in words: for pages and for the command.

All of it is read from docstrings and from the models in which options are declared.
"""

import inspect
import json
import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from mimii_bench.util.options import Options

_TYPES = {"integer": "int", "number": "number", "string": "text", "boolean": "true or false"}
_BOUNDS = (
    ("minimum", ">="),
    ("exclusiveMinimum", ">"),
    ("maximum", "<="),
    ("exclusiveMaximum", "<"),
)
REQUIRED = "required"


class ToldOption(NamedTuple):
    """An option in words.

    Attributes
    ----------
    name, allowed, default, meaning : str
        `default` as YAML has it, or `REQUIRED`.
    """

    name: str
    allowed: str
    default: str
    meaning: str


def told(model: type[Options], names: Iterable[str], quote: str = "") -> list[ToldOption]:
    """Return some options of a model; values stand between two of `quote`."""
    properties = model.model_json_schema().get("properties", {})
    return [
        ToldOption(
            name,
            allowed(properties[name], quote),
            default(model, name, quote),
            " ".join((model.model_fields[name].description or "").split()),
        )
        for name in names
    ]


def first_paragraph(found: type) -> str:
    """Return the beginning of a docstring, in one line; nothing where there is none."""
    return " ".join((inspect.getdoc(found) or "").partition("\n\n")[0].split())


def default(model: type[Options], name: str, quote: str = "") -> str:
    """Return the default of an option as YAML has it."""
    field = model.model_fields[name]
    return REQUIRED if field.is_required() else f"{quote}{as_yaml(field.get_default())}{quote}"


def as_yaml(value: object) -> str:
    """Return a value as YAML has it: `1e-8` would be read as text.

    Examples
    --------
    >>> as_yaml(1e-8), as_yaml(None), as_yaml(["mean", "max"]), as_yaml("hann")
    ('1.0e-08', 'null', '["mean", "max"]', 'hann')
    """
    text = value if isinstance(value, str) else json.dumps(value)
    return re.sub(r"^(-?\d+)e", r"\1.0e", text) if isinstance(value, float) else text


def allowed(schema: Mapping, quote: str = "") -> str:
    """Return the values that a JSON schema allows, in words.

    Examples
    --------
    >>> allowed({"type": "array", "items": {"type": "integer", "minimum": 1}})
    'list of int >= 1'
    """
    if "anyOf" in schema:
        return " or ".join(allowed(one, quote) for one in schema["anyOf"])
    for key in ("enum", "const"):
        if key in schema:
            words = schema[key] if key == "enum" else [schema[key]]
            return ", ".join(f"{quote}{as_yaml(word)}{quote}" for word in words)
    if schema["type"] == "null":
        return f"{quote}null{quote}"
    if schema["type"] == "array":
        return f"list of {allowed(schema['items'], quote)}{_count(schema)}"
    bounds = [f"{sign} {schema[key]:g}" for key, sign in _BOUNDS if key in schema]
    return " ".join([_TYPES[schema["type"]], ", ".join(bounds)]).strip()


def _count(schema: Mapping) -> str:
    least, most = schema.get("minItems", 0), schema.get("maxItems")
    return f"; {most} of them" if most == least else ""
