"""A project planned on simulated recordings, without a workflow."""

from types import SimpleNamespace

import pytest
import yaml

from mimii_bench.planning.project import Project
from samples import ROOT

TINY = yaml.safe_load((ROOT / "config/tiny.yaml").read_text())


def named(**wildcards):
    """Return wildcards as rules have them."""
    return SimpleNamespace(**wildcards)


@pytest.fixture(scope="session")
def tiny():
    """The project of config/tiny.yaml."""
    return Project(ROOT, TINY)


@pytest.fixture(scope="session")
def project():
    """All reports on all simulated machines; a job trains a system for one of them."""
    return Project(ROOT, {"jobs": {"training": "machine"}})
