"""Options: what a report may say of a feature, a system, a threshold, a split or a figure.

Declared once, as a pydantic model with types, ranges, allowed values and meaning. From the model
come the check when the workflow is read, the defaults, and the reference documentation.
"""

from collections.abc import Mapping
from typing import TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from mimii_bench.util.errors import UserError
from mimii_bench.util.texts import shown


class Options(BaseModel):
    """Base of all options: unknown names are errors, and text is no number.

    A field is declared as ``Annotated[int, Field(ge=1, description="Frames per window.")] = 5``;
    one of several words as ``Literal["hann", "hamming"]``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


def each_once(what: str) -> AfterValidator:
    """Return the annotation of a list in which no `what` is named twice."""

    def check(names: list[str]) -> list[str]:
        if len(set(names)) < len(names):
            raise ValueError(f"{names}: name each {what} once")
        return names

    return AfterValidator(check)


Model = TypeVar("Model", bound=Options)

#: No count of an option is larger, whatever it counts; torch and NumPy overflow behind it.
LARGEST = 10**9


class Component:
    """What a report names by class and gives options.

    A subclass declares them in a model of its own, `class Options(Component.Options)`; an object
    is made with them as keywords, and holds them, checked, in `options`.
    """

    class Options(Options):
        """It takes no options."""

    def __init__(self, **options):
        self.options = checked(self.Options, options, type(self).__name__)


def checked(model: type[Model], values: Mapping, name: str, where: str = "") -> Model:
    """Return values as an object of a model, with its defaults.

    Parameters
    ----------
    model : type of Options
    values : mapping
        The options that are given.
    name : str
        What takes them.
    where : str
        The key that they stand under.

    Raises
    ------
    UserError
        In one line, for the first option that does not exist, is missing or has a value that is
        not allowed.
    """
    for option in model.model_fields.keys() & values.keys():
        _check_size(values[option], ".".join(filter(None, (where, option))))
    try:
        # YAML has numbers and nothing for keys too, which no option is called.
        return model(**{str(key): value for key, value in values.items()})
    except ValidationError as error:
        # A misspelt name comes before the one that is then missing.
        errors = sorted(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
        raise UserError(_explained(errors, values, model, name, where)) from None


def _check_size(value: object, key: str) -> None:
    """Refuse whole numbers that are too large for any option, wherever in a value they stand."""
    if isinstance(value, list):
        for place, one in enumerate(value):
            _check_size(one, f"{key}.{place}")
    elif isinstance(value, int) and abs(value) > LARGEST:
        raise UserError(
            f"{key}: {shown(value)} is not allowed: whole numbers should be at most {LARGEST}"
        )


def _explained(
    errors: list[ErrorDetails], values: Mapping, model: type[Options], name: str, where: str
) -> str:
    """Return in one line what the first of some errors is, and all that its place may hold."""
    error, place = errors[0], _place(errors[0], values)
    key = ".".join(filter(None, (where, place)))
    if error["type"] == "extra_forbidden":
        there = ", ".join(model.model_fields) or "none"
        return f"{key}: {name} has no such option; it has {there}"
    if error["type"] == "missing":
        return f"{where or name}: {name} needs the option {place}"
    if error["type"] == "value_error":
        return f"{key or name}: {_told(error)}"
    found = error["input"]
    same = dict.fromkeys(_told(one) for one in errors if _place(one, values) == place)
    return f"{key}: {shown(found)} is not allowed: {', or '.join(same)}{_number_hint(found)}"


def _place(error: ErrorDetails, values: object) -> str:
    """Return the key of an error, without the names that pydantic gives to parts of a type."""
    parts = []
    for part in error["loc"]:
        # No option is a mapping: what is said of one below it is pydantic's.
        if not isinstance(values, list if parts else Mapping):
            break
        if isinstance(values, list) and not isinstance(part, int):
            continue
        parts.append(str(part))
        is_there = part in values if isinstance(values, Mapping) else isinstance(part, int)
        values = values[part] if is_there else None
    return ".".join(parts)


def _told(error: ErrorDetails) -> str:
    message = error["msg"].removeprefix("Value error, ")
    return message[:1].lower() + message[1:]


def _number_hint(found: object) -> str:
    """YAML reads 1e-4, without a point, as text."""
    try:
        number = float(found) if isinstance(found, str) else None
    except ValueError:
        number = None
    if number is None:
        return ""
    if number.is_integer():
        return f"; write {int(number)}"
    mantissa, exponent, power = repr(number).partition("e")
    return f"; write {mantissa if '.' in mantissa else f'{mantissa}.0'}{exponent}{power}"
