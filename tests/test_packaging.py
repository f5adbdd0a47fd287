"""pyproject.toml: what is declared is what is imported, the lock is within its ranges."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest
import yaml
from packaging.requirements import Requirement

import mimii_bench
from samples import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
#: Our own modules, those of tests and scripts with them.
OURS = {path.stem for path in ROOT.glob("*/*.py")} | {
    *("mimii_bench", "snakemake_logger_plugin_mimii", "_door", "_alone"),
    *(path.name for own in ("tests", "benchmarks") for path in (ROOT / own).iterdir()),
}
#: Programs, which nobody imports, what builds the wheel, and what docs/conf.py names.
PROGRAMS = {"hatchling", "pytest-xdist", "ruff", "snakefmt", "sphinx", "myst-parser", "furo"}
#: Has to be installed by hand for tests/fuzz/run.py.
BY_HAND = {"atheris"}


def names(requirements):
    """Return the names of packages that are required."""
    return {Requirement(one).name for one in requirements}


def imported(*folders):
    """Return the packages that the modules below some folders import, at once or when needed."""
    known = packages_distributions()
    found = set()
    for path in (path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add(node.module)
            elif isinstance(node, ast.Call) and ast.unparse(node.func) == "wrapt.lazy_import":
                found.add(ast.literal_eval(node.args[0]))
    outside = {name.split(".")[0] for name in found} - sys.stdlib_module_names - OURS
    return {
        re.sub(r"[-_.]+", "-", name).lower()
        for one in outside
        for name in known.get(one, [one])[:1]
    }


NEEDED = names(PROJECT["dependencies"])


def test_the_library_imports_what_it_declares_and_nothing_else():
    found = imported("src", "workflow/scripts")
    assert found - names(EXTRAS["onnx"]) == NEEDED


@pytest.mark.parametrize(
    ("folders", "extras"),
    [
        (["docs"], ["docs"]),
        (["benchmarks"], ["test", "onnx"]),
        (["tests"], ["test", "docs", "onnx"]),
    ],
)
def test_what_stands_beside_it_needs_the_extras_and_no_more(folders, extras):
    allowed = {name for extra in extras for name in names(EXTRAS[extra])}
    assert imported(*folders) - NEEDED - allowed <= BY_HAND


@pytest.mark.parametrize(("extra", "folders"), [("docs", ["docs"]), ("test", ["tests"])])
def test_an_extra_holds_nothing_that_is_not_used(extra, folders):
    assert names(EXTRAS[extra]) - imported(*folders) <= PROGRAMS


def test_the_lock_holds_all_that_is_declared_in_its_range():
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    locked = dict(line.split("==") for line in lines if "==" in line and line[0] != "#")
    every = [*PROJECT["dependencies"], *(one for extra in EXTRAS.values() for one in extra)]
    for one in map(Requirement, every):
        assert one.specifier.contains(locked[one.name]), one


def test_the_version_stands_once():
    assert PROJECT["dynamic"] == ["version"]
    assert "version" not in PROJECT
    assert "version" not in yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert re.fullmatch(r"\d+\.\d+\.\d+", mimii_bench.__version__)
