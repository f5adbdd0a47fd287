"""Validation of configuration and report files against JSON schemas, with one-line messages."""

import difflib
from collections.abc import Mapping

import jsonschema
import yaml
from jsonschema.exceptions import ValidationError, best_match

from mimii_bench.util.errors import UserError


def check(document: dict, schema: dict, name: str) -> None:
    """Check `document` against a JSON `schema`.

    Raises UserError that names the file `name`, the key, the value and what is allowed.
    """
    validator = jsonschema.Draft202012Validator(schema)
    error = best_match(validator.iter_errors(document))
    if error is not None:
        key = ".".join(str(part) for part in error.absolute_path)
        where = f"{name}: {key}" if key else name
        raise UserError(f"{where}: {_explain(error)}")


def coerced(value: object, schema: Mapping, root: Mapping | None = None) -> object:
    """Return a document in which text stands for what a `schema` wants, where it is no text.

    Snakemake's `--config 'mimii={download: true}'` hands on what is nested as text alone. What
    reads as nothing that is allowed stays as it is, for `check` to name.

    Examples
    --------
    >>> coerced({"download": "true"}, {"properties": {"download": {"type": "boolean"}}})
    {'download': True}
    """
    root = schema if root is None else root
    if isinstance(reference := schema.get("$ref"), str):
        schema = root["$defs"][reference.removeprefix("#/$defs/")]
    if isinstance(value, Mapping):
        known = schema.get("properties", {})
        return {key: coerced(one, known.get(key, {}), root) for key, one in value.items()}
    if isinstance(value, list):
        return [coerced(one, schema.get("items", {}), root) for one in value]
    kinds = schema.get("type", "string")
    if isinstance(value, str) and "string" not in ([kinds] if isinstance(kinds, str) else kinds):
        return _read_as(kinds, value)
    return value


def _read_as(kinds: str | list[str], text: str) -> object:
    """Return what a text means in YAML where it is of the wanted type, else the text."""
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError:
        return text
    return found if jsonschema.Draft202012Validator({"type": kinds}).is_valid(found) else text


def _explain(error: ValidationError) -> str:
    if error.validator == "enum":
        allowed = ", ".join(str(value) for value in error.validator_value)
        return f"{error.instance!r} is not one of {allowed}{_guess(error.instance, error)}"
    if error.validator == "additionalProperties":
        known = list(error.schema.get("properties", {}))
        unknown = sorted(set(error.instance) - set(known))
        return f"unknown key {unknown[0]!r}; allowed: {', '.join(known)}"
    return error.message


def _guess(value: object, error: ValidationError) -> str:
    close = difflib.get_close_matches(str(value), map(str, error.validator_value), 1)
    return f"; did you mean {close[0]}?" if close else ""
