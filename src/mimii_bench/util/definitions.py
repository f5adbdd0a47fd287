"""What a source file defines, and which names each of its definitions mentions.

A file is read into definitions: functions, classes, methods, constants, and what remains of its
statements. Of each one a digest of its syntax tree is kept, without comments, docstrings and
positions, and its mentions; the trees, which would slow the garbage collector down, are not.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

#: Decorators of functions that leave what is decorated where it is, to be called by its name.
PLAIN = frozenset(
    [
        *("property", "setter", "getter", "deleter", "cached_property", "staticmethod"),
        *("classmethod", "abstractmethod", "override", "final", "overload", "cache", "lru_cache"),
        *("contextmanager", "no_grad", "inference_mode", "wraps"),
    ]
)
#: Decorators of classes that do not make them known elsewhere.
PLAIN_FOR_CLASSES = frozenset(["dataclass", "final", "runtime_checkable", "total_ordering"])
#: What documents an option and computes nothing.
DOCUMENTATION = frozenset(["description", "title", "examples"])

#: A name and the attributes that are taken of it: `a.b.c` as ("a", "b", "c").
Chain = tuple[str, ...]


@dataclass(frozen=True)
class Import:
    """A name that an import statement binds.

    Parameters
    ----------
    module : str
        What is imported, with a dot in front for every level that it is relative by.
    name : str
        The name that is imported from the module; empty for the module itself, `*` for all.
    """

    module: str
    name: str = ""


@dataclass
class Mentions:
    """The names that a syntax tree mentions.

    Parameters
    ----------
    chains : set of tuple of str
        Names that are read, with the attributes that are taken of them.
    attributes : set of str
        Attributes, keywords, and the parts of strings that are names: `getattr` may take them.
    modules : set of str
        Strings with dots that are names: modules imported by name, perhaps.
    bindings : dict of str to set of Import
        Names that import statements bind.
    imports : set of str
        Modules that import statements run, as `Import.module` has them.
    """

    chains: set[Chain] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    modules: set[str] = field(default_factory=set)
    bindings: dict[str, set[Import]] = field(default_factory=dict)
    imports: set[str] = field(default_factory=set)


@dataclass(eq=False)
class Definition:
    """A part of a file that is taken whole or not at all.

    Parameters
    ----------
    name : str
        Qualified in its file; empty for the statements that define nothing.
    meaning : bytes
        Digest of its syntax tree.
    mentions : Mentions
    methods : dict of str to list of Definition
        Of a class: those that count only where their name is mentioned.
    bases : list of Chain, optional
        Of a class: what it is derived from; an empty chain where that is no plain name.
    is_constant : bool
        Whether it is an assignment.
    decorators : list of Chain
        Those that are not known to be plain.
    inner_decorators : list of Chain
        Of a class: such decorators of its methods.
    """

    name: str
    meaning: bytes
    mentions: Mentions
    methods: dict[str, list["Definition"]] = field(default_factory=dict)
    bases: list[Chain] | None = None
    is_constant: bool = False
    decorators: list[Chain] = field(default_factory=list)
    inner_decorators: list[Chain] = field(default_factory=list)


@dataclass
class Contents:
    """What a file holds.

    Parameters
    ----------
    definitions : dict of str to list of Definition
        By the name that they have in the file.
    always : list of Definition
        What runs when the file is imported and may matter to others: statements that define
        nothing, and definitions with decorators that are not known to be plain.
    bindings : dict of str to set of Import
        Names that the file's own import statements bind.
    imports : set of str
        Modules that these run.
    """

    definitions: dict[str, list[Definition]] = field(default_factory=dict)
    always: list[Definition] = field(default_factory=list)
    bindings: dict[str, set[Import]] = field(default_factory=dict)
    imports: set[str] = field(default_factory=set)


def read_whole(path: Path) -> Contents:
    """Read a file as one single part, which runs from its first line to its last."""
    return Contents(always=[_definition("", ast.parse(path.read_bytes()).body)])


def read(path: Path) -> Contents:
    """Read a file that is imported."""
    found = Contents()
    imports, others = [], []
    for node in _statements(ast.parse(path.read_bytes()).body):
        names = _defined(node)
        if names:
            _add(found, node, names)
        else:
            (imports if isinstance(node, ast.Import | ast.ImportFrom) else others).append(node)
    _bind(found, _mentions(imports))
    if others:
        found.always.append(_definition("", others))
        _bind(found, found.always[-1].mentions)
    return found


def _bind(found: Contents, mentions: Mentions) -> None:
    found.imports |= mentions.imports
    for name, imports in mentions.bindings.items():
        found.bindings.setdefault(name, set()).update(imports)


def _add(found: Contents, node: ast.stmt, names: list[str]) -> None:
    is_class = isinstance(node, ast.ClassDef)
    definition = _class(node) if is_class else _definition(", ".join(names), [node])
    for name in names:
        found.definitions.setdefault(name, []).append(definition)
    definition.is_constant = _is_assignment(node)
    definition.decorators = _decorators(node, PLAIN_FOR_CLASSES if is_class else PLAIN)
    # Python itself calls a module's `__getattr__`.
    is_hook = names[0].startswith("__") and not definition.is_constant
    if is_hook or definition.decorators or definition.inner_decorators:
        found.always.append(definition)


def _statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements that run when a file is imported."""
    for node in body:
        if isinstance(node, ast.If) and _is_never(node.test):
            yield from _statements(node.orelse)
        elif not _is_text(node) and _defined(node) != ["__all__"]:
            yield node


def _is_never(test: ast.expr) -> bool:
    return ast.unparse(test) in (
        *("TYPE_CHECKING", "typing.TYPE_CHECKING", "__name__ == '__main__'"),
    )


def _is_text(node: ast.stmt) -> bool:
    """Tell whether a statement is a docstring, or a text that stands for a comment."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _defined(node: ast.stmt) -> list[str]:
    """Return the names that a statement defines; none where it does anything else as well."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    if not _is_assignment(node):
        return []
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    parts = [part for target in targets for part in getattr(target, "elts", [target])]
    return [part.id for part in parts] if all(isinstance(p, ast.Name) for p in parts) else []


def _is_assignment(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign)


def _decorators(node: ast.stmt, plain: frozenset[str]) -> list[Chain]:
    """Return the decorators that are not plain; one that is no name with an empty chain."""
    chains = [_chain(_called(one)) for one in getattr(node, "decorator_list", [])]
    return [chain for chain in chains if not chain or chain[-1] not in plain]


def _called(node: ast.expr) -> ast.expr:
    return node.func if isinstance(node, ast.Call) else node


def _chain(node: ast.expr) -> Chain:
    """Return a name with its attributes as a chain; an empty one for any other expression."""
    attributes: list[str] = []
    while isinstance(node, ast.Attribute):
        attributes.append(node.attr)
        node = node.value
    return (node.id, *reversed(attributes)) if isinstance(node, ast.Name) else ()


def _class(node: ast.ClassDef) -> Definition:
    methods = [statement for statement in node.body if _is_method(statement)]
    node.body = [statement for statement in node.body if statement not in methods]
    definition = _definition(node.name, [node])
    # In a class a bare name may be one of its methods: `area = property(_area)`.
    definition.mentions.attributes.update(chain[0] for chain in definition.mentions.chains)
    for method in methods:
        own = _definition(f"{node.name}.{method.name}", [method])
        definition.methods.setdefault(method.name, []).append(own)
    generic = [base.value if isinstance(base, ast.Subscript) else base for base in node.bases]
    definition.bases = [*map(_chain, generic), *(() for _ in node.keywords)]
    definition.inner_decorators = [one for part in node.body for one in _decorators(part, PLAIN)]
    return definition


def _is_method(node: ast.stmt) -> bool:
    """Tell whether it is a method that runs only where its name stands."""
    is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    return is_function and not _is_special(node.name) and not _decorators(node, PLAIN)


def _is_special(name: str) -> bool:
    """Tell whether Python calls a method of that name: `__init__`, or `_missing_` of an Enum."""
    return name.startswith("__") or (name.startswith("_") and name.endswith("_"))


def _definition(name: str, statements: Iterable[ast.stmt]) -> Definition:
    nodes = [node for node in statements if not _is_text(node)]
    for node in nodes:
        _strip(node)
    text = "\n".join(ast.dump(node, annotate_fields=False) for node in nodes)
    return Definition(name, blake2b(text.encode(), digest_size=16).digest(), _mentions(nodes))


def _strip(tree: ast.stmt) -> None:
    """Take out of a tree what computes nothing: docstrings, descriptions of options."""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [one for one in body if not _is_text(one)] or [ast.Pass()]
        if isinstance(node, ast.Call) and _chain(node.func)[-1:] == ("Field",):
            node.keywords = [one for one in node.keywords if one.arg not in DOCUMENTATION]


def _mentions(nodes: Iterable[ast.stmt]) -> Mentions:
    found = Mentions()
    inner: set[int] = set()
    for tree in nodes:
        for node in ast.walk(tree):
            reader = _READERS.get(type(node))
            if reader and id(node) not in inner:
                reader(node, found, inner)
    return found


def _read_name(node: ast.Name, found: Mentions, inner: set[int]) -> None:
    if isinstance(node.ctx, ast.Load):
        found.chains.add((node.id,))


def _read_attribute(node: ast.Attribute, found: Mentions, inner: set[int]) -> None:
    """Take all of `a.b.c` at once: nothing is known then of a and a.b alone."""
    chain = _chain(node)
    found.attributes.add(node.attr)
    if chain:
        found.attributes.update(chain[1:])
        found.chains.add(chain)
        while isinstance(node, ast.Attribute):
            node = node.value
            inner.add(id(node))


def _read_constant(node: ast.Constant, found: Mentions, inner: set[int]) -> None:
    text = node.value if isinstance(node.value, str) else ""
    parts = text.split(".")
    if all(map(str.isidentifier, parts)):
        found.attributes.update(parts)
        if len(parts) > 1:
            found.modules.add(text)
    elif "{" in text:
        # `"{unit.path}".format(unit=unit)` takes an attribute.
        found.attributes.update(re.findall(r"\.(\w+)", text))


def _read_call(node: ast.Call, found: Mentions, inner: set[int]) -> None:
    """Take the names in `"a b c".split()`."""
    if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Constant):
        found.attributes.update(re.findall(r"\w+", str(node.func.value.value)))


def _read_keyword(node: ast.keyword, found: Mentions, inner: set[int]) -> None:
    if node.arg:
        found.attributes.add(node.arg)


def _read_pattern(node: ast.MatchClass, found: Mentions, inner: set[int]) -> None:
    found.attributes.update(node.kwd_attrs)


def _read_annotation(node: ast.AnnAssign, found: Mentions, inner: set[int]) -> None:
    """Take the text in a field's type for a name: pydantic looks it up."""
    for part in ast.walk(node.annotation):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            found.chains.add(tuple(part.value.split(".")))


def _read_import(node: ast.Import, found: Mentions, inner: set[int]) -> None:
    for alias in node.names:
        found.imports.add(alias.name)
        # `import a.b` binds a.
        first = alias.name.partition(".")[0]
        imported = Import(alias.name if alias.asname else first)
        found.bindings.setdefault(alias.asname or first, set()).add(imported)


def _read_import_from(node: ast.ImportFrom, found: Mentions, inner: set[int]) -> None:
    module = "." * node.level + (node.module or "")
    between = "" if module.endswith(".") else "."
    for alias in node.names:
        # What is imported from a package may be a module of it.
        found.imports |= {module, f"{module}{between}{alias.name}"}
        imported = Import(module, alias.name)
        found.bindings.setdefault(alias.asname or alias.name, set()).add(imported)


_READERS = {
    ast.Name: _read_name,
    ast.Attribute: _read_attribute,
    ast.Constant: _read_constant,
    ast.Call: _read_call,
    ast.keyword: _read_keyword,
    ast.MatchClass: _read_pattern,
    ast.AnnAssign: _read_annotation,
    ast.Import: _read_import,
    ast.ImportFrom: _read_import_from,
}
