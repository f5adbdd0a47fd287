"""Odd recordings in a real workflow: named, kept on one side, or refused."""

import csv
import shutil
import zipfile

import numpy as np
import pytest
import soundfile

pytestmark = pytest.mark.whole

UNIT = "fan/6dB/id_00"
SPLIT = f"results/splits/mimii_baseline/{UNIT}.csv"
QUALITY = f"results/corpus/quality/{UNIT}.csv"


@pytest.fixture
def unpacked(finished, project_class, tmp_path):
    """A project with one unit of unpacked recordings, nothing run, and their folder."""
    project = project_class.fresh(tmp_path / "project")
    with zipfile.ZipFile(finished.folder / "results/corpus/simulated/6_dB_fan.zip") as archive:
        names = [name for name in archive.namelist() if "/id_00/" in name]
        archive.extractall(project.folder / "data/mimii/6dB", names)
    text = "corpus: mimii\nreports: [mimii_baseline]\nmimii: {folder: data/mimii, layout: folder}\n"
    (project.folder / "config/real.yaml").write_text(text)
    project.config = "config/real.yaml"
    return project, project.folder / "data/mimii/6dB/fan/id_00"


def rows_of(project, path):
    with (project.folder / path).open() as file:
        return list(csv.DictReader(file))


def test_silence_and_copies_are_named_and_a_copy_has_one_role(unpacked):
    project, place = unpacked
    # The first normal clips by name test, under this report's split; the last one trains.
    shutil.copy(place / "normal/00000000.wav", place / "normal/99999999.wav")
    samples, rate = soundfile.read(place / "normal/00000003.wav", dtype="int16")
    soundfile.write(place / "normal/00000003.wav", samples * 0, rate)
    printed = project.run(SPLIT)
    remarks = {row["clip"]: row["remark"] for row in rows_of(project, QUALITY) if row["remark"]}
    assert remarks == {
        "normal/00000003": "silent",
        "normal/99999999": "copy of normal/00000000",
    }
    roles = {row["clip"]: row["role"] for row in rows_of(project, SPLIT)}
    assert roles["normal/00000000"] == roles["normal/99999999"] == "test"
    assert len(roles) == 8
    said = f"{UNIT}: used, but normal/00000003: silent | normal/99999999: copy of normal/00000000"
    told = f"copies, which take the roles of what they copy: {UNIT}/normal/99999999 of {UNIT}"
    for line, log in ((said, "quality"), (told, "split/mimii_baseline")):
        assert line in printed
        assert line in (project.folder / f"results/logs/{log}/fan.log").read_text()
    # A clip that is replaced is looked at again, and the split follows.
    soundfile.write(place / "normal/99999999.wav", samples, rate)
    planned = project.planned(SPLIT)
    assert (planned["quality"], planned["split"]) == (1, 1)


def mislabelled(place):
    shutil.copy(place / "abnormal/00000000.wav", place / "normal/99999999.wav")
    return "normal/99999999.wav has the same samples as fan/id_00/abnormal/00000000.wav, under"


def in_units_of_integers(place):
    for path in sorted((place / "abnormal").iterdir()):
        samples, rate = soundfile.read(path, dtype="int16")
        soundfile.write(path, samples.astype(np.float32), rate, subtype="FLOAT")
    return "divide by 32768 what is in units of 16-bit integers"


def one_channel(place):
    for path in sorted((place / "abnormal").iterdir()):
        samples, rate = soundfile.read(path, dtype="int16")
        soundfile.write(path, samples[:, 0], rate)
    return "abnormal/00000000.wav: 1 channel(s), not 8 as mimii says"


@pytest.mark.parametrize("spoil", [mislabelled, in_units_of_integers, one_channel])
def test_what_would_make_a_wrong_number_ends_the_run(unpacked, spoil):
    project, place = unpacked
    reason = spoil(place)
    result = project.snakemake(SPLIT)
    assert result.returncode != 0
    assert reason in result.stdout
    assert "Traceback" not in result.stdout
    assert not (project.folder / SPLIT).exists()
