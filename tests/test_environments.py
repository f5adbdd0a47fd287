"""The conda environments hold the versions of requirements.txt."""

import ast
import re
import sys

import pytest
import yaml

from mimii_bench.util.provenance import source_files
from samples import ROOT

SCRIPTS = ROOT / "workflow/scripts"
ENVIRONMENTS = sorted((ROOT / "workflow/envs").glob("*.yaml"))
#: What conda-forge calls a package of PyPI.
CONDA_NAMES = {"pysoundfile": "soundfile"}
#: What is imported under another name than it is installed by.
IMPORT_NAMES = {"yaml": "pyyaml", "sklearn": "scikit-learn"}
#: Modules that a script finds by the name in a report.
NAMED_IN_REPORTS = {
    "feature_store": ["features"],
    "fit_and_score": ["systems", "features"],
    "leaderboard_fit": ["systems", "features"],
    "figure": ["figures"],
}
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
    lines = [line for line in (ROOT / "requirements.txt").read_text().splitlines() if "=" in line]
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
    """Names of all modules that a file imports, wherever in it; ours import absolutely."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module
            if node.module == "mimii_bench":
                yield from (f"mimii_bench.{alias.name}" for alias in node.names)


def test_every_rule_with_a_script_is_looked_at():
    scripts = {path.stem for path in SCRIPTS.glob("[!_]*.py")}
    assert {script for _, script in RULES} == scripts


@pytest.mark.parametrize(("env", "script"), RULES, ids=lambda name: name)
def test_a_rule_s_environment_has_all_that_its_script_imports(env, script):
    direct = set(imported(SCRIPTS / f"{script}.py"))
    for helper in {name for name in direct if name.startswith("_")}:
        direct = direct - {helper} | set(imported(SCRIPTS / f"{helper}.py"))
    ours = {name for name in direct if name.split(".")[0] == "mimii_bench"}
    for kind in NAMED_IN_REPORTS.get(script, []):
        folder = ROOT / "src/mimii_bench" / kind
        ours |= {f"mimii_bench.{kind}.{path.stem}" for path in folder.glob("[!_]*.py")}
    everything = direct.union(*map(set, map(imported, source_files(*ours))))
    outside = {name.split(".")[0] for name in everything} - sys.stdlib_module_names
    needed = {IMPORT_NAMES.get(name, name) for name in outside - {"mimii_bench"}}
    assert needed <= dict(packages(ROOT / f"workflow/envs/{env}.yaml")).keys()
