"""What a corpus holds and lacks, before anything runs."""

import errno
import shutil
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import soundfile

from mimii_bench.corpus.base import Unit
from mimii_bench.corpus.catalog import configured
from mimii_bench.corpus.dcase import DCASE2020
from mimii_bench.corpus.identity import samples_digest
from mimii_bench.corpus.inventory import archives_needed, simulated_inventory, take_inventory
from mimii_bench.corpus.location import described
from mimii_bench.corpus.mimii import COUNTS, IDS, MACHINES, MD5, SNRS, archive_name
from mimii_bench.corpus.sources import open_source
from mimii_bench.util.errors import UserError
from samples import mimii_members, noise, wav_bytes, write_mimii_zip, write_zip

FAN_00 = Unit("fan", "-6dB", "00")


def look(folder, layout="zip", download=False, archives="published"):
    block = {"folder": str(folder), "layout": layout, "download": download, "archives": archives}
    config = {"corpus": "mimii", "mimii": {**block, "keep_mixes": False}}
    return configured(config, Path("results")).inventory()


def write_published_unit(folder, unit):
    normal, abnormal = COUNTS[unit.machine, unit.id]
    write_mimii_zip(folder, unit.machine, unit.snr, (unit.id,), normal, abnormal)


def test_the_published_set_has_54057_clips_in_48_units():
    assert 3 * sum(map(sum, COUNTS.values())) == 54_057
    assert len(SNRS) * len(COUNTS) == 48
    assert set(COUNTS) == {(machine, id) for machine in MACHINES for id in IDS}


def test_every_archive_has_its_own_published_checksum():
    names = {archive_name(machine, snr) for machine in MACHINES for snr in SNRS}
    assert names == MD5.keys()
    assert len(set(MD5.values())) == 12
    assert archive_name("fan", "-6dB") == "-6_dB_fan.zip"


def test_what_a_partial_corpus_holds_is_used_and_the_rest_named(tmp_path):
    write_mimii_zip(tmp_path, "fan", "-6dB", ("00", "06"))
    inventory = look(tmp_path, archives="own")
    assert list(inventory.units) == [FAN_00, FAN_00._replace(id="06")]
    assert len(inventory.units[FAN_00]) == 5
    assert len(inventory.missing) == 46
    absent_id, absent_zip = Unit("fan", "-6dB", "02"), Unit("valve", "6dB", "04")
    assert inventory.missing[absent_id] == f"fan/-6dB/id_02: not in {tmp_path}/-6_dB_fan.zip"
    assert inventory.missing[absent_zip] == f"valve/6dB/id_04: not in {tmp_path}/6_dB_valve.zip"


@pytest.mark.parametrize("layout", ["zip", "folder", "dcase2020"])
def test_the_inventory_lists_what_the_source_lists(tmp_path, layout):
    write_mimii_zip(tmp_path, "fan", "-6dB")
    for name in (*mimii_members("fan", ["00"], 2, 1), "test/normal_id_00_00000000.wav"):
        path = tmp_path / ("-6dB" if name.startswith("fan") else "fan") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    inventory = look(tmp_path, layout)
    assert list(inventory.units) == [FAN_00]
    assert (
        inventory.units[FAN_00] == open_source(described(layout), tmp_path, "fan", "-6dB").clips()
    )
    assert inventory.channels == (1 if layout == "dcase2020" else 8)


def test_only_whole_published_units_bear_the_published_name(tmp_path):
    write_published_unit(tmp_path, FAN_00)
    assert look(tmp_path).corpus == "mimii"
    assert look(tmp_path, archives="own").corpus == "own"
    write_mimii_zip(tmp_path, "pump", "0dB")
    assert look(tmp_path).corpus == "own"


def test_unpacked_recordings_do_not_bear_the_published_name(tmp_path):
    """No MD5 says that they are what their names say."""
    for name in mimii_members("fan", ["00"], *COUNTS["fan", "00"]):
        path = tmp_path / "-6dB" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    inventory = look(tmp_path, "folder")
    assert len(inventory.units[FAN_00]) == sum(COUNTS["fan", "00"])
    assert inventory.corpus == "own"


def test_a_download_counts_absent_and_truncated_zips_as_published(tmp_path):
    path = write_mimii_zip(tmp_path, "fan", "-6dB")
    path.write_bytes(path.read_bytes()[:-1])
    inventory = look(tmp_path, download=True)
    assert inventory.corpus == "mimii"
    assert inventory.missing == {}
    assert sum(map(len, inventory.units.values())) == 54_057
    write_published_unit(tmp_path, FAN_00)
    assert inventory.units[FAN_00] == open_source(described("zip"), tmp_path, "fan", "-6dB").clips()


def test_a_truncated_zip_is_refused_without_download(tmp_path):
    path = write_mimii_zip(tmp_path, "fan", "-6dB")
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(UserError, match=r"-6_dB_fan.zip: truncated"):
        look(tmp_path)


def test_what_no_download_completes_is_refused_with_download_too(tmp_path):
    (tmp_path / "-6_dB_fan.zip").mkdir()
    with pytest.raises(UserError, match=r"-6_dB_fan.zip: cannot be read: Is a directory"):
        look(tmp_path, download=True)


@pytest.mark.parametrize("layout", ["zip", "folder", "dcase2020"])
def test_a_folder_that_must_not_be_read_is_named(tmp_path, monkeypatch, layout):
    def refuse(path):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "stat", refuse)
    with pytest.raises(UserError, match=rf"^{tmp_path}: cannot be read: Permission denied; .* mak"):
        look(tmp_path, layout)


@pytest.mark.parametrize(("layout", "archives"), [("zip", "own"), ("folder", "published")])
def test_only_the_published_zips_can_be_downloaded(tmp_path, layout, archives):
    with pytest.raises(UserError, match=r"layout: zip and .*archives: published"):
        look(tmp_path, layout, True, archives)


def test_an_absent_folder_names_the_key(tmp_path):
    with pytest.raises(UserError, match=rf"mimii.folder: {tmp_path}/no does not exist"):
        look(tmp_path / "no", archives="own")


@pytest.mark.parametrize("folder", ["", "no"])
def test_without_any_zip_the_published_ones_are_planned(tmp_path, folder):
    found = look(tmp_path / folder)
    assert found.corpus == "mimii"
    assert sum(map(len, found.units.values())) == 54_057
    assert found.absent.startswith(f"mimii.folder: {tmp_path / folder} ")


def test_one_zip_is_enough_for_a_plan_of_what_is_there(tmp_path):
    write_mimii_zip(tmp_path, "pump", "0dB", ("04",), 4, 2)
    found = look(tmp_path)
    assert list(found.units) == [("pump", "0dB", "04")]
    assert not found.absent


@pytest.mark.parametrize(
    ("layout", "example"),
    [
        ("folder", "-6dB/fan/id_00/normal/00000000.wav"),
        ("dcase2020", "fan/train/normal_id_00_00000000.wav"),
    ],
)
def test_an_empty_folder_says_what_was_expected(tmp_path, layout, example):
    with pytest.raises(UserError, match=rf"no {layout} corpus; .* {tmp_path}/{example}; .*check"):
        look(tmp_path, layout)


def test_a_zip_without_recordings_is_no_corpus(tmp_path):
    write_zip(tmp_path / "-6_dB_fan.zip", {"readme.txt": b""})
    with pytest.raises(UserError, match="holds no zip corpus"):
        look(tmp_path)


def test_the_simulation_s_clips_are_named_as_the_zips_would_name_them(tmp_path):
    write_mimii_zip(tmp_path, "pump", "0dB", ("04",), 4, 2)
    inventory = simulated_inventory(["pump"], ["0dB"], ["04"], 4, 2)
    clips = open_source(described("zip"), tmp_path, "pump", "0dB").clips()
    assert inventory.units == {Unit("pump", "0dB", "04"): clips}
    assert inventory.corpus == "simulated"


def test_what_the_simulation_is_not_asked_for_is_missing():
    inventory = simulated_inventory(["pump"], ["0dB", "6dB"], ["00", "04"], 4, 2)
    everything = {Unit(*parts) for parts in product(MACHINES, SNRS, IDS)}
    assert inventory.units.keys() | inventory.missing.keys() == everything
    assert not inventory.units.keys() & inventory.missing.keys()
    reasons = {
        Unit("fan", "0dB", "00"): "fan/0dB/id_00: not in simulated.machines",
        Unit("pump", "-6dB", "04"): "pump/-6dB/id_04: not in simulated.snrs",
        Unit("pump", "6dB", "02"): "pump/6dB/id_02: not in simulated.ids",
        Unit("fan", "-6dB", "06"): (
            "fan/-6dB/id_06: not in simulated.machines, simulated.snrs, simulated.ids"
        ),
    }
    assert inventory.missing.items() >= reasons.items()


def test_a_whole_simulation_lacks_nothing():
    assert simulated_inventory(list(MACHINES), list(SNRS), list(IDS), 4, 2).missing == {}


def test_each_archive_is_needed_once():
    units = [Unit("fan", "6dB", "00"), Unit("fan", "6dB", "02"), Unit("fan", "-6dB", "00")]
    assert archives_needed(units) == ["-6_dB_fan.zip", "6_dB_fan.zip"]


def test_what_lies_in_a_folder_and_is_not_used_is_said(tmp_path):
    foreign = {
        f"6dB/{name}"
        for name in (*mimii_members("fan", ["01"], 3, 2), "fan/notes.txt", "fan/id_00/x")
    }
    foreign |= {f"6dB/{name}" for name in mimii_members("gearbox", ["00"], 2, 1)}
    foreign |= {f"12dB/{name}" for name in mimii_members("fan", ["00"], 1, 1)}
    foreign |= {"readme.txt", "6dB/fan/id_00/normal/00000009.mp3", "6dB/.hidden"}
    for name in (*(f"6dB/{name}" for name in mimii_members("fan", ["00"], 2, 1)), *foreign):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    inventory = look(tmp_path, "folder")
    assert list(inventory.units) == [Unit("fan", "6dB", "00")]
    assert inventory.unused == [
        "fan/6dB/id_01: 01 is not one of 00, 02, 04, 06; 5 clips not used",
        f"{tmp_path}/6dB/fan: 3 files or folders are no recording of it, "
        "e.g. fan/id_00/normal/00000009.mp3; not used",
        "fan/12dB: 12dB is not one of -6dB, 0dB, 6dB; 2 clips not used",
        "gearbox/6dB: gearbox is not one of fan, pump, slider, valve; 3 clips not used",
        f"{tmp_path}: 2 files or folders are no recording of it, e.g. readme.txt; not used",
    ]


def test_zips_that_are_not_used_are_said(tmp_path):
    write_mimii_zip(tmp_path, "fan", "-6dB", ("00", "08"))
    write_mimii_zip(tmp_path, "gearbox", "-6dB")
    write_zip(tmp_path / "fans.zip", {})
    write_zip(tmp_path / "0_dB_gearbox.zip", {}).write_bytes(b"PK")
    (tmp_path / "0_dB_fan.zip.part").touch()
    assert look(tmp_path, archives="own").unused == [
        "fan/-6dB/id_08: 08 is not one of 00, 02, 04, 06; 5 clips not used",
        "gearbox/-6dB: gearbox is not one of fan, pump, slider, valve; 5 clips not used",
        f"{tmp_path}/0_dB_gearbox.zip: truncated or not a zip; delete it and fetch it again, "
        "or set mimii.download: true to complete it; not used",
        f"{tmp_path}: 2 files or folders are no recording of it, e.g. 0_dB_fan.zip.part; not used",
    ]


def test_what_a_download_goes_on_with_is_used(tmp_path):
    for name in ("0_dB_fan.zip.part", "fans.rar"):
        (tmp_path / name).touch()
    (line,) = look(tmp_path, download=True).unused
    assert line == f"{tmp_path}: 1 file or folder is no recording of it, e.g. fans.rar; not used"


def test_a_machine_that_lies_in_two_folders_is_said(tmp_path):
    for root in ("0dB", "0_dB_fan"):
        for name in mimii_members("fan", ["00"], 2, 1):
            (tmp_path / root / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / root / name).touch()
    inventory = look(tmp_path, "folder")
    both = f"lies in {tmp_path}/0dB/fan and in {tmp_path}/0_dB_fan/fan"
    assert inventory.unused == [f"fan/0dB: {both}, which is not used"]


def test_dcase_2020_has_machines_and_ids_beside_those_of_mimii(tmp_path):
    for name in (
        "fan/test/normal_id_00_00000000.wav",
        "fan/train/normal_id_01_00000000.wav",
        "ToyCar/train/normal_id_01_00000000.wav",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    inventory = look(tmp_path, "dcase2020")
    assert inventory.unused == []
    toy = Unit("ToyCar", "-6dB", "01")
    assert [*inventory.units] == [toy, Unit("fan", "-6dB", "00"), Unit("fan", "-6dB", "01")]
    at_0_db = inventory.missing[FAN_00._replace(snr="0dB")]
    assert at_0_db == "fan/0dB/id_00: not in the corpus dcase2020, which holds -6dB only"
    assert len(inventory.missing) == 47
    assert inventory.corpus == "own"
    assert inventory.own_because == (
        "fan/-6dB/id_00 has 0 abnormal clips in test, the published set 407"
    )


@pytest.fixture
def small_set():
    """DCASE 2020 as if each fan had three normal clips, one of which tests, and two abnormal."""
    counts = {("fan", id): (3, 2) for id in IDS}
    return replace(DCASE2020, counts=counts, test_normal=1, digests={})


def test_a_set_without_the_clip_whose_samples_are_known_is_another(tmp_path, small_set):
    known = replace(small_set, digests={("fan", "00"): ("normal/test_00000007", "0" * 32)})
    found = take_inventory(known, write_small_set(tmp_path), "mimii.folder")
    assert (
        found.own_because
        == "fan/-6dB/id_00 lacks normal/test_00000007, which the published set has"
    )


def test_units_beside_those_with_known_counts_are_no_objection(tmp_path, small_set):
    folder = write_small_set(tmp_path)
    toy = folder / "ToyCar/train/normal_id_01_00000000.wav"
    toy.parent.mkdir(parents=True)
    soundfile.write(toy, np.zeros(1600), 16_000, "PCM_16")
    assert take_inventory(small_set, folder, "mimii.folder").corpus == "dcase2020"
    shutil.rmtree(folder / "fan")
    alone = take_inventory(small_set, folder, "mimii.folder")
    assert alone.corpus == "own"
    assert alone.own_because == "no counts or checksums of these units of dcase2020 are known"


def test_what_is_no_recording_has_no_samples():
    assert samples_digest(b"") is None


def write_small_set(folder, normal=2):
    for part, label, count in (
        ("train", "normal", normal),
        ("test", "normal", 1),
        ("test", "anomaly", 2),
    ):
        for number in range(count):
            path = folder / f"fan/{part}/{label}_id_00_{number:08}.wav"
            path.parent.mkdir(parents=True, exist_ok=True)
            soundfile.write(path, np.full(1600, 0.001 * number), 16_000, "PCM_16")
    return folder


def test_a_set_with_the_published_counts_is_the_published_one_and_another_is_not(
    tmp_path, small_set
):
    found = take_inventory(small_set, write_small_set(tmp_path / "a"), "mimii.folder")
    assert (found.corpus, found.own_because) == ("dcase2020", "")
    more = take_inventory(small_set, write_small_set(tmp_path / "b", normal=3), "mimii.folder")
    assert more.corpus == "own"
    assert more.own_because.startswith("fan/-6dB/id_00 has 3 normal clips in train")


def test_noise_in_the_layout_of_the_published_set_is_no_published_set(tmp_path):
    """Not a few clips of it, and not as many as the published unit has."""
    members = {"train/normal": 434, "test/normal": 100, "test/anomaly": 89}
    data = wav_bytes(noise(samples=1600, channels=1))
    for few in (True, False):
        for kind, count in members.items():
            for number in range(8 if few else count):
                path = tmp_path / "slider" / f"{kind}_id_06_{number:08}.wav"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
        inventory = look(tmp_path, "dcase2020")
        assert inventory.corpus == "own"
        assert inventory.own_because == (
            "slider/-6dB/id_06 has 8 abnormal clips in test, the published set 89"
            if few
            else f"{tmp_path}/slider/test/normal_id_06_00000000.wav has other samples than in the "
            "published set"
        )


@pytest.mark.parametrize("genuine", [True, False])
def test_with_the_right_counts_the_samples_of_one_clip_decide(tmp_path, small_set, genuine):
    folder = write_small_set(tmp_path)
    wav = folder / "fan/test/normal_id_00_00000000.wav"
    digest = samples_digest(wav.read_bytes()) if genuine else "0" * 32
    known = replace(small_set, digests={("fan", "00"): ("normal/test_00000000", digest)})
    found = take_inventory(known, folder, "mimii.folder")
    assert found.corpus == ("dcase2020" if genuine else "own")
    assert ("has other samples than in the published set" in found.own_because) != genuine
