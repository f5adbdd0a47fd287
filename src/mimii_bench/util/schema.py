"""Validation of configuration and report files against JSON schemas, with one-line messages."""

import difflib
from collections.abc import Mapping
from math import isfinite
from pathlib import Path

import jsonschema
import yaml
from jsonschema.exceptions import ValidationError, best_match

from mimii_bench.util.documents import parsed_yaml, read_yaml
from mimii_bench.util.errors import UserError
from mimii_bench.util.texts import shown

#: Python's `$` alone allows the end of a line behind it.
END_OF_TEXT = r"$(?!\n)"


def _is_whole(_: object, value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_finite(_: object, value: object) -> bool:
    return _is_whole(_, value) or (isinstance(value, float) and isfinite(value))


#: JSON knows neither NaN nor infinity, which YAML has; and 1.0 is no count.
_Validator = jsonschema.validators.extend(
    jsonschema.Draft202012Validator,
    type_checker=jsonschema.Draft202012Validator.TYPE_CHECKER.redefine_many(
        {"integer": _is_whole, "number": _is_finite}
    ),
)


def read_schema(root: Path, name: str, definitions: Mapping | None = None) -> dict:
    """Return one of the schemas of a checkout, with all that it may refer to.

    That are its own definitions, those that schemas share, and further `definitions`.
    """
    schema, shared = (
        read_yaml(root / "workflow/schemas" / f"{one}.schema.yaml") for one in (name, "shared")
    )
    known = {**shared["$defs"], **schema.get("$defs", {}), **(definitions or {})}
    return {**schema, "$defs": known}


def check(document: dict, schema: dict, name: str) -> None:
    """Check `document` against a JSON `schema`.

    Raises UserError that names the file `name`, the key, the value and what is allowed.
    """
    validator = _Validator(schema)
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
        found = parsed_yaml(text)
    except yaml.YAMLError:
        return text
    return found if _Validator({"type": kinds}).is_valid(found) else text


def _explain(error: ValidationError) -> str:
    if error.validator == "enum":
        allowed = ", ".join(str(value) for value in error.validator_value)
        return f"{shown(error.instance)} is not one of {allowed}{_guess(error.instance, error)}"
    if error.validator == "additionalProperties":
        known = list(error.schema.get("properties", {}))
        unknown = sorted(set(map(str, error.instance)) - set(known))
        return f"unknown key {shown(unknown[0])}; allowed: {', '.join(known)}"
    if error.validator == "pattern":
        told = f"{shown(error.instance)} does not match {_plain(error.validator_value)}"
        return ": ".join(filter(None, (told, error.schema.get("description"))))
    if error.validator in ("anyOf", "oneOf"):
        return _explain_choice(error)
    return error.message if len(error.message) < 300 else _without(error)


def _explain_choice(error: ValidationError) -> str:
    """Return what is wrong with what is none of several things: a key that none has, or all."""
    unknown = [one for one in error.context if one.validator == "additionalProperties"]
    if unknown:
        return _explain(unknown[0])
    wanted = error.schema.get("description")
    return f"{shown(error.instance)} is not allowed; write {wanted}" if wanted else _without(error)


def _plain(pattern: str) -> str:
    """Return a pattern without what keeps `$` from matching before the end of a line."""
    return pattern.removesuffix(END_OF_TEXT.removeprefix("$"))


def _without(error: ValidationError) -> str:
    """Return an error's message with what was found in short."""
    return error.message.replace(repr(error.instance), shown(error.instance))[:300]


def _guess(value: object, error: ValidationError) -> str:
    close = difflib.get_close_matches(str(value), map(str, error.validator_value), 1)
    return f"; did you mean {close[0]}?" if close else ""
