"""The conda environments hold the versions of requirements.txt."""

import re

import pytest
import yaml

from samples import ROOT

ENVIRONMENTS = sorted((ROOT / "workflow/envs").glob("*.yaml"))
#: What conda-forge calls a package of PyPI.
CONDA_NAMES = {"pysoundfile": "soundfile"}


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
