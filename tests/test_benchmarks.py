"""What benchmarks and the makers of pages take from the library is there."""

import ast
from importlib import import_module
from types import ModuleType

import pytest

from samples import ROOT

SCRIPTS = sorted([*ROOT.glob("benchmarks/**/*.py"), *ROOT.glob("docs/*.py")])


def taken_from(tree):
    """Yield (local name, what stands for it) of all that a script imports from the library."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module.startswith("mimii_bench"):
            room = import_module(node.module)
            for alias in node.names:
                if not hasattr(room, alias.name):
                    import_module(f"{node.module}.{alias.name}")
                yield alias.asname or alias.name, getattr(room, alias.name)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_what_a_script_takes_from_the_library_is_there(path):
    tree = ast.parse(path.read_text())
    modules = {name: one for name, one in taken_from(tree) if isinstance(one, ModuleType)}
    missing = [
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in modules
        and not hasattr(modules[node.value.id], node.attr)
    ]
    assert missing == []
