"""The examples in docstrings: each gives what it shows."""

import doctest
from importlib import import_module

import pytest

from samples import ROOT

SOURCE = ROOT / "src"
MODULES = sorted(
    ".".join(path.relative_to(SOURCE).with_suffix("").parts)
    for path in SOURCE.rglob("*.py")
    if ">>> " in path.read_text()
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_give_what_they_show(name):
    failed, tried = doctest.testmod(import_module(name))
    assert tried
    assert not failed
