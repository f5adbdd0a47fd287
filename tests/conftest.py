"""Real recordings for tests: never committed, found beside the project where there are any."""

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def real_recordings() -> Path:
    """The folder of genuine clips; tests that need it skip with a reason where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("needs the real recordings of ../shared/data, which are never committed")
    return SHARED
