"""Descriptions of one's own recordings."""

import pytest
import yaml

from mimii_bench.corpus.base import ANY, Corpus, Unit
from mimii_bench.corpus.catalog import configured
from mimii_bench.corpus.own import read_description
from mimii_bench.util.errors import UserError
from samples import mimii_members, noise, wav_bytes, write_zip

GEARS = {
    "name": "gears",
    "folder": "recordings",
    "layout": "folder",
    "channels": 4,
    "sample_rate": 48_000,
    "seconds": 2.5,
}


def write_description(folder, **changes):
    path = folder / "gears.yaml"
    path.write_text(yaml.safe_dump({**GEARS, **changes}))
    return path


def look(folder, **changes):
    path = write_description(folder, **changes)
    return configured({"corpus": str(path)}, folder / "results").inventory()


def write_folder(root, machine, ids, normal=2, abnormal=1):
    for name in mimii_members(machine, ids, normal, abnormal):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()


def test_what_a_description_leaves_out_is_found(tmp_path):
    own = read_description(write_description(tmp_path))
    assert own.corpus == Corpus("gears", "folder", 4, 48_000, 120_000, None, (ANY,), None)
    assert own.folder == tmp_path / "recordings"
    assert own.keep_mixes is False


def test_names_and_any_length_can_be_told(tmp_path):
    names = {"machines": ["gearbox"], "conditions": ["loud", "quiet"], "ids": ["a", "b"]}
    corpus = read_description(write_description(tmp_path, seconds="any", **names)).corpus
    assert corpus.samples is None
    assert list(corpus.names.values()) == [("gearbox",), ("loud", "quiet"), ("a", "b")]


def test_a_description_can_tell_the_edition_whose_score_is_asked_for(tmp_path):
    own = read_description(write_description(tmp_path, layout="dcase", edition=2024))
    assert own.corpus.edition == 2024
    assert read_description(write_description(tmp_path)).corpus.edition is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"channels": 0}, "channels: 0 is not allowed: input should be greater than or equal to 1"),
        ({"seconds": "long"}, "seconds"),
        ({"seconds": 0.00001}, "1e-05 seconds are no whole number of samples at 48000 Hz"),
        ({"layout": "labels"}, "the layout labels has one id; give ids one name"),
        ({"edition": 2023}, "edition 2023 is of the layout dcase; change one"),
        ({"edition": 2020, "layout": "dcase"}, "edition 2020 is of the layout dcase2020"),
        ({"edition": 2019}, "edition"),
        ({"layout": "labels", "ids": ["a"], "conditions": "found"}, "labels has no conditions"),
        ({"seconds": "any", "longer": "cut"}, "longer: cut needs a length"),
        ({"layout": "dcase", "conditions": "found"}, "the layout dcase has one condition"),
        ({"machines": ["my fan"]}, r"machines.*: 'my fan' is not allowed: string should match"),
        ({"machine": ["fan"]}, r"machine: .* has no such option; it has name, folder, layout"),
        ({"ids": [0, 2]}, r"ids.*: 0 is not allowed: input should be a valid string"),
    ],
)
def test_what_is_wrong_in_a_description_is_said_in_a_line(tmp_path, changes, message):
    path = write_description(tmp_path, **changes)
    with pytest.raises(UserError, match=rf"^{path}.*{message}"):
        read_description(path)


FOUND = {"channels": "found", "sample_rate": "found", "seconds": "found"}


def write_recordings(folder, name, rate=8000, channels=3, samples=400):
    path = folder / "recordings" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(wav_bytes(noise(0, samples, channels), rate))


def test_what_recordings_are_like_is_found_in_the_first_one(tmp_path):
    write_recordings(tmp_path, "gearbox/id_a/normal/1.wav")
    write_recordings(tmp_path, "gearbox/id_a/normal/2.wav", rate=48_000, channels=1)
    corpus = read_description(write_description(tmp_path, **FOUND)).corpus
    assert (corpus.channels, corpus.sample_rate, corpus.samples) == (3, 8000, 400)
    assert corpus.form_said_by.endswith("recordings/gearbox/id_a/normal/1.wav has")


@pytest.mark.parametrize(
    ("changes", "form"),
    [
        ({"channels": 2}, (2, 8000, 400)),
        ({"sample_rate": 16_000}, (3, 16_000, 400)),
        ({"seconds": 0.02}, (3, 8000, 160)),
        ({"seconds": "any"}, (3, 8000, None)),
    ],
)
def test_what_is_said_is_not_looked_for(tmp_path, changes, form):
    write_recordings(tmp_path, "gearbox/id_a/normal/1.wav")
    corpus = read_description(write_description(tmp_path, **{**FOUND, **changes})).corpus
    assert (corpus.channels, corpus.sample_rate, corpus.samples) == form


def test_what_is_to_be_found_in_no_recording_is_said(tmp_path):
    path = tmp_path / "recordings/gearbox/id_a/normal/1.wav"
    path.parent.mkdir(parents=True)
    path.write_text("no sound")
    with pytest.raises(UserError, match=f"gears.yaml: what is to be found: {path}: not a readable"):
        read_description(write_description(tmp_path, **FOUND))


def test_labels_alone_are_a_layout(tmp_path):
    for name in ("normal/1.wav", "abnormal/2.wav"):
        write_recordings(tmp_path, name)
    given = {"layout": "labels", "machines": ["pump"], "ids": ["a"], **FOUND}
    held = look(tmp_path, **given)
    assert {unit: [clip.name for clip in clips] for unit, clips in held.units.items()} == {
        Unit("pump", ANY, "a"): ["abnormal/2", "normal/1"]
    }


def test_an_absent_or_empty_description_is_named(tmp_path):
    path = tmp_path / "gears.yaml"
    with pytest.raises(UserError, match=rf"config.yaml: corpus: {path} cannot be read \(No such"):
        read_description(path)
    path.touch()
    with pytest.raises(UserError, match=f"{path}: no description"):
        read_description(path)


def test_machines_and_ids_that_are_found_run(tmp_path):
    root = tmp_path / "recordings"
    write_folder(root, "fan", ["00", "01"])
    write_folder(root, "gearbox", ["north"])
    inventory = look(tmp_path)
    assert list(inventory.units) == [
        Unit("fan", ANY, "00"),
        Unit("fan", ANY, "01"),
        Unit("gearbox", ANY, "north"),
    ]
    assert (inventory.corpus, inventory.channels, inventory.sample_rate, inventory.samples) == (
        "own",
        4,
        48_000,
        120_000,
    )
    assert inventory.missing == {}
    assert inventory.unused == []


def test_conditions_that_are_found_run(tmp_path):
    for condition in ("loud", "6dB"):
        write_folder(tmp_path / "recordings" / condition, "fan", ["00"])
    inventory = look(tmp_path, conditions="found")
    assert list(inventory.units) == [Unit("fan", "6dB", "00"), Unit("fan", "loud", "00")]


@pytest.mark.parametrize(
    ("conditions", "zips"),
    [
        ("any", {"big_fan.zip": ANY}),
        (["very_loud", "0dB"], {"very_loud_big_fan.zip": "very_loud", "0_dB_big_fan.zip": "0dB"}),
        ("found", {"loud_big_fan.zip": "loud", "-6_dB_big_fan.zip": "-6dB"}),
    ],
)
def test_zips_of_one_s_own_are_found_by_their_names(tmp_path, conditions, zips):
    (tmp_path / "recordings").mkdir()
    for name in zips:
        write_zip(tmp_path / "recordings" / name, mimii_members("big_fan", ["1"], 2, 1))
    inventory = look(tmp_path, layout="zip", conditions=conditions)
    assert {*inventory.units} == {Unit("big_fan", snr, "1") for snr in zips.values()}
    assert inventory.unused == []


def test_names_that_cannot_be_paths_are_told_and_not_run(tmp_path):
    write_folder(tmp_path / "recordings", "my fan", ["00"])
    write_folder(tmp_path / "recordings", "fan", ["00", "a.b"])
    inventory = look(tmp_path)
    assert list(inventory.units) == [Unit("fan", ANY, "00")]
    assert inventory.unused == [
        "fan/any/id_a.b: 'a.b' is not a name of letters, digits, _, + and - alone; "
        "3 clips not used",
        "my fan/any: 'my fan' is not a name of letters, digits, _, + and - alone; 3 clips not used",
    ]


def test_what_a_description_names_and_is_not_there_is_missing(tmp_path):
    write_folder(tmp_path / "recordings/loud", "fan", ["00", "01"])
    write_folder(tmp_path / "recordings/quiet", "fan", ["00"])
    inventory = look(tmp_path, machines=["fan", "gearbx"], conditions=["loud", "quiet"])
    assert sorted(unit.path for unit in inventory.missing) == [
        "fan/quiet/id_01",
        "gearbx/loud/id_00",
        "gearbx/loud/id_01",
        "gearbx/quiet/id_00",
        "gearbx/quiet/id_01",
    ]


def test_an_empty_folder_names_the_file_and_the_key(tmp_path):
    path = write_description(tmp_path)
    with pytest.raises(UserError, match=rf"^{path}: folder: {tmp_path}/recordings does not exist"):
        look(tmp_path)
    (tmp_path / "recordings").mkdir()
    with pytest.raises(
        UserError, match=rf"no folder corpus; .*/recordings/fan/id_00/.*; check {path}: lay"
    ):
        look(tmp_path)
