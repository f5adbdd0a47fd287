"""Classes by the names that a report gives them, from our rooms, packages and files."""

import pytest

from mimii_bench.features.logmel import LogMel
from mimii_bench.util import plugins
from mimii_bench.util.errors import UserError


def file(folder, text, name="mine.py"):
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    return f"{folder / name}:Mine"


def test_a_name_of_a_room_is_a_class_in_one_of_its_modules():
    assert plugins.load("features", "logmel.LogMel") is LogMel
    assert plugins.load("features", "mimii_bench.features.logmel.LogMel") is LogMel
    place = plugins.place_of("features", "logmel.LogMel")
    assert (place.module, place.name, place.file) == ("mimii_bench.features.logmel", "LogMel", None)
    assert place.root == "mimii_bench.features.logmel:LogMel"


def test_a_class_of_another_package_is_found():
    assert plugins.load("systems", "collections.abc.Mapping").__name__ == "Mapping"


def test_two_files_of_one_name_are_two_modules(tmp_path):
    one = plugins.load("systems", file(tmp_path / "a", "class Mine: number = 1"))
    other = plugins.load("systems", file(tmp_path / "b", "class Mine: number = 2"))
    assert (one.number, other.number) == (1, 2)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gan.Gan", "gan.Gan: there is no systems/gan.py"),
        ("classical.Knn", "classical.Knn: systems/classical.py has no name 'Knn'"),
        ("no_such.package.Gan", "no_such.package.Gan: No module named 'no_such'; install it, or"),
        ("/nowhere/mine.py:Gan", "/nowhere/mine.py:Gan: there is no file /nowhere/mine.py"),
    ],
)
def test_a_name_that_stands_for_nothing_is_said(name, message):
    with pytest.raises(UserError) as error:
        plugins.load("systems", name)
    assert str(error.value).startswith(message)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("class Mine(:", "SyntaxError: "),
        ("import jsonn", "ModuleNotFoundError: No module named 'jsonn'"),
        ("Mine = undefined", "NameError: name 'undefined'"),
    ],
)
def test_a_file_that_cannot_be_imported_is_said_in_one_line(tmp_path, text, why):
    name = file(tmp_path, text)
    for _ in range(2):
        with pytest.raises(UserError) as error:
            plugins.load("systems", name)
        assert f"{tmp_path / 'mine.py'} cannot be imported: {why}" in str(error.value)


def test_an_object_is_built_of_a_description():
    built = plugins.build("evaluation", {"class": "thresholds.GammaThreshold", "p": 0.2})
    assert built.options.p == 0.2
