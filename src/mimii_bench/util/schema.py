"""Validation of configuration and report files against JSON schemas, with one-line messages."""

import difflib

import jsonschema
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
