"""Units, and which names a corpus has."""

from dataclasses import FrozenInstanceError

import pytest

from mimii_bench.corpus.base import Clip, Corpus, Unit, in_order, is_name
from mimii_bench.corpus.mimii import MIMII

GEARS = Corpus("gears", "folder", channels=4, sample_rate=48_000)


def test_a_unit_s_path_is_the_same_everywhere_and_pools_are_parts_of_it():
    unit = Unit("fan", "-6dB", "00")
    assert unit.path == "fan/-6dB/id_00"
    assert unit.pool(["machine", "id"]) == "fan/id_00"


def test_a_clip_needs_no_domain():
    assert Clip("normal/1", "00", "normal", "", "1.wav")[-2:] == ("", "")


@pytest.mark.parametrize("name", ["fan", "-6dB", "3DPrinter", "id_a+b", "00"])
def test_names_can_be_folders_and_wildcards(name):
    assert is_name(name)
    assert GEARS.objection(machine=name, id=name) == ""


@pytest.mark.parametrize("name", ["", "my fan", "a/b", "..", "fan.", "Lüfter", "{fan}", "fan\n"])
def test_other_names_are_objected_to(name):
    assert not is_name(name)
    assert GEARS.objection(machine=name).startswith(f"{name!r} is not a name of letters")


def test_a_corpus_objects_to_what_it_does_not_know():
    assert MIMII.objection(machine="gearbox") == "gearbox is not one of fan, pump, slider, valve"
    assert MIMII.objection(id="01") == "01 is not one of 00, 02, 04, 06"
    assert MIMII.objection(machine="fan", snr="6dB", id="06") == ""
    assert GEARS.objection(snr="6dB") == "6dB is not one of any"


def test_known_names_keep_their_order_and_found_ones_are_sorted():
    assert in_order(("pump", "fan"), ["slider"]) == ["pump", "fan"]
    assert in_order(None, ["pump", "fan", "pump", "a b"]) == ["fan", "pump"]


def test_a_description_does_not_change():
    with pytest.raises(FrozenInstanceError):
        MIMII.channels = 1
