"""YAML documents: what is no document, and keys that stand twice."""

import pytest

from mimii_bench.util.documents import read_yaml
from mimii_bench.util.errors import UserError
from samples import ROOT


def test_a_key_that_stands_twice_is_named(tmp_path):
    path = tmp_path / "report.yaml"
    path.write_text("split:\n  scheme: stratified_folds\n  folds: 8\n  folds: 4\n")
    with pytest.raises(UserError, match=r"report\.yaml: .*line 4: the key 'folds' stands twice"):
        read_yaml(path)


def test_a_merged_key_may_be_said_again(tmp_path):
    path = tmp_path / "report.yaml"
    path.write_text("a: &a {x: 1, y: 2}\nb: &b {<<: *a, y: 3}\nc: {<<: *b, x: 4}\nd: *b\n")
    assert read_yaml(path)["c"] == {"x": 4, "y": 3}
    assert read_yaml(path)["d"] == {"x": 1, "y": 3}


def test_what_is_no_yaml_is_said_in_one_line(tmp_path):
    path = tmp_path / "report.yaml"
    path.write_text("a: [1,\nb: 2")
    with pytest.raises(UserError, match=r"report\.yaml: no valid YAML: ") as error:
        read_yaml(path)
    assert "\n" not in str(error.value)


def test_all_documents_of_the_project_are_read():
    found = [p for p in ROOT.glob("*/**/*.yaml") if not {".venv", "results"} & set(p.parts)]
    assert len(found) > 20
    for path in found:
        assert read_yaml(path) is not None
