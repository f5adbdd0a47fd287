"""Hostile values for options, made of what each declares: a new class is tried by itself."""

import math
from collections.abc import Iterator, Mapping

from jsonschema import Draft202012Validator

#: What no option takes, whatever it declares.
NEVER = (math.nan, math.inf, -math.inf, [], {}, {"a": 1}, [[]], [None], b"1", 10**400)
#: No count is as large.
ABSURD = (10**12, 10**30)


def wrong_values(schema: Mapping) -> Iterator[object]:
    """Yield values that the JSON schema of an option does not allow, each of another kind."""
    kinds = [kind for kind in schema.get("anyOf", [schema]) if kind.get("type") != "null"]
    yield from NEVER
    if len(kinds) == len(schema.get("anyOf", kinds)):
        yield None
    found = (wrong for kind in kinds for wrong in _wrong_of(kind))
    if len(kinds) == 1:
        yield from found
    else:
        allowed = Draft202012Validator(schema)
        yield from (wrong for wrong in found if not allowed.is_valid(wrong))


def _wrong_of(kind: Mapping) -> Iterator[object]:
    """Yield what a single type does not allow."""
    if "enum" in kind or "const" in kind:
        yield from _wrong_words(kind.get("enum", [kind.get("const")]))
    elif kind["type"] == "array":
        yield from _wrong_lists(kind)
    elif kind["type"] in ("integer", "number"):
        yield from _wrong_numbers(kind)
    elif kind["type"] == "boolean":
        yield from (0, 1, 1.0, "true", "false", "yes", "no", "", [True])
    else:
        yield from (3, 0.5, True, False, ["a"])


def _wrong_words(words: list) -> Iterator[object]:
    for word in words:
        if isinstance(word, str):
            yield from (word.upper(), f"{word} ", f" {word}", word[:-1], f"{word}\n", [word])
        else:
            yield from (str(word), [word], word + 0.5)
    yield from ("", 7, 0.5, "null")


def _wrong_numbers(kind: Mapping) -> Iterator[object]:
    yield from (True, False, "1", "0.5", "1e-4", "a", "", "nan", "null", "1,5", [1])
    if kind["type"] == "integer":
        yield from (1.5, 2.0, 1e3, *ABSURD)
    if "minimum" in kind:
        yield from (kind["minimum"] - 1, -(10**12))
    if "exclusiveMinimum" in kind:
        yield from (kind["exclusiveMinimum"], -1)
    if "maximum" in kind:
        yield from (kind["maximum"] + 1, 10**12)
    if "exclusiveMaximum" in kind:
        yield from (kind["exclusiveMaximum"], 1.5)


def _wrong_lists(kind: Mapping) -> Iterator[object]:
    good = _right_of(kind["items"])
    least, most = kind.get("minItems", 1), kind.get("maxItems")
    yield from (good, str(good), f"[{good}]", {"0": good}, (good,) * least, [good] * (least - 1))
    if most is not None:
        yield [good] * (most + 1)
    for wrong in _wrong_of(kind["items"]):
        yield [*[good] * (max(least, 1) - 1), wrong]
    for wrong in (math.nan, math.inf, None, [good], {}, 10**400):
        yield [wrong, *[good] * (max(least, 1) - 1)]


def _right_of(kind: Mapping) -> object:
    if "enum" in kind:
        return kind["enum"][0]
    return 0.5 if kind["type"] == "number" else kind.get("minimum", 1)
