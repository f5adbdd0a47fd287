"""Tests that the documentation names as proofs are there."""

import ast
import re

import pytest

from samples import ROOT

PROVEN = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
PAGES = ["docs/security.md", "docs/reproducibility.md"]


def functions_of(path):
    return {
        node.name
        for node in ast.walk(ast.parse((ROOT / path).read_text()))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


@pytest.mark.parametrize("page", PAGES)
def test_every_test_that_a_page_names_is_there(page):
    named = PROVEN.findall((ROOT / page).read_text())
    assert named
    for path, test in named:
        assert (ROOT / path).exists(), path
        assert not test or test in functions_of(path), f"{path}::{test}"


@pytest.mark.parametrize("page", PAGES)
def test_every_row_of_a_page_names_one(page):
    """Each row of a table has its proof, or says that it lacks one."""
    tables = re.findall(r"(?m)^\| what (?:.*\n)(?:\|.*\n?)+", (ROOT / page).read_text())
    promises = [row for table in tables for row in table.splitlines()[2:]]
    assert promises
    assert [row for row in promises if not PROVEN.search(row) and "no test" not in row] == []
