"""The clips of a zip, an unpacked folder and a DCASE folder."""

import errno
import os
from pathlib import Path

import pytest

from mimii_bench.corpus.base import LABELS, Clip
from mimii_bench.corpus.location import described
from mimii_bench.corpus.sources import FolderSource, open_source
from mimii_bench.util.errors import UserError
from samples import mimii_members, write_files, write_mimii_zip, write_zip

MEMBERS = mimii_members("fan", ["00", "02"], 2, 1)
FOREIGN = [
    "fan/readme.txt",
    "fan/id_00/normal/._00000000.wav",
    "fan/id_00/normal/00000000.wav.part",
    "fan/id_00/unknown/00000000.wav",
    "pump/id_00/normal/00000000.wav",
]


def expected(id):
    return [
        Clip(name, id, name.split("/")[0], "", f"fan/id_{id}/{name}.wav")
        for name in ("abnormal/00000000", "normal/00000000", "normal/00000001")
    ]


def zipped(folder):
    write_zip(folder / "-6_dB_fan.zip", {name: name.encode() for name in [*MEMBERS, *FOREIGN]})
    return open_source(described("zip"), folder, "fan", "-6dB")


def unpacked(folder):
    write_files(folder / "-6dB", [*MEMBERS, *FOREIGN])
    return open_source(described("folder"), folder, "fan", "-6dB")


def unzipped(folder):
    write_files(folder / "-6_dB_fan", [*MEMBERS, *FOREIGN])
    return open_source(described("folder"), folder, "fan", "-6dB")


@pytest.fixture(params=[zipped, unpacked, unzipped])
def source(request, tmp_path):
    return request.param(tmp_path)


def test_mimii_layouts_list_the_same_clips_in_the_same_order_and_nothing_else(source):
    clips = source.clips()
    assert clips == sorted(clips)
    for id in ("00", "02"):
        assert [clip for clip in clips if clip.id == id] == expected(id)
    assert len(clips) == 6


def test_a_clip_s_member_finds_its_bytes(source):
    with source.open() as reader:
        for clip in source.clips():
            assert reader.read(clip.member) == clip.member.encode()


def test_the_files_of_clips_are_those_that_are_read(source):
    clips = source.clips()
    files = source.files(clips[:2])
    assert source.exists()
    assert files
    for name in files:
        (source.root / name).unlink()
    if isinstance(source, FolderSource):
        assert source.clips() == clips[2:]
    else:
        assert not source.exists()


def test_mimii_recordings_have_eight_channels(source):
    assert source.corpus.channels == 8


def test_a_clip_that_vanished_is_named(tmp_path):
    source = unpacked(tmp_path)
    clip = source.clips()[0]
    path = source.root / clip.member
    path.unlink()
    expected = f"{path}: cannot be read: No such file or directory; put it back"
    with source.open() as reader, pytest.raises(UserError, match=expected):
        reader.read(clip.member)


def test_a_folder_that_must_not_be_read_is_named(tmp_path, monkeypatch):
    source = unpacked(tmp_path)

    scandir = os.scandir

    def refuse(folder):
        if Path(folder).name in LABELS:
            raise PermissionError(errno.EACCES, "Permission denied", str(folder))
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(UserError, match=r"fan/id_0\d/\w+: cannot be read: Permission denied"):
        source.clips()


@pytest.mark.parametrize("layout", ["zip", "folder", "dcase2020"])
def test_an_absent_machine_does_not_exist(layout, tmp_path):
    assert not open_source(described(layout), tmp_path, "fan", "-6dB").exists()


def test_a_zip_inside_a_folder_of_its_own_name_is_read(tmp_path):
    write_zip(tmp_path / "0_dB_fan.zip", {"0_dB_fan/fan/id_04/normal/00000009.wav": b"x"})
    (clip,) = open_source(described("zip"), tmp_path, "fan", "0dB").clips()
    assert clip == Clip("normal/00000009", "04", "normal", "", clip.member)
    assert clip.member == "0_dB_fan/fan/id_04/normal/00000009.wav"


def test_flac_is_a_recording_too(tmp_path):
    write_files(tmp_path / "6dB", ["valve/id_06/abnormal/00000118.flac"])
    (clip,) = open_source(described("folder"), tmp_path, "valve", "6dB").clips()
    assert clip.member == "valve/id_06/abnormal/00000118.flac"


def test_a_truncated_zip_is_refused(tmp_path):
    path = write_mimii_zip(tmp_path, "fan", "-6dB")
    path.write_bytes(path.read_bytes()[:-1])
    source = open_source(described("zip"), tmp_path, "fan", "-6dB")
    assert source.exists()
    with pytest.raises(UserError, match=r"-6_dB_fan.zip: truncated"):
        source.clips()


def test_a_clip_that_is_there_twice_is_named(tmp_path):
    """It would stand in training and in the test at once."""
    names = [f"fan/id_00/normal/00000000.{ending}" for ending in ("flac", "wav")]
    write_files(tmp_path / "0dB", names)
    with pytest.raises(UserError, match=f"{names[0]} and {names[1]} are the same clip"):
        open_source(described("folder"), tmp_path, "fan", "0dB").clips()


DCASE = {
    "train/normal_id_00_00000000.wav": Clip("normal/train_00000000", "00", "normal", "train", ""),
    "train/normal_id_00_00000001.wav": Clip("normal/train_00000001", "00", "normal", "train", ""),
    "test/normal_id_00_00000000.wav": Clip("normal/test_00000000", "00", "normal", "test", ""),
    "test/anomaly_id_00_00000000.wav": Clip("abnormal/test_00000000", "00", "abnormal", "test", ""),
}


def test_dcase_names_give_part_id_and_label(tmp_path):
    foreign = ["test/id_00_00000000.wav", "extra/normal_id_00_00000000.wav", "train/normal.wav"]
    write_files(tmp_path / "slider", [*DCASE, *foreign])
    source = open_source(described("dcase2020"), tmp_path, "slider", "-6dB")
    assert source.clips() == sorted(clip._replace(member=member) for member, clip in DCASE.items())
    with source.open() as reader:
        assert all(reader.read(clip.member) == clip.member.encode() for clip in source.clips())


def test_dcase_recordings_are_those_at_minus_6_db(tmp_path):
    write_files(tmp_path / "slider", DCASE)
    at_minus_6 = open_source(described("dcase2020"), tmp_path, "slider", "-6dB")
    assert at_minus_6.exists()
    assert at_minus_6.corpus.channels == 1
    assert at_minus_6.files(at_minus_6.clips()) == sorted(DCASE)
    assert not open_source(described("dcase2020"), tmp_path, "slider", "0dB").exists()


def test_what_is_no_clip_is_listed_beside_them(source):
    held = source.members()
    assert held.clips == source.clips()
    # In the folders, another machine has a place of its own, and what is hidden is left out.
    visible = [name for name in FOREIGN if not name.startswith("pump") and "/._" not in name]
    assert {*held.others} - {*FOREIGN} == set()
    assert {*held.others} >= {*visible}


@pytest.mark.parametrize("name", ["rec 1.WAV", "2024-01-02T10.30.wav", "Ölpumpe_1.flac"])
def test_recordings_can_be_called_anything(tmp_path, name):
    write_files(tmp_path / "0dB", [f"fan/id_07/normal/{name}"])
    (clip,) = open_source(described("folder"), tmp_path, "fan", "0dB").clips()
    assert clip.name == f"normal/{Path(name).stem}"
    assert clip.id == "07"


def test_what_lies_deeper_than_clips_counts_as_one(tmp_path):
    write_files(tmp_path / "0dB", [f"fan/id_00/normal/old/{n}.wav" for n in range(3)])
    held = open_source(described("folder"), tmp_path, "fan", "0dB").members()
    assert held == ([], ["fan/id_00/normal/old"])
