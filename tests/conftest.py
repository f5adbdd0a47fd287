"""What tests share: threads as jobs have them, real recordings, a report to alter, a bank."""

import os

# As the workflow's scripts: NumPy and torch read it when they are imported, and the threads of
# tests side by side would fight.
for _library in ("OMP", "OPENBLAS", "MKL"):
    os.environ[f"{_library}_NUM_THREADS"] = "1"

from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, settings

from mimii_bench.corpus.simulate import noise
from mimii_bench.corpus.simulate.bank import make_bank
from samples import ROOT, read_schema

# The same examples in every run, and none that another run has found.
settings.register_profile(
    "same",
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("same")

SHARED = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def real_recordings() -> Path:
    """The folder of genuine clips; tests that need it skip with a reason where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("needs the real recordings of ../shared/data, which are never committed")
    return SHARED


@pytest.fixture(scope="session")
def report_schema() -> dict:
    """The schema of report.yaml."""
    return read_schema("report")


@pytest.fixture
def report_spec() -> dict:
    """A whole, valid report.yaml, to alter."""
    return yaml.safe_load((ROOT / "reports/mimii_baseline/report.yaml").read_text())


@pytest.fixture(scope="session")
def bank_path(tmp_path_factory):
    """A bank with all impulse responses, but only three scenes of 21 s."""
    path = tmp_path_factory.mktemp("bank") / "bank.h5"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(noise, "SCENES", 3)
        patch.setattr(noise, "SCENE_LENGTH", 336_000)
        make_bank(path, seed=3)
    return path
