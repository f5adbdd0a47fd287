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

A module that is imported by a name which no text holds must be given as a root. What foreign code
alone calls of an object by its name, as `read` of a file, is seen only where the object's class is
derived from a foreign one. Files are read once in a process.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from hashlib import blake2b
from pathlib import Path

from mimii_bench.util.definitions import Chain, Definition
from mimii_bench.util.errors import UserError
from mimii_bench.util.memory import MEMORY, contents
from mimii_bench.util.names import File, Names, Thing, installed, is_file, joined

_ROOT = Path(__file__).parents[1]

#: Foreign base classes that call no methods but dunder ones.
QUIET = frozenset(
    [
        *("object", "Protocol", "NamedTuple", "TypedDict", "ABC", "Generic"),
        *("Enum", "IntEnum", "StrEnum", "Exception", "RuntimeError", "ValueError"),
    ]
)
#: What leads from a definition to all others of its module.
_OF_ITS_MODULE = {("globals",), ("__name__",)}


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
    return _recalled(roots, script, frozenset(without))


@cache
def _recalled(
    roots: tuple[str | Path, ...], script: str | Path | None, without: frozenset[str]
) -> str:
    def compute() -> str:
        return _own().digest(*roots, script=script, without=without)

    if not all(_is_own(root) for root in roots):
        return compute()
    beside = contents(Path(script).parent) if script else ""
    name = Path(script).name if script else ""
    return MEMORY.recall(["digest", roots, name, beside, sorted(without)], compute)


def _is_own(root: str | Path) -> bool:
    """Tell whether a root stands in this package, whose contents a memory is stamped with."""
    return not is_file(root) and str(root).startswith((f"{_ROOT.name}.", f"{_ROOT.name}:"))


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


class Package:
    """The source of a package, as what runs of it from some start.

    Parameters
    ----------
    root : Path
        The package's folder.
    name : str
    others : mapping of str to Path, optional
        Further packages to follow, by name.
    """

    def __init__(self, root: Path, name: str, others: Mapping[str, Path] | None = None):
        self._root, self._name = root, name
        self._folders = {name: root, **(others or {})}
        self.names = Names(self._folders)
        self._links: dict[Definition, Links] = {}
        self._derived: dict[Definition, bool] = {}
        self._registries: dict[Definition, set[Definition] | None] = {}
        self._with = cache(self._extended)
        self.digest = cache(self._digest)

    def reached(
        self,
        *roots: str | Path,
        script: str | Path | None = None,
        without: frozenset[str] = frozenset(),
    ) -> list[str]:
        """Return the names of what is reached, as `module:name`."""
        package = self._following(roots)
        return sorted(set(map(package.names.label, package._reach(roots, script, without))))

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
        places = [str(root).partition(":")[0] for root in roots if not is_file(root)]
        others = {place.partition(".")[0] for place in places} - self._folders.keys()
        return self._with(frozenset(others)) if others else self

    def _extended(self, others: frozenset[str]) -> "Package":
        return Package(self._root, self._name, {one: installed(one) for one in sorted(others)})

    def _reach(
        self, roots: Iterable[str | Path], script: str | Path | None, without: frozenset[str]
    ) -> set[Definition]:
        reach = Reach(self, without)
        for root in roots:
            self._start(reach, root)
        if script:
            reach.run(self.names.outside(Path(script).resolve(), whole=True))
        return reach.finish()

    def _start(self, reach: "Reach", root: str | Path) -> None:
        place, colon, name = str(root).rpartition(":")
        file = self.names.file(place if colon else name)
        reach.run(file)
        if not colon:
            reach.take(joined(file.contents.definitions))
            return
        first, *rest = name.split(".")
        found = self.names.look_up(file, first)
        if not found:
            raise UserError(f"{root}: {file.path.name} has no name {first!r}")
        reach.take(found)
        reach.mention(rest)

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
        # Foreign decorators of methods, as those of pydantic, matter only to the class.
        chains = [*own, *(one for one in inner if one and self.names.named(definition, one)[0])]
        filled = [self._filled(definition, chain) for chain in chains]
        is_known = (own or inner) and None not in filled
        return set().union(*filled) if is_known else None

    def _filled(self, definition: Definition, decorator: Chain) -> set[Definition] | None:
        """Return the constants that are reached from a decorator; None where anything is."""
        waiting = self.names.named(definition, decorator)[0] if len(decorator) == 1 else []
        found: set[Definition] | None = set() if waiting else None
        seen: set[Thing] = set()
        while waiting:
            thing = waiting.pop()
            if isinstance(thing, File) or thing.decorators:
                return None
            if thing.is_constant:
                found.add(thing)
            elif thing not in seen:
                waiting += self.links(thing).things
            seen.add(thing)
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
        found = self.names.named(definition, base)[0] if base else []
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
        names = package.names
        file = names.home(definition)
        modules = (names.module(name, file) for name in sorted(definition.mentions.imports))
        self.imports = [module for module in modules if module]
        self.things: list[Thing] = []
        lines = []
        for chain in sorted(definition.mentions.chains):
            found, imports = names.named(definition, chain)
            self.things += found
            if imports:
                labels = {names.label(one) for one in found} or {
                    f"{file.absolute(one.module)}:{one.name}" for one in imports
                }
                lines.append((chain, sorted(labels)))
        for name in sorted(definition.mentions.modules):
            self.things += names.by_text(name)
        if definition.mentions.chains & _OF_ITS_MODULE:
            self.things.append(file)
        facts = repr((names.label(definition), definition.meaning, lines))
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
            self.run(self._package.names.home(definition), *links.imports)
            self.take(links.things)
            self.mention(definition.mentions.attributes)
            if self._package.is_foreign(definition):
                self.take(joined(definition.methods))
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
        file = thing if isinstance(thing, File) else self._package.names.home(thing)
        return file.name in self._without

    def _open(self, file: File) -> None:
        """Let attributes be taken of a module whose whereabouts are not followed."""
        if file not in self._opened:
            self._opened.add(file)
            self.run(file)
            contents = file.contents
            names = contents.definitions.keys() | contents.bindings.keys() - {"*"}
            self._offer({name: self._package.names.look_up(file, name) for name in names})

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
            modules = [self._package.names.module(name, file) for name in names]
            waiting += [module for module in modules if module]

    def _enter(self, definition: Definition) -> None:
        registries = self._package.registries(definition)
        if registries is None or registries & self._found:
            self.take([definition])
        else:
            for registry in registries:
                self._entered[registry].append(definition)


def _parents(name: str) -> Iterator[str]:
    while name := name.rpartition(".")[0]:
        yield name
