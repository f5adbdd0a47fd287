"""Folders that nobody has described: their layout, and what their recordings have in common."""

import numpy as np
import pytest
import soundfile
import yaml

from mimii_bench.corpus.base import Unit
from mimii_bench.corpus.catalog import configured
from mimii_bench.corpus.headers import Form
from mimii_bench.corpus.recognition import common_form, recognise
from mimii_bench.util.errors import UserError
from samples import mimii_members, noise, wav_bytes, write_zip

PLAIN = ["normal/1.wav", "normal/2.flac", "abnormal/3.wav"]
GEARS = ["gear/any/id_x", "gear/any/id_y"]
OF_ONE = ["Pumpe_3/any/id_x", "Pumpe_3/any/id_y"]


def write(folder, names, samples=1600, rate=16_000, channels=1):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, noise(len(name), samples, channels), rate, subtype="PCM_16")
    return folder


def inventory(found, folder):
    """Return what the corpus of a description holds, as the workflow looks at it."""
    path = folder / "found.yaml"
    path.write_text(yaml.safe_dump(found.description))
    return configured({"corpus": str(path)}, folder / "results").inventory()


@pytest.mark.parametrize(
    ("names", "units"),
    [
        (PLAIN, ["Pumpe_3/any/id_00"]),
        ([f"a/{name}" for name in PLAIN] + ["b/normal/1.wav"], ["a/any/id_00", "b/any/id_00"]),
        ([f"gear/id_{id}/{name}" for id in "xy" for name in PLAIN], GEARS),
        ([f"id_{id}/{name}" for id in "xy" for name in PLAIN], OF_ONE),
        ([f"loud/gear/id_x/{name}" for name in PLAIN], ["gear/loud/id_x"]),
        ([f"-6_dB_fan/fan/id_00/{name}" for name in PLAIN], ["fan/-6dB/id_00"]),
        (["fan/train/normal_id_02_1.wav", "fan/test/anomaly_id_02_1.wav"], ["fan/any/id_02"]),
        (["gear/train/section_00_source_train_normal_0000_a.wav"], ["gear/any/id_00"]),
    ],
)
def test_layouts(tmp_path, names, units):
    folder = write(tmp_path / "Pumpe_3", names)
    found = recognise(folder)
    assert found.notes == []
    held = inventory(found, tmp_path)
    assert [unit.path for unit in held.units] == units
    assert sum(map(len, held.units.values())) == len(names)
    assert (held.corpus, held.channels, held.sample_rate, held.samples) == ("own", 1, 16_000, 1600)


def test_zips(tmp_path):
    folder = tmp_path / "zips"
    folder.mkdir()
    data = wav_bytes(noise(0, 800, 2), rate=8000)
    write_zip(folder / "-6_dB_fan.zip", mimii_members("fan", ["00"], 2, 1, data))
    held = inventory(recognise(folder), tmp_path)
    assert list(held.units) == [Unit("fan", "-6dB", "00")]
    assert (held.corpus, held.channels, held.sample_rate, held.samples) == ("own", 2, 8000, 800)


def test_a_folder_with_any_name_is_a_machine(tmp_path):
    found = recognise(write(tmp_path / "Öl pumpe (2)", PLAIN))
    assert found.description["machines"] == ["l_pumpe_2"]


def test_what_is_no_recording_beside_them_is_named(tmp_path):
    folder = write(tmp_path / "pump", PLAIN)
    (folder / "normal/notes.txt").write_text("loose bolt")
    (note,) = recognise(folder).notes
    assert "notes.txt; not used" in note


def test_recordings_of_about_one_length_are_cut_to_the_shortest(tmp_path):
    folder = write(tmp_path / "pump", PLAIN[:2])
    write(folder, PLAIN[2:], samples=1500)
    found = recognise(folder)
    assert "all are cut to 0.09375 s" in found.notes[0]
    assert found.description["longer"] == "cut"
    held = inventory(found, tmp_path)
    assert held.samples == 1500


@pytest.mark.parametrize(
    ("odd", "said"),
    [
        ({"rate": 8000}, "8000 Hz, and most others have 16000; resample it"),
        ({"channels": 2}, "2 channel.s., and most others have 1; mix them down"),
        ({"samples": 160}, "lasts 0.01 s, and half of the recordings last 0.1 s or more"),
    ],
)
def test_a_recording_that_is_not_like_the_others_is_named(tmp_path, odd, said):
    folder = write(tmp_path / "pump", PLAIN)
    write(folder, ["normal/odd.wav"], **odd)
    with pytest.raises(UserError, match=f"normal/odd.wav:? {said}"):
        recognise(folder)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "neither WAV nor FLAC"),
        (b"hello", "neither WAV nor FLAC"),
        (b"RIFF", "not a readable recording"),
        (wav_bytes(np.zeros((0, 1), np.int16)), "no samples"),
    ],
)
def test_what_is_called_a_recording_and_is_none_is_named(tmp_path, data, said):
    folder = write(tmp_path / "pump", PLAIN)
    (folder / "normal/text.wav").write_bytes(data)
    with pytest.raises(UserError, match=f"text.wav: .*{said}"):
        recognise(folder)


@pytest.mark.parametrize("name", ["nothing", "file", "empty"])
def test_what_is_no_folder_of_recordings_is_said(tmp_path, name):
    (tmp_path / "file").touch()
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match=str(tmp_path / name)):
        recognise(tmp_path / name)


def test_a_form_is_told_by_most():
    forms = {f"{n}.wav": Form(2, 44_100, 44_100 * 10) for n in range(3)}
    said, notes = common_form(forms.items())
    assert said == {"channels": 2, "sample_rate": 44_100, "seconds": 10}
    assert notes == []
