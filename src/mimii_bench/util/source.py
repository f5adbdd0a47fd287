"""Code as an input by its meaning: a digest of all that a job runs of the source.

Two texts mean the same when their syntax trees are equal without comments, docstrings,
descriptions of options and positions. What runs is found by names, from the definitions that a job
starts with: a definition that runs makes those run whose names it mentions. That takes too much
rather than too little, yet it is far less than all modules that are imported.

- A name stands for a definition of its module, or for what the module imports under that name.
- A class that runs does so with its class-level statements, its bases and its dunder methods.
  Another method runs only where anything that runs mentions its name as an attribute, a keyword or
  a string; of a class that is derived from a foreign one, which may call them, all methods do.
- A module that is passed on as a value, or named by a string, is treated as such a class.
- Statements that define nothing run when their module is imported. So does what has a decorator,
  unless that is known to do nothing else; where it is one of ours, only if anything that runs
  mentions a constant that it fills.

A module that is imported by a name which no text holds must be given as a root. A file is read once
in a process.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from hashlib import blake2b
from importlib.machinery import PathFinder
from importlib.util import resolve_name
from pathlib import Path

from mimii_bench.util.definitions import Chain, Contents, Definition, Import, read, read_whole
from mimii_bench.util.errors import UserError

_ROOT = Path(__file__).parents[1]

#: Foreign base classes that call no methods but dunder ones.
QUIET = frozenset(
    [
        *("object", "Protocol", "NamedTuple", "TypedDict", "ABC", "Generic"),
        *("Enum", "IntEnum", "StrEnum", "Exception", "RuntimeError", "ValueError"),
    ]
)


def digest(
    *roots: str | Path, script: str | Path | None = None, without: Iterable[str] = ()
) -> str:
    """Return a digest of the meaning of all source that is reached from `roots`.

    Parameters
    ----------
    *roots : str or Path
        What a job starts with: `package.module` (all that it defines), `package.module:name` (a
        class, function or constant), `package.module:Class.method`, or a file, as
        `/path/file.py` and `/path/file.py:name`. Other packages than this one are followed only
        where a root stands in them.
    script : str or Path, optional
        A file that is run as a whole.
    without : iterable of str
        Modules that are not followed: what is reached through them alone does not count.

    Returns
    -------
    str
        32 hexadecimal digits. They depend on the Python version, whose syntax trees they are of.

    Raises
    ------
    UserError
        For a root that is not there.

    Examples
    --------
    >>> digest("mimii_bench.util.seeds") == digest("mimii_bench.util.seeds")
    True
    """
    return _own().digest(*roots, script=script, without=frozenset(without))


def reached(
    *roots: str | Path, script: str | Path | None = None, without: Iterable[str] = ()
) -> list[str]:
    """Return the names of all definitions that `digest` is made of, as `package.module:name`.

    Examples
    --------
    >>> reached("mimii_bench.util.errors:UserError")
    ['mimii_bench.util.errors:UserError']
    """
    return _own().reached(*roots, script=script, without=frozenset(without))


@cache
def _own() -> "Package":
    return Package(_ROOT, _ROOT.name)


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


#: What leads from a definition to all others of its module.
_OF_ITS_MODULE = {("globals",), ("__name__",)}

#: What a name may stand for.
Thing = Definition | File


class Package:
    """The source of a package, read where it is asked for.

    Parameters
    ----------
    root : Path
        The package's folder.
    name : str
    others : mapping of str to Path, optional
        Further packages to follow, by name.
    """

    def __init__(self, root: Path, name: str, others: Mapping[str, Path] | None = None):
        self._folders = {name: root, **(others or {})}
        self._files: dict[tuple[Path, str, bool], File] = {}
        self._homes: dict[Definition, File] = {}
        self._looked_up: dict[tuple[File, str], tuple[Thing, ...]] = {}
        self._links: dict[Definition, Links] = {}
        self._derived: dict[Definition, bool] = {}
        self._registries: dict[Definition, set[Definition] | None] = {}
        self.digest = cache(self._digest)

    def reached(
        self,
        *roots: str | Path,
        script: str | Path | None = None,
        without: frozenset[str] = frozenset(),
    ) -> list[str]:
        """Return the names of what is reached, as `module:name`."""
        package = self._following(roots)
        return sorted(set(map(package.label, package._reach(roots, script, without))))

    def _digest(
        self,
        *roots: str | Path,
        script: str | Path | None = None,
        without: frozenset[str] = frozenset(),
    ) -> str:
        package = self._following(roots)
        found = package._reach(roots, script, without)
        meanings = sorted(package.links(one).meaning for one in found)
        return blake2b(b"".join(meanings), digest_size=16).hexdigest()

    def _following(self, roots: Iterable[str | Path]) -> "Package":
        """Return the package with those that roots stand in; itself where there are no others."""
        places = [str(root).partition(":")[0] for root in roots if not _is_file(root)]
        names = {place.partition(".")[0] for place in places}
        others = names - self._folders.keys()
        return self._extended(tuple(sorted(others))) if others else self

    @cached_property
    def _extended(self):
        (name, root), *_ = self._folders.items()
        return cache(lambda others: Package(root, name, {one: _place(one) for one in others}))

    def _reach(
        self, roots: Iterable[str | Path], script: str | Path | None, without: frozenset[str]
    ) -> set[Definition]:
        reach = Reach(self, without)
        for root in roots:
            self._start(reach, root)
        if script:
            reach.run(self._outside(Path(script).resolve(), whole=True))
        return reach.finish()

    def _start(self, reach: "Reach", root: str | Path) -> None:
        place, colon, name = str(root).rpartition(":")
        file = self._root_file(place if colon else name)
        reach.run(file)
        if not colon:
            for definitions in file.contents.definitions.values():
                reach.take(definitions)
            return
        first, *rest = name.split(".")
        found = self.look_up(file, first)
        if not found:
            raise UserError(f"{root}: {file.path.name} has no name {first!r}")
        reach.take(found)
        reach.mention(rest)

    def _root_file(self, place: str) -> File:
        path = Path(place).resolve() if _is_file(place) else None
        if path is None:
            file = self.module(place)
        else:
            inside = [name for name in self._names_of(path) if self._path(name) == path]
            file = self.module(inside[0]) if inside else self._outside(path)
        if file is None:
            raise UserError(f"{place} is no module of {', '.join(self._folders)}")
        return file

    def _names_of(self, path: Path) -> Iterator[str]:
        for name, folder in self._folders.items():
            if path.is_relative_to(folder):
                yield ".".join([name, *path.relative_to(folder).with_suffix("").parts])

    def _outside(self, path: Path, whole: bool = False) -> File:
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
        for definition in [*contents.always, *_joined(contents.definitions)]:
            for one in [definition, *_joined(definition.methods)]:
                self._homes[one] = file

    def module(self, name: str, asking: File | None = None) -> File | None:
        """Return the file of a module, as `asking` imports it; None where it is a foreign one."""
        full = asking.absolute(name) if asking else name
        folder = asking.folder if asking else None
        path = self._path(full, folder)
        inside = full.partition(".")[0] in self._folders
        return self._file(path, full, None if inside else folder) if path else None

    def _path(self, name: str, folder: Path | None = None) -> Path | None:
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

    def links(self, definition: Definition) -> "Links":
        """Return what a definition leads to."""
        if definition not in self._links:
            self._links[definition] = Links(self, definition)
        return self._links[definition]

    def registries(self, definition: Definition) -> set[Definition] | None:
        """Return the constants that a definition is entered in when its module is imported.

        None where its decorators may do anything.
        """
        if definition not in self._registries:
            self._registries[definition] = self._decorated(definition)
        return self._registries[definition]

    def _decorated(self, definition: Definition) -> set[Definition] | None:
        own, inner = definition.decorators, definition.inner_decorators
        chains = [*own, *(chain for chain in inner if chain and self.named(definition, chain)[0])]
        if (not own and not inner) or not all(chains):
            return None
        found: set[Definition] = set()
        for chain in chains:
            things, _ = self.named(definition, chain)
            filled = self._filled(things) if things and len(chain) == 1 else None
            if filled is None:
                return None
            found |= filled
        return found

    def _filled(self, decorators: Iterable[Thing]) -> set[Definition] | None:
        """Return the constants that are reached from our decorators; None where anything is."""
        found, waiting = set(), list(decorators)
        seen: set[Thing] = set()
        while waiting:
            thing = waiting.pop()
            if isinstance(thing, File) or thing.decorators:
                return None
            if thing not in seen and not thing.is_constant:
                waiting += self.links(thing).things
            seen.add(thing)
            found |= {thing} if thing.is_constant else set()
        return found

    def is_foreign(self, definition: Definition) -> bool:
        """Tell whether a class is derived from one outside, which may call any method."""
        if definition not in self._derived:
            self._derived[definition] = True
            bases = definition.bases
            self._derived[definition] = bases is None or any(
                self._is_foreign_base(definition, base) for base in bases
            )
        return self._derived[definition]

    def _is_foreign_base(self, definition: Definition, base: Chain) -> bool:
        found = self.named(definition, base)[0] if base else []
        if not found:
            return base[-1:] == () or base[-1] not in QUIET
        return any(isinstance(one, File) or self.is_foreign(one) for one in found)


class Links:
    """What a definition leads to.

    Attributes
    ----------
    things : list of Thing
        What the names stand for that it mentions.
    imports : list of File
        Modules that its import statements run.
    meaning : bytes
        Digest of its name, its syntax tree and of what its imported names stand for.
    """

    def __init__(self, package: Package, definition: Definition):
        file = package.home(definition)
        modules = (package.module(name, file) for name in sorted(definition.mentions.imports))
        self.imports = [module for module in modules if module]
        self.things: list[Thing] = []
        lines = []
        for chain in sorted(definition.mentions.chains):
            found, imports = package.named(definition, chain)
            self.things += found
            if imports:
                labels = {package.label(one) for one in found} or {
                    f"{file.absolute(one.module)}:{one.name}" for one in imports
                }
                lines.append((chain, sorted(labels)))
        for name in sorted(definition.mentions.modules):
            self.things += package.by_text(name)
        if definition.mentions.chains & _OF_ITS_MODULE:
            self.things.append(file)
        facts = repr((package.label(definition), definition.meaning, lines))
        self.meaning = blake2b(facts.encode(), digest_size=16).digest()


class Reach:
    """The definitions that run, found step by step.

    Parameters
    ----------
    package : Package
    without : set of str
        Names of modules that are not followed.
    """

    def __init__(self, package: Package, without: frozenset[str]):
        self._package, self._without = package, without
        self._found: set[Definition] = set()
        self._run: set[File] = set()
        self._opened: set[File] = set()
        self._mentioned: set[str] = set()
        #: What waits for its name to be mentioned.
        self._waiting: dict[str, list[Thing]] = defaultdict(list)
        self._next: list[Definition] = []
        #: What waits for a constant in which it is entered.
        self._entered: dict[Definition, list[Definition]] = defaultdict(list)

    def finish(self) -> set[Definition]:
        """Follow all that was taken, and return all that was found."""
        while self._next:
            definition = self._next.pop()
            links = self._package.links(definition)
            self.run(self._package.home(definition), *links.imports)
            self.take(links.things)
            self.mention(definition.mentions.attributes)
            if self._package.is_foreign(definition):
                self.take(_joined(definition.methods))
            else:
                self._offer(definition.methods)
        return self._found

    def take(self, things: Iterable[Thing]) -> None:
        """Count what a name stands for among what runs."""
        for thing in things:
            if self._stops_at(thing):
                continue
            if isinstance(thing, File):
                self._open(thing)
            elif thing not in self._found:
                self._found.add(thing)
                self._next.append(thing)
                self.take(self._entered.pop(thing, ()))

    def _stops_at(self, thing: Thing) -> bool:
        file = thing if isinstance(thing, File) else self._package.home(thing)
        return file.name in self._without

    def _open(self, file: File) -> None:
        """Let attributes be taken of a module whose whereabouts are not followed."""
        if file not in self._opened:
            self._opened.add(file)
            self.run(file)
            contents = file.contents
            names = contents.definitions.keys() | contents.bindings.keys() - {"*"}
            self._offer({name: self._package.look_up(file, name) for name in names})

    def _offer(self, members: Mapping[str, Iterable[Thing]]) -> None:
        for name, things in members.items():
            if name in self._mentioned:
                self.take(things)
            else:
                self._waiting[name].extend(things)

    def mention(self, names: Iterable[str]) -> None:
        """Take what waits for one of the `names`, now or later."""
        for name in set(names) - self._mentioned:
            self._mentioned.add(name)
            self.take(self._waiting.pop(name, ()))

    def run(self, *files: File) -> None:
        """Count what runs when files are imported, and all that they import."""
        waiting = list(files)
        while waiting:
            file = waiting.pop()
            if file in self._run or self._stops_at(file):
                continue
            self._run.add(file)
            for definition in file.contents.always:
                self._enter(definition)
            names = [*file.contents.imports, *_parents(file.name)]
            modules = [self._package.module(name, file) for name in names]
            waiting += [module for module in modules if module]

    def _enter(self, definition: Definition) -> None:
        registries = self._package.registries(definition)
        if registries is None or registries & self._found:
            self.take([definition])
        else:
            for registry in registries:
                self._entered[registry].append(definition)


def _joined(definitions: Mapping[str, Iterable[Definition]]) -> list[Definition]:
    return [one for several in definitions.values() for one in several]


def _parents(name: str) -> Iterator[str]:
    while name := name.rpartition(".")[0]:
        yield name


def _is_file(root: str | Path) -> bool:
    return isinstance(root, Path) or ".py" in (root[-3:], root.rpartition(":")[0][-3:])


def _place(name: str) -> Path:
    """Return where an installed package stands: its folder, or its file without the ending."""
    spec = PathFinder.find_spec(name)
    if spec and spec.submodule_search_locations:
        return Path(next(iter(spec.submodule_search_locations)))
    if spec and spec.origin and spec.origin.endswith(".py"):
        return Path(spec.origin).with_suffix("")
    raise UserError(f"{name} is no package that is installed; install it, or set PYTHONPATH")
