"""What the schemas allow as names."""

import pytest

from mimii_bench.corpus.base import Corpus
from mimii_bench.corpus.definitions import unit_definitions
from mimii_bench.corpus.mimii import IDS, MACHINES, MIMII, SNRS
from mimii_bench.util.errors import UserError
from mimii_bench.util.schema import check


def allows(corpus, kind, names):
    schema = {"type": "object", "properties": {"x": unit_definitions(corpus)[kind]}}
    try:
        check({"x": names}, schema, "config.yaml")
    except UserError:
        return False
    return True


def test_mimii_s_names_are_those_of_mimii():
    for kind, names in (("machines", MACHINES), ("snrs", SNRS), ("ids", IDS)):
        assert unit_definitions(MIMII)[kind]["items"] == {"enum": list(names)}


def test_a_corpus_of_its_own_names_adds_them():
    gears = Corpus("gears", "folder", 4, 48_000, machines=("gearbox", "fan"), ids=("a",))
    assert unit_definitions(gears)["machines"]["items"] == {"enum": [*MACHINES, "gearbox"]}
    assert unit_definitions(gears)["snrs"]["items"] == {"enum": [*SNRS, "any"]}
    assert allows(gears, "ids", ["a", "00"])
    assert not allows(gears, "ids", ["b"])


@pytest.mark.parametrize("kind", ["machines", "ids"])
def test_where_names_are_found_all_that_can_be_paths_are_allowed(kind):
    free = Corpus("gears", "folder", 4, 48_000)
    assert allows(free, kind, ["gearbox", "00"])
    assert not allows(free, kind, ["a/b"])
    assert not allows(free, kind, [])
    assert not allows(free, kind, ["a", "a"])


def test_the_simulation_s_names_stay_its_own():
    found = unit_definitions(Corpus("gears", "folder", 4, 48_000))
    assert found["simulated_machines"]["items"] == {"enum": list(MACHINES)}
    assert found["simulated_snrs"]["items"] == {"enum": list(SNRS)}
    assert found["simulated_ids"]["items"] == {"enum": list(IDS)}
