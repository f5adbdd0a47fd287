"""The container recipes install the lock and all that a run needs; nobody has built them."""

import re
import subprocess

import pytest
import yaml

from samples import ROOT

DOCKER = (ROOT / "containers/Dockerfile").read_text()
APPTAINER = (ROOT / "containers/mimii-bench.def").read_text()
RECIPES = {"docker": DOCKER, "apptainer": APPTAINER}
#: What a run reads of a checkout, and what its package is built of.
NEEDED = {
    *("Snakefile", "config.yaml", "config", "experiments", "leaderboard", "profiles", "reports"),
    *("src", "workflow", "requirements.txt", "pyproject.toml", "hatch_build.py", "README.md"),
    "LICENSE",
}


@pytest.mark.parametrize("recipe", RECIPES)
def test_it_installs_the_lock_and_then_the_checkout_alone(recipe):
    installed = re.findall(r"pip install (.*)", RECIPES[recipe])
    assert [set(one.split()) for one in installed] == [
        {"--no-cache-dir", "--requirement", "requirements.txt"},
        {"--no-cache-dir", "--no-deps", "--no-build-isolation", "--editable", "."},
    ]


@pytest.mark.parametrize("recipe", RECIPES)
def test_its_python_is_that_of_the_lock_and_of_the_conda_environments(recipe):
    (image,) = re.findall(r"^(?:FROM|From:) (\S+)", RECIPES[recipe], re.MULTILINE)
    lock = (ROOT / "requirements.txt").read_text()
    (version,) = re.findall(r"pip-compile with Python ([\d.]+)", lock)
    assert image == f"python:{version}-slim-bookworm"
    for path in (ROOT / "workflow/envs").glob("*.yaml"):
        assert f"python={version}" in yaml.safe_load(path.read_text())["dependencies"]


def test_apptainer_copies_what_a_run_needs():
    copied = set(re.findall(r"^    (\S+) /opt/mimii-bench/$", APPTAINER, re.MULTILINE))
    assert copied == NEEDED
    assert all((ROOT / part).exists() for part in copied)


def test_docker_leaves_out_what_is_not_the_projects_and_nothing_that_is():
    ignored = (ROOT / "containers/Dockerfile.dockerignore").read_text().split()
    assert not NEEDED & set(ignored)
    assert {".git", ".venv", "results"} <= set(ignored)
    tracked = subprocess.run(
        ["git", "ls-files", *(one for one in ignored if "*" not in one)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert not tracked.stdout
