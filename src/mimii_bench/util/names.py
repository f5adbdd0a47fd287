"""What the names in the source of a package stand for.

Files are read where they are asked for, once. A foreign module, of which no file is followed, has
none.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from importlib.machinery import PathFinder
from importlib.util import resolve_name
from pathlib import Path

from mimii_bench.util.definitions import Chain, Contents, Definition, Import, read, read_whole
from mimii_bench.util.errors import UserError


class File:
    """A source file under the name that it is imported by.

    Parameters
    ----------
    path : Path
    name : str
        Of the module.
    contents : Contents
    folder : Path, optional
        Of a file outside all packages: where it finds others by their names.
    """

    def __init__(self, path: Path, name: str, contents: Contents, folder: Path | None):
        self.path, self.name, self.contents, self.folder = path, name, contents, folder

    @property
    def package(self) -> str:
        """The package in which relative imports start."""
        is_package = self.path.name == "__init__.py"
        return self.name if is_package else self.name.rpartition(".")[0]

    def absolute(self, module: str) -> str:
        """Return the full name of a module that an import statement in the file names."""
        if not module.startswith("."):
            return module
        return resolve_name(module, self.package) if self.package else module.lstrip(".")


#: What a name may stand for.
Thing = Definition | File


class Names:
    """The modules of some packages, and what names stand for in them.

    Parameters
    ----------
    folders : mapping of str to Path
        The folder of each package, by name.
    """

    def __init__(self, folders: Mapping[str, Path]):
        self._folders = folders
        self._files: dict[tuple[Path, str, bool], File] = {}
        self._homes: dict[Definition, File] = {}
        self._looked_up: dict[tuple[File, str], tuple[Thing, ...]] = {}
        # A module is asked for some hundred times.
        self._path = cache(self._path_of)

    def file(self, place: str) -> File:
        """Return the file of a module by its name, or that at a path.

        Raises
        ------
        UserError
            There is none.
        """
        path = Path(place).resolve() if is_file(place) else None
        name = next(self._names_of(path), None) if path else place
        found = self.module(name) if name else self.outside(path)
        if found is None:
            raise UserError(f"{place} is no module of {', '.join(self._folders)}")
        return found

    def _names_of(self, path: Path) -> Iterator[str]:
        for name, folder in self._folders.items():
            if path.is_relative_to(folder):
                full = ".".join([name, *path.relative_to(folder).with_suffix("").parts])
                yield full.removesuffix(".__init__")

    def outside(self, path: Path, whole: bool = False) -> File:
        """Return a file that is in no package; `whole` where it is run rather than imported."""
        if not path.is_file():
            raise UserError(f"there is no file {path}")
        return self._file(path, path.stem, path.parent, whole)

    def _file(self, path: Path, name: str, folder: Path | None, whole: bool = False) -> File:
        key = path, name, whole
        if key not in self._files:
            contents = read_whole(path) if whole else read(path)
            self._files[key] = File(path, name, contents, folder)
            self._settle(self._files[key])
        return self._files[key]

    def _settle(self, file: File) -> None:
        contents = file.contents
        for definition in [*contents.always, *joined(contents.definitions)]:
            for one in [definition, *joined(definition.methods)]:
                self._homes[one] = file

    def module(self, name: str, asking: File | None = None) -> File | None:
        """Return the file of a module, as `asking` imports it; None where it is a foreign one."""
        full = asking.absolute(name) if asking else name
        folder = asking.folder if asking else None
        path = self._path(full, folder)
        inside = full.partition(".")[0] in self._folders
        return self._file(path, full, None if inside else folder) if path else None

    def _path_of(self, name: str, folder: Path | None = None) -> Path | None:
        first, *parts = name.split(".")
        place = self._folders.get(first, folder and folder / first)
        if not place or not first:
            return None
        base = place.joinpath(*parts)
        candidates = base.with_suffix(".py"), base / "__init__.py"
        return next((path for path in candidates if path.is_file()), None)

    def home(self, definition: Definition) -> File:
        """Return the file in which a definition stands."""
        return self._homes[definition]

    def label(self, thing: Thing) -> str:
        """Return the name of a definition or a file, for people."""
        if isinstance(thing, File):
            return thing.name
        return f"{self.home(thing).name}:{thing.name}"

    def look_up(self, file: File, name: str) -> tuple[Thing, ...]:
        """Return what a name stands for in a module, seen from outside."""
        key = file, name
        if key not in self._looked_up:
            # A name that two modules import of one another stands for nothing.
            self._looked_up[key] = ()
            self._looked_up[key] = tuple(dict.fromkeys(self._look_up(file, name)))
        return self._looked_up[key]

    def _look_up(self, file: File, name: str) -> Iterator[Thing]:
        contents = file.contents
        yield from contents.definitions.get(name, ())
        for imported in contents.bindings.get(name, ()):
            yield from self.imported(file, imported)
        for everything in contents.bindings.get("*", ()):
            yield from self.imported(file, Import(everything.module, name))
        if file.path.name == "__init__.py":
            module = self.module(f"{file.name}.{name}", file)
            yield from [module] if module else []

    def imported(self, file: File, imported: Import) -> tuple[Thing, ...]:
        """Return what an import statement binds a name to; nothing where that is foreign."""
        module = self.module(imported.module, file)
        if not imported.name:
            return (module,) if module else ()
        found = self.look_up(module, imported.name) if module else ()
        if found:
            return found
        submodule = self.module(f"{file.absolute(imported.module)}.{imported.name}", file)
        return (submodule,) if submodule else ()

    def named(self, definition: Definition, chain: Chain) -> tuple[list[Thing], set[Import]]:
        """Return what a chain stands for in a definition, and the imports that it goes through."""
        file, name = self.home(definition), chain[0]
        imports = file.contents.bindings.get(name, set()) | definition.mentions.bindings.get(
            name, set()
        )
        found: list[Thing] = [*file.contents.definitions.get(name, ())]
        for imported in imports:
            found += self.imported(file, imported)
        if not found and "*" in file.contents.bindings:
            found += self.look_up(file, name)
        return list(self._followed(found, chain[1:])), imports

    def _followed(self, things: Iterable[Thing], attributes: Chain) -> Iterator[Thing]:
        for thing in things:
            if attributes and isinstance(thing, File):
                yield from self._followed(self.look_up(thing, attributes[0]), attributes[1:])
            else:
                yield thing

    def by_text(self, name: str) -> Iterator[Thing]:
        """Yield what a string names: in full, or as a report does, without its room."""
        yield from self._by_full_name(name)
        for room in self._rooms:
            yield from self._by_full_name(f"{room}.{name}")

    @cached_property
    def _rooms(self) -> list[str]:
        return [
            f"{name}.{path.parent.name}"
            for name, folder in self._folders.items()
            for path in sorted(folder.glob("*/__init__.py"))
        ]

    def _by_full_name(self, name: str) -> tuple[Thing, ...]:
        if module := self.module(name):
            return (module,)
        place, _, own = name.rpartition(".")
        module = self.module(place)
        return self.look_up(module, own) if module else ()


def joined(definitions: Mapping[str, Iterable[Definition]]) -> list[Definition]:
    """Return all definitions, of whatever name."""
    return [one for several in definitions.values() for one in several]


def is_file(place: str | Path) -> bool:
    """Tell whether it is a file, and perhaps a name in it, rather than a module."""
    return isinstance(place, Path) or ".py" in (place[-3:], place.rpartition(":")[0][-3:])


def installed(name: str) -> Path:
    """Return where an installed package stands: its folder, or its file without the ending."""
    spec = PathFinder.find_spec(name)
    if spec and spec.submodule_search_locations:
        return Path(next(iter(spec.submodule_search_locations)))
    if spec and spec.origin and spec.origin.endswith(".py"):
        return Path(spec.origin).with_suffix("")
    raise UserError(f"{name} is no package that is installed; install it, or set PYTHONPATH")
