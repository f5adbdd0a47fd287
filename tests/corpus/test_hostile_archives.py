"""Zips and folders as people and their tools leave them: each has its meaning or its refusal."""

import os
import socket
import struct
import zipfile
from pathlib import Path

import pytest

from mimii_bench.corpus.archive import Archive
from mimii_bench.corpus.inventory import take_inventory
from mimii_bench.corpus.location import described
from mimii_bench.corpus.mimii import MIMII
from mimii_bench.corpus.sources import open_source
from mimii_bench.util.errors import UserError
from samples import mimii_members, write_files, write_zip

#: Two clips, beside which something lies.
GOOD = ("fan/id_00/normal/00000000.wav", "fan/id_00/abnormal/00000000.wav")
PLACE = "fan/id_00/normal"

#: Names of files, and of the clips that they are.
CLIPS = {
    f"{PLACE}/1.WAV": "normal/1",
    f"{PLACE}/1.Wav": "normal/1",
    f"{PLACE}/1.FLAC": "normal/1",
    f"{PLACE}/-1.wav": "normal/-1",
    f"{PLACE}/2024-01-02.wav": "normal/2024-01-02",
    f"{PLACE}/a b.wav": "normal/a b",
    f"{PLACE}/ a .wav": "normal/ a ",
    f"{PLACE}/a.b.c.wav": "normal/a.b.c",
    f"{PLACE}/a.wav.wav": "normal/a.wav",
    f"{PLACE}/it's.wav": "normal/it's",
    f'{PLACE}/"a".wav': 'normal/"a"',
    f"{PLACE}/$(touch x).wav": "normal/$(touch x)",
    f"{PLACE}/`id`.wav": "normal/`id`",
    f"{PLACE}/{{snr}}.wav": "normal/{snr}",
    f"{PLACE}/a,b;c.wav": "normal/a,b;c",
    f"{PLACE}/=1+1.wav": "normal/=1+1",
    f"{PLACE}/Pumpe_Öl.wav": "normal/Pumpe_Öl",
    f"{PLACE}/{'n' * 200}.wav": f"normal/{'n' * 200}",
}
#: Names of files that are none.
NO_CLIPS = [
    f"{PLACE}/._00000000.wav",
    f"{PLACE}/.hidden.wav",
    f"{PLACE}/.wav",
    f"{PLACE}/00000001.wav.part",
    f"{PLACE}/00000001.mp3",
    f"{PLACE}/00000001",
    f"{PLACE}/line\nbreak.wav",
    f"{PLACE}/\x1b[2Jclear.wav",
    f"{PLACE}/{'n' * 201}.wav",
    f"{PLACE}/deeper/00000001.wav",
    "fan/id_00/Normal/00000001.wav",
    "fan/id_00/broken/00000001.wav",
    "fan/00/normal/00000001.wav",
    "fan/ID_00/normal/00000001.wav",
    "fan/id_00/00000001.wav",
    "fan/.DS_Store",
    "fan/.git/normal/00000001.wav",
]
ONLY_IN_ZIPS = [
    f"__MACOSX/{PLACE}/._00000000.wav",
    f"__MACOSX/{PLACE}/00000001.wav",
    "pump/id_00/normal/00000001.wav",
    "FAN/id_00/normal/00000001.wav",
    "readme.txt",
    ".DS_Store",
    "fan.wav",
    f"{PLACE}/{'n' * 300}.wav",
    "../../00000001.wav",
]


def zipped(folder, *names):
    write_zip(folder / "0_dB_fan.zip", {name: b"" for name in (*GOOD, *names)})
    return described("zip")


def unpacked(folder, *names):
    write_files(folder / "0dB", [*GOOD, *names])
    return described("folder")


def look(corpus, folder):
    """Return the names of clips of the fan 00, and what is said."""
    found = take_inventory(corpus, folder, "mimii.folder")
    return {clip.name for clips in found.units.values() for clip in clips}, found.unused


@pytest.mark.parametrize("name", CLIPS)
@pytest.mark.parametrize("build", [zipped, unpacked])
def test_these_are_clips(tmp_path, build, name):
    corpus = build(tmp_path, name)
    clips, said = look(corpus, tmp_path)
    assert clips == {"normal/00000000", "abnormal/00000000", CLIPS[name]}
    assert said == []
    source = open_source(corpus, tmp_path, "fan", "0dB")
    with source.open() as reader:
        for clip in source.clips():
            assert reader.read(clip.member) in (b"", clip.member.encode())


@pytest.mark.parametrize(
    ("build", "name"),
    [
        *((zipped, name) for name in [*NO_CLIPS, *ONLY_IN_ZIPS]),
        *((unpacked, name) for name in NO_CLIPS),
    ],
)
def test_these_are_none_and_are_counted_and_named(tmp_path, build, name):
    clips, said = look(build(tmp_path, name), tmp_path)
    assert clips == {"normal/00000000", "abnormal/00000000"}
    (line,) = said
    assert "1 file or folder is no recording of it, e.g. " in line
    assert line.isprintable()
    last = next(part for part in ("broken", "deeper", ".git", Path(name).name) if part in name)
    assert (last if last.isprintable() else ascii(last)[1:-1]) in line


def test_names_that_are_no_utf_8_are_counted_and_named(tmp_path):
    corpus = unpacked(tmp_path)
    name = os.fsencode(tmp_path / "0dB" / PLACE) + b"/\xff\xfe.wav"
    with open(name, "wb"):
        pass
    clips, (line,) = look(corpus, tmp_path)
    assert len(clips) == 2
    assert r"e.g. fan/id_00/normal/\udcff\udcfe.wav" in line


@pytest.mark.parametrize("kind", ["pipe", "socket"])
def test_what_would_never_end_is_not_read(tmp_path, kind):
    corpus = unpacked(tmp_path)
    place = tmp_path / "0dB" / PLACE / "1.wav"
    if kind == "pipe":
        os.mkfifo(place)
    else:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(os.path.relpath(place))
    clips, (line,) = look(corpus, tmp_path)
    assert len(clips) == 2
    assert "1.wav (no regular file); not used" in line
    os.mkfifo(tmp_path / "0_dB_fan.zip")
    with pytest.raises(UserError, match=r"0_dB_fan.zip: no regular file; put the zip itself"):
        look(described("zip"), tmp_path)


def test_backslashes_separate_folders_in_a_zip(tmp_path):
    write_zip(tmp_path / "0_dB_fan.zip", {})
    with zipfile.ZipFile(tmp_path / "0_dB_fan.zip", "w") as archive:
        for name in (r"fan\id_00\normal\1.wav", "fan\\id_00\\abnormal\\1.wav", "fan\\id_00\\"):
            archive.writestr(name, name.encode())
    clips, said = look(described("zip"), tmp_path)
    assert (clips, said) == ({"normal/1", "abnormal/1"}, [])
    source = open_source(described("zip"), tmp_path, "fan", "0dB")
    with source.open() as reader:
        for clip in source.clips():
            assert reader.read(clip.member) == clip.member.encode()


@pytest.mark.parametrize(
    "twin",
    ["fan/id_00/normal/00000000.flac", "fan/id_00/normal/00000000.WAV", f"0_dB_fan/{GOOD[0]}"],
)
def test_a_clip_that_is_inside_twice_is_refused(tmp_path, twin):
    with pytest.raises(UserError, match="are the same clip: keep one of them"):
        look(zipped(tmp_path, twin), tmp_path)


def packed_twice(path, name):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, b"one")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr(name, b"other")
    return path


@pytest.mark.parametrize("name", [GOOD[0], "readme.txt"])
def test_a_second_copy_of_a_member_is_refused(tmp_path, name):
    path = packed_twice(tmp_path / "0_dB_fan.zip", name)
    with pytest.raises(UserError, match=f"{path}: {name} is inside twice; pack the zip again"):
        Archive(path)


def test_names_of_two_lines_are_refused_in_one(tmp_path):
    path = packed_twice(tmp_path / "0_dB_fan.zip", "a\nb")
    with pytest.raises(UserError, match=r"a\\nb is inside twice"):
        Archive(path)


def altered(path, fields, name=GOOD[0]):
    """Write values into the entry of a member in the directory of a zip, by offset and format."""
    data = bytearray(path.read_bytes())
    entry = data.rindex(b"PK\1\2", 0, data.rindex(name.encode()))
    for offset, (form, value) in fields.items():
        struct.pack_into(form, data, entry + offset, value)
    path.write_bytes(data)


#: Offsets in an entry of the directory.
FLAGS, PACKED, SIZE, OFFSET = 8, 20, 24, 42


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({FLAGS: ("<H", 1)}, "is encrypted; pack the zip again without a password"),
        ({SIZE: ("<I", 0xFFFFFFF0)}, "has 4294967280 bytes, and a recording has 42008576 at most"),
        ({SIZE: ("<I", 42_000_000)}, "is damaged: it cannot have the 42000000 bytes"),
        ({SIZE: ("<I", 999)}, "is damaged; delete the zip"),
        ({SIZE: ("<I", 2001)}, "is damaged; delete the zip"),
    ],
)
def test_sizes_that_lie_are_refused_before_memory_is_taken(tmp_path, method, fields, reason):
    path = tmp_path / "0_dB_fan.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr(GOOD[0], os.urandom(2000))
    altered(path, fields)
    refused = pytest.raises(UserError, match=f"{path}: {GOOD[0]} {reason}")
    with open_source(MIMII, tmp_path, "fan", "0dB").open() as reader, refused:
        reader.read(GOOD[0])


@pytest.mark.parametrize("offset", [0, 10, 40])
def test_members_that_overlap_are_refused(tmp_path, offset):
    path = write_zip(tmp_path / "0_dB_fan.zip", {name: os.urandom(500) for name in GOOD})
    altered(path, {OFFSET: ("<I", offset)}, GOOD[1])
    with pytest.raises(UserError, match=f"{path}: {GOOD[0]} and {GOOD[1]} overlap, as no packer"):
        Archive(path)


def test_a_packed_size_beyond_the_zip_is_refused(tmp_path):
    path = write_zip(tmp_path / "0_dB_fan.zip", {GOOD[0]: os.urandom(500)})
    altered(path, {PACKED: ("<I", 0x7FFFFFFF)})
    with Archive(path) as archive, pytest.raises(UserError, match=r"fan.zip: \S+ is damaged"):
        archive.read(GOOD[0])


def test_a_member_that_inflates_to_more_than_a_recording_is_refused(tmp_path):
    path = write_zip(tmp_path / "0_dB_fan.zip", {GOOD[0]: bytes(50_000_000)})
    assert path.stat().st_size < 1_000_000
    refused = pytest.raises(UserError, match="has 50000000 bytes, and a recording has")
    with open_source(MIMII, tmp_path, "fan", "0dB").open() as reader, refused:
        reader.read(GOOD[0])


def test_a_file_that_is_larger_than_a_recording_is_refused(tmp_path):
    unpacked(tmp_path)
    os.truncate(tmp_path / "0dB" / GOOD[0], 10**12)
    refused = pytest.raises(UserError, match=f"{GOOD[0]} has 1000000000000 bytes, and a recording")
    with open_source(described("folder"), tmp_path, "fan", "0dB").open() as reader, refused:
        reader.read(GOOD[0])


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("0dB_fan.zip", "1 file or folder is no recording of it, e.g. 0dB_fan.zip"),
        ("0_dB_fan.ZIP", "1 file or folder is no recording of it, e.g. 0_dB_fan.ZIP"),
        ("00_dB_fan.zip", "fan/00dB: 00dB is not one of -6dB, 0dB, 6dB; 2 clips not used"),
        ("0_dB_Fan.zip", "e.g. fan/id_00/abnormal/00000000.wav; not used"),
        ("0_dB_fan (1).zip", "e.g. fan/id_00/abnormal/00000000.wav; not used"),
    ],
)
def test_zips_of_another_name_are_said(tmp_path, name, said):
    zipped(tmp_path)
    write_zip(tmp_path / name, dict.fromkeys(GOOD, b""))
    clips, (line,) = look(described("zip"), tmp_path)
    assert len(clips) == 2
    assert said in line


WAV = "normal_id_00_00000000"
SECTION = "section_00_source"


@pytest.mark.parametrize(
    ("layout", "files", "clips", "said"),
    [
        ("folder", ["0_dB_fan/fan/id_00/normal/1.wav"], 1, []),
        (
            "folder",
            ["0dB/fan/id_00/normal/1.wav", "0_dB_fan/fan/id_00/normal/2.wav"],
            1,
            ["fan/0dB: lies in {0}/0dB/fan and in {0}/0_dB_fan/fan, which is not used"],
        ),
        (
            "folder",
            ["0_dB_fan/fan/id_00/normal/1.wav", "0_dB_fan/pump/id_00/normal/2.wav"],
            1,
            ["pump/0_dB_fan: 0_dB_fan is not one of -6dB, 0dB, 6dB; 1 clip not used"],
        ),
        (
            "folder",
            [f"0dB/{name}" for name in mimii_members("fan", ["00", "01"], 2, 1)],
            3,
            ["fan/0dB/id_01: 01 is not one of 00, 02, 04, 06; 3 clips not used"],
        ),
        (
            "folder",
            ["0dB/fan/id_00/normal/1.wav", "0dB/.AppleDouble/x", "__MACOSX/0dB/x.wav"],
            1,
            [
                "{0}/__MACOSX/0dB: 1 file or folder is no recording of it, e.g. 0dB/x.wav; "
                "not used",
                "{0}: 1 file or folder is no recording of it, e.g. 0dB/.AppleDouble; not used",
            ],
        ),
        (
            "folder",
            ["0dB/fan/id_00/normal/1.wav", "0 dB/fan/id_00/normal/1.wav"],
            1,
            ["fan/0 dB: 0 dB is not one of -6dB, 0dB, 6dB; 1 clip not used"],
        ),
        ("dcase2020", [f"fan/train/{WAV}.wav", f"fan/test/{WAV}.WAV"], 2, []),
        (
            "dcase2020",
            [f"fan/train/{WAV}.wav", "fan/train/cat.wav", f"fan/extra/{WAV}.wav", "fan/x.txt"],
            1,
            ["{0}/fan: 3 files or folders are no recording of it, e.g. extra/" + WAV],
        ),
        (
            "dcase2020",
            [f"fan/train/{WAV}.wav", "photos/train/cat.jpg", "photos/test/dog.jpg"],
            1,
            ["{0}/photos: 2 files or folders are no recording of it, e.g. test/dog.jpg"],
        ),
        (
            "dcase2022",
            [f"fan/train/{SECTION}_train_normal_0.wav", f"fan/test/{SECTION}_test_normal_0.Wav"],
            2,
            [],
        ),
        (
            "dcase2022",
            [f"fan/train/{SECTION}_train_normal_0.wav", "set/train/1.wav", f"set/test/{WAV}.wav"],
            1,
            [f"{{0}}/set: 2 files or folders are no recording of it, e.g. test/{WAV}.wav"],
        ),
    ],
)
def test_folders_have_their_meaning_and_the_rest_is_said(tmp_path, layout, files, clips, said):
    write_files(tmp_path, files)
    found, lines = look(described(layout), tmp_path)
    assert len(found) == clips
    assert len(lines) == len(said)
    for line, beginning in zip(lines, said, strict=True):
        assert line.startswith(beginning.format(tmp_path))


@pytest.mark.parametrize(
    ("layout", "file", "there"),
    [
        (
            "dcase2020",
            f"fan/train/{SECTION}_train_normal_0.wav",
            "clips lie there as in the layout dcase;",
        ),
        ("dcase2022", f"fan/test/{WAV}.wav", "clips lie there as in the layout dcase2020;"),
        ("folder", "-6_dB_fan.zip", "no recording of it, e.g. -6_dB_fan.zip"),
        ("folder", f"fan/{GOOD[0]}", "fan/fan: fan is not one of -6dB, 0dB, 6dB; 1 clip"),
        ("folder", "x/0dB/fan/id_00/normal/1.wav", "/x, in the layout folder; check mimii.folder"),
        ("zip", "-6dB/fan/id_00/normal/1.wav", "clips lie there as in the layout folder;"),
    ],
)
def test_a_corpus_of_another_layout_says_what_is_there(tmp_path, layout, file, there):
    write_files(tmp_path, [file])
    with pytest.raises(
        UserError, match=f"holds no {layout} corpus|holds no dcase corpus"
    ) as raised:
        look(described(layout), tmp_path)
    (line,) = str(raised.value).splitlines()
    assert there in line
    assert "expected for instance" in line
    assert line.endswith(("check mimii.layout", "check mimii.folder"))
