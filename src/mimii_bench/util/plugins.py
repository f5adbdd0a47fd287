"""Features, systems, thresholds, splits and figures by the names that a report gives them.

`logmel.LogMel` is a class in a module of our own room; `package.module.Class` one of any installed
package; `/path/to/file.py:Class` one in a file, as `./file.py:Class` in report.yaml becomes it. A
new one is a new module; no list in between has to learn of it.
"""

import importlib
import sys
from collections.abc import Callable, Mapping
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from mimii_bench.util.errors import UserError

_PACKAGE = Path(__file__).parents[1]


class Place(NamedTuple):
    """Where the definition of a name stands: a module, or a file, and its name in there."""

    module: str
    name: str
    file: Path | None = None

    @property
    def root(self) -> str:
        """It as `mimii_bench.util.source.digest` takes it."""
        return f"{self.file or self.module}:{self.name}"


def place_of(kind: str, name: str) -> Place:
    """Return where `name` stands, without importing it; `kind` is the room of our own ones.

    Raises UserError when there is no such module or file.
    """
    path, colon, own = name.rpartition(":")
    if colon:
        if not Path(path).is_file():
            raise UserError(f"{name}: there is no file {path}")
        # Files of one name in several folders are several modules.
        number = crc32(str(Path(path).resolve()).encode())
        return Place(f"_mimii_bench_plugin_{Path(path).stem}_{number:08x}", own, Path(path))
    module, _, own = name.rpartition(".")
    if not all(map(str.isidentifier, name.split("."))):
        raise UserError(
            f"{name!r} is no class; write module.Class, package.module.Class or ./file.py:Class"
        )
    if "." in module:
        return Place(module, own)
    if not (_PACKAGE / kind / f"{module or own}.py").is_file():
        raise UserError(f"{name}: there is no {kind}/{module or own}.py")
    return Place(f"mimii_bench.{kind}.{module or own}", own if module else "")


def load(kind: str, name: str) -> Callable:
    """Return a class or function by its name; raises UserError where there is none of that name."""
    place = place_of(kind, name)
    module = _imported(place, name)
    try:
        found = getattr(module, place.name)
    except AttributeError:
        raise UserError(f"{name}: {_file(place)} has no name {place.name!r}") from None
    home = getattr(found, "__module__", place.module)
    if place.module == f"{_PACKAGE.name}.{kind}.{name.rpartition('.')[0]}" and home != place.module:
        raise UserError(f"{name}: {_file(place)} only imports {place.name}, from {home}")
    return found


def _file(place: Place) -> str:
    inside = place.module.removeprefix(f"{_PACKAGE.name}.").split(".")
    return str(place.file or "/".join(inside) + ".py")


def _imported(place: Place, name: str):
    """Return a module; what its own code raises when it is imported is said in one line."""
    try:
        return _import(place, name)
    except UserError:
        raise
    except Exception as error:
        where = place.file or place.module
        sys.modules.pop(place.module, None)
        raise UserError(
            f"{name}: {where} cannot be imported: {type(error).__name__}: {error}"
        ) from error


def _import(place: Place, name: str):
    if place.file is None:
        try:
            return importlib.import_module(place.module)
        except ModuleNotFoundError as error:
            raise UserError(f"{name}: {error}; install it, or set PYTHONPATH") from error
    if place.module not in sys.modules:
        spec = spec_from_file_location(place.module, place.file)
        sys.modules[place.module] = module_from_spec(spec)
        spec.loader.exec_module(sys.modules[place.module])
    return sys.modules[place.module]


def build(kind: str, description: Mapping):
    """Return the object of a description: its `class`, and beside it the class's options."""
    options = dict(description)
    return load(kind, options.pop("class"))(**options)
