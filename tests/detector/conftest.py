"""Detectors that several tests ask: they learn in a second, once."""

import pytest

from detector.sounds import fitted, hums


@pytest.fixture(scope="package")
def recordings(tmp_path_factory):
    """A folder of eight hums and four that rattle."""
    return hums(tmp_path_factory.mktemp("recordings"), 8, 4)


@pytest.fixture(scope="package")
def detector(recordings):
    """The neighbours' detector of these."""
    return fitted(recordings)[0]
