"""What the classes and functions take that a report names, read from their source.

Nothing is imported for it: a wrong option in report.yaml is found when the workflow is read, which
must not wait for torch or librosa.
"""

import ast
from collections.abc import Collection
from typing import NamedTuple

from mimii_bench.util.errors import UserError
from mimii_bench.util.plugins import module_name, no_such_name
from mimii_bench.util.provenance import file_of, imported_from, parsed


class Signature(NamedTuple):
    """What `name` takes: parameters, true where they must be given; `open` where others may be."""

    name: str
    parameters: dict[str, bool]
    open: bool = False

    def check(self, options: Collection[str], where: str, given: Collection[str] = ()) -> None:
        """Check that it can be called with `options`; `where` tells where these stand.

        `given` are parameters that are no options, being added by who calls it. Raises UserError
        for an option that there is not, or that is missing.
        """
        known = [parameter for parameter in self.parameters if parameter not in given]
        for option in options:
            if option in given or (option not in known and not self.open):
                there = ", ".join(known) or "none"
                raise UserError(f"{where}.{option}: {self.name} has no such option; it has {there}")
        for parameter in known:
            if self.parameters[parameter] and parameter not in options:
                raise UserError(f"{where}: {self.name} needs the option {parameter}")

    def without(self, places: int, names: Collection[str]) -> "Signature":
        """Return what is left to give after so many by their place, and others by their names."""
        rest = list(self.parameters.items())[places:]
        left = {parameter: must for parameter, must in rest if parameter not in names}
        return self._replace(parameters=left)


class _Definition(NamedTuple):
    """The statement of a module that a name stands for."""

    module: str
    node: ast.stmt


def signature_of(kind: str, name: str) -> Signature:
    """Return what a class or function takes, by its name as `plugins.load` has it.

    What a constructor passes on as `**options` counts as what it is passed to takes it: the base
    class, or another. Raises UserError where there is none of that name.
    """
    own = name.partition(".")[2]
    definition = _find(module_name(kind, name), own)
    if definition is None:
        raise no_such_name(kind, name)
    return _signature(definition)._replace(name=own)


#: Of what is not defined in this package nobody can say what it takes.
_ANYTHING = Signature("", {}, open=True)


def _find(module: str, name: str) -> _Definition | None:
    """Return what a name in a module stands for, through imports from inside the package."""
    path = file_of(module)
    for node in parsed(path).body:
        names = _bound(node)
        if name not in names:
            continue
        source = imported_from(node, path) if isinstance(node, ast.ImportFrom) else ""
        if source.split(".")[0] == module.split(".")[0]:
            return _find(source, names[name])
        return _Definition(module, node)
    return None


def _bound(node: ast.stmt) -> dict[str, str]:
    """Return the names that a statement binds, and what they are called where they come from."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {alias.asname or alias.name: alias.name for alias in node.names}
    if isinstance(node, ast.Assign):
        return {ast.unparse(target): "" for target in node.targets}
    return {node.name: node.name} if isinstance(node, ast.ClassDef | ast.FunctionDef) else {}


def _signature(definition: _Definition) -> Signature:
    node = definition.node
    if isinstance(node, ast.FunctionDef):
        return _arguments(definition, node)
    if not isinstance(node, ast.ClassDef):
        return _ANYTHING
    if any("dataclass" in ast.unparse(decorator) for decorator in node.decorator_list):
        fields = [line for line in node.body if isinstance(line, ast.AnnAssign)]
        return Signature(
            node.name, {ast.unparse(field.target): field.value is None for field in fields}
        )
    for line in node.body:
        if isinstance(line, ast.FunctionDef) and line.name == "__init__":
            return _arguments(definition, line).without(1, ())
    return _of_base(definition)


def _of_base(definition: _Definition) -> Signature:
    bases = definition.node.bases
    if not bases:
        return Signature("", {})
    return _of(definition.module, bases[0]) if len(bases) == 1 else _ANYTHING


def _of(module: str, name: ast.expr) -> Signature:
    found = _find(module, ast.unparse(name))
    return _signature(found) if found else _ANYTHING


def _arguments(definition: _Definition, function: ast.FunctionDef) -> Signature:
    """Return what a function takes, with what becomes of its `**options`."""
    takes = function.args
    places = [*takes.posonlyargs, *takes.args]
    needed = len(places) - len(takes.defaults)
    own = {argument.arg: place < needed for place, argument in enumerate(places)}
    for argument, default in zip(takes.kwonlyargs, takes.kw_defaults, strict=True):
        own[argument.arg] = default is None
    if takes.kwarg is None:
        return Signature(function.name, own)
    further = _passed_on(definition, function, takes.kwarg.arg)
    return Signature(function.name, own | further.parameters, further.open)


def _passed_on(definition: _Definition, function: ast.FunctionDef, options: str) -> Signature:
    """Return what the call takes that a function passes its `**options` on to, beside the rest."""
    for call in ast.walk(function):
        if not isinstance(call, ast.Call):
            continue
        named = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}
        if named.get(None) == options:
            is_super = ast.unparse(call.func) == "super().__init__"
            takes = _of_base(definition) if is_super else _of(definition.module, call.func)
            return takes.without(len(call.args), named)
    return _ANYTHING
