"""The conda environments hold the versions of requirements.txt."""

import ast
import re
import sys
from pathlib import Path

import pytest
import yaml

from samples import ROOT

SCRIPTS = ROOT / "workflow/scripts"
ENVIRONMENTS = sorted((ROOT / "workflow/envs").glob("*.yaml"))
#: What conda-forge calls a package of PyPI.
CONDA_NAMES = {"pysoundfile": "soundfile"}
#: What is imported under another name than it is installed by.
IMPORT_NAMES = {
    "yaml": "pyyaml",
    "sklearn": "scikit-learn",
    "pydantic_core": "pydantic-core",
    "vl_convert": "vl-convert-python",
}
#: The library itself, and what scripts import of one another; `_alone` is for debugging.
OURS = {"mimii_bench", "_door", "_alone"}
#: Modules that a script finds by the name in a report.
NAMED_IN_REPORTS = {
    "feature_store": ["features"],
    "split": ["splits"],
    "fit_and_score": ["systems", "features"],
    "score": ["systems", "features"],
    "figure": ["figures"],
}
#: Those beside them that only one script has use for, which imports them itself.
WRITING = ROOT / "src/mimii_bench/features/writing.py"
RULES = [
    (match["env"], match["script"])
    for path in sorted((ROOT / "workflow/rules").glob("*.smk"))
    for match in re.finditer(
        r"^ *rule\b[ \w]*:(?:(?!^ *rule\b).)*?envs/(?P<env>\w+)\.yaml"
        r"(?:(?!^ *rule\b).)*?scripts/(?P<script>\w+)\.py",
        path.read_text(),
        re.MULTILINE | re.DOTALL,
    )
]


def pinned():
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    return dict(line.lower().split("==") for line in lines if line and not line.startswith("#"))


def packages(path):
    """Pairs of (package, version) that an environment names, those of pip included."""
    for entry in yaml.safe_load(path.read_text())["dependencies"]:
        for text in entry["pip"] if isinstance(entry, dict) else [entry]:
            if text not in ("pip", "python=3.11"):
                name, version = re.split("=+", text)
                yield CONDA_NAMES.get(name, name), version


def test_every_requirement_is_pinned_once():
    text = (ROOT / "requirements.txt").read_text()
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines)
    assert len(pinned()) == len(lines)
    assert pinned()["torch"] == "2.13.0"
    assert pinned()["snakemake"].startswith("9.")


@pytest.mark.parametrize("path", ENVIRONMENTS, ids=lambda path: path.stem)
def test_an_environment_has_the_pinned_versions(path):
    found = dict(packages(path))
    assert found
    assert found == {name: pinned().get(name) for name in found}


def imported(path):
    """Names of all modules that a file imports, wherever in it, at once or when they are used."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "wrapt.lazy_import":
            yield node.args[0].value


def file_of(module):
    """Return the file of a module of the library; None where there is none."""
    base = ROOT / "src" / Path(*module.split("."))
    candidates = base.with_suffix(".py"), base / "__init__.py"
    return next((path for path in candidates if path.is_file()), None)


def all_imported(paths):
    """Names of all that files import, and of all that is imported by these."""
    names, waiting, seen = set(), list(paths), set()
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            found = set(imported(path))
            names |= found
            waiting += filter(None, map(file_of, found))
    return names


def test_every_rule_with_a_script_is_looked_at():
    scripts = {path.stem for path in SCRIPTS.glob("[!_]*.py")}
    assert {script for _, script in RULES} == scripts


@pytest.mark.parametrize(("env", "script"), RULES, ids=lambda name: name)
def test_a_rule_s_environment_has_all_that_its_script_imports(env, script):
    files = [SCRIPTS / f"{script}.py", SCRIPTS / "_door.py"]
    for kind in NAMED_IN_REPORTS.get(script, []):
        modules = (ROOT / "src/mimii_bench" / kind).glob("[!_]*.py")
        files += [path for path in modules if path != WRITING]
    outside = {name.split(".")[0] for name in all_imported(files)} - sys.stdlib_module_names
    needed = {IMPORT_NAMES.get(name, name) for name in outside - OURS}
    assert needed <= dict(packages(ROOT / f"workflow/envs/{env}.yaml")).keys()
