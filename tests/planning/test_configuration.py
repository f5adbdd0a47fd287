"""What is given of a configuration, laid over the project's own."""

import pytest

from mimii_bench.planning.configuration import laid_over, results_folder, with_source
from mimii_bench.planning.project import Project
from mimii_bench.util.errors import UserError
from samples import ROOT


def configured(**given):
    return Project(ROOT, given).configuration


def test_what_is_not_given_is_the_project_s():
    found = configured(simulated={"normal": 7})
    assert found["simulated"]["normal"] == 7
    assert found["simulated"]["abnormal"] == 4
    assert found["budget"] == "demo"


def test_a_mapping_is_laid_over_key_by_key_and_a_list_replaces_one():
    base = {"a": {"x": 1, "y": [1, 2]}, "b": 1}
    assert laid_over(base, {"a": {"y": [3]}}) == {"a": {"x": 1, "y": [3]}, "b": 1}
    assert laid_over(base, {"a": None, "b": {"z": 2}}) == {"a": None, "b": {"z": 2}}
    assert base == {"a": {"x": 1, "y": [1, 2]}, "b": 1}


def test_nested_text_of_the_command_line_is_read_as_what_is_wanted():
    """Snakemake's --config hands on numbers and booleans inside of mappings as text."""
    found = configured(
        simulated={"keep_mixes": "false", "normal": "7", "ids": ["00"]},
        budgets={"demo": {"max_steps": "null"}},
    )
    assert found["simulated"]["keep_mixes"] is False
    assert found["simulated"]["normal"] == 7
    assert found["simulated"]["ids"] == ["00"]
    assert found["budgets"]["demo"]["max_steps"] is None


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"simulated": {"normal": "some"}}, "config.yaml: simulated.normal: 'some' is not of type"),
        ({"simulated": {"keep_mixes": "7"}}, "config.yaml: simulated.keep_mixes: '7' is not of"),
        ({"run": "a/b"}, "config.yaml: run: 'a/b': write letters, digits"),
        ({"run": ".."}, "config.yaml: run: '..': write letters"),
        ({"results": ""}, "config.yaml: results: "),
    ],
)
def test_what_is_wrong_is_named(given, message):
    with pytest.raises(UserError) as error:
        configured(**given)
    assert str(error.value).startswith(message)


@pytest.mark.parametrize(
    ("results", "run", "folder"),
    [
        ("results", "", "results"),
        ("results", "longer", "results/longer"),
        ("/data/out/", "", "/data/out"),
    ],
)
def test_a_run_with_a_name_has_a_folder_of_its_own(results, run, folder):
    assert results_folder({"results": results, "run": run}) == folder


@pytest.mark.parametrize(
    ("told", "named"),
    [
        ("config.yaml: corpus: 'mimi' is not one of simulated", "second.yaml"),
        ("config.yaml: budgets.demo.seeds: 0 is less", "first.yaml"),
        ("config.yaml: budgets.demo: unknown key 'sedes'; allowed: seeds", "second.yaml"),
        ("config.yaml: unknown key 'copus'; allowed: corpus", "first.yaml"),
        ("config.yaml: reports.0: 'x' is not allowed", "first.yaml"),
        ("config.yaml: threads_per_job: 0 is less", "config.yaml"),
        ("config.yaml: unknown key 'other'; allowed: corpus", "config.yaml"),
        ("report.yaml: corpus: wrong", "report.yaml"),
    ],
)
def test_the_file_that_gives_a_key_is_blamed(told, named, tmp_path):
    first, second, evaluated = (tmp_path / f"{name}.yaml" for name in ("first", "second", "third"))
    first.write_text("corpus: x\ncopus: y\nbudgets: {demo: {seeds: 0}}\nreports: [x]\n")
    second.write_text("corpus: mimi\nbudgets: {demo: {sedes: 1}}\n")
    evaluated.write_text("__use_yte__: true\nrun: x\n")
    found = with_source(told, [first, second, evaluated])
    here = f"{tmp_path}/" if named in ("first.yaml", "second.yaml") else ""
    assert found == f"{here}{named}: {told.partition(': ')[2]}"
