"""Which source files a module runs, so that an edit to one is seen by what depends on it."""

import ast
from functools import cache, lru_cache
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_PACKAGE = _ROOT.name


def source_files(*modules: str, script: Path | None = None) -> list[Path]:
    """Return the files of `modules` and of all they import inside this package, sorted.

    So too for what a `script` imports; the script itself, which is not of the package, is left
    out. Found by reading the import statements; raises ValueError for a module that is not there.
    """
    files: set[Path] = set()
    waiting = [*modules, *(_imports(script) if script else [])]
    while waiting:
        path = file_of(waiting.pop())
        if path not in files:
            files.add(path)
            waiting += _imports(path)
    return sorted(files)


def file_of(module: str) -> Path:
    """Return the file of a module of this package; raises ValueError when there is none."""
    package, *parts = module.split(".")
    base = _ROOT.joinpath(*parts)
    for candidate in (base.with_suffix(".py"), base / "__init__.py"):
        if package == _PACKAGE and candidate.is_file():
            return candidate
    raise ValueError(f"{module} is no module of {_PACKAGE}")


# Few: all the trees of the package together slow the garbage collector down by half a second.
@lru_cache(maxsize=4)
def parsed(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text())


def imported_from(node: ast.ImportFrom, path: Path) -> str:
    """Return the full name of what an import statement in `path` imports from."""
    if not node.level:
        return node.module
    folder = path.parents[node.level - 1].relative_to(_ROOT.parent)
    return ".".join([*folder.parts, *([node.module] if node.module else [])])


@cache
def _imports(path: Path) -> list[str]:
    found = []
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = imported_from(node, path)
            # A name imported from a package may be a module of it.
            names = [f"{base}.{alias.name}" for alias in node.names]
            found += [base, *(name for name in names if _is_module(name))]
    return [name for name in found if name.split(".")[0] == _PACKAGE]


def _is_module(name: str) -> bool:
    try:
        file_of(name)
    except ValueError:
        return False
    return True
