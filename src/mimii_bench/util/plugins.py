"""Features, systems, thresholds and figures by the names that a report gives them: `logmel.LogMel`.

A new one is a new module; no list in between has to learn of it.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path

from mimii_bench.util.errors import UserError


def module_name(kind: str, name: str) -> str:
    """Return the full name of the module that holds `name`; `kind` is the folder it stands in.

    The module is not imported. Raises UserError when there is none.
    """
    module, _, _ = name.partition(".")
    if not (Path(__file__).parents[1] / kind / f"{module}.py").is_file():
        raise UserError(f"{name}: there is no {kind}/{module}.py")
    return f"mimii_bench.{kind}.{module}"


def load(kind: str, name: str) -> Callable:
    """Return a class or function by its name; raises UserError where there is none of that name."""
    module = import_module(module_name(kind, name))
    try:
        return getattr(module, name.partition(".")[2])
    except AttributeError:
        raise no_such_name(kind, name) from None


def no_such_name(kind: str, name: str) -> UserError:
    """Return the error to raise where a module has no such name."""
    module, _, own = name.partition(".")
    return UserError(f"{name}: {kind}/{module}.py has no name {own!r}")


def build(kind: str, description: Mapping):
    """Return the object of a description: its `class`, and beside it the class's parameters."""
    parameters = dict(description)
    return load(kind, parameters.pop("class"))(**parameters)
