"""Feature and system classes by the names that a report gives them: `logmel.LogMel`.

A new system is a new module; no list in between has to learn of it.
"""

from importlib import import_module
from pathlib import Path

from mimii_bench.errors import UserError


def module_name(kind: str, name: str) -> str:
    """Return the full name of the module that holds class `name` of `kind` features or systems.

    The module is not imported. Raises UserError when there is none.
    """
    module = name.split(".")[0]
    folder = Path(__file__).parent / kind
    if not (folder / f"{module}.py").is_file():
        raise UserError(f"{kind}: class {name}: there is no {kind}/{module}.py")
    return f"mimii_bench.{kind}.{module}"


def load(kind: str, name: str) -> type:
    """Return a class by its name; raises UserError when its module has none of that name."""
    module = import_module(module_name(kind, name))
    try:
        return getattr(module, name.split(".")[1])
    except AttributeError:
        raise UserError(f"{kind}: class {name}: {module.__file__} has no such class") from None
