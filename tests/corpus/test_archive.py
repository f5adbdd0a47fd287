"""Members of a zip, read in place."""

import errno
import random
import zipfile

import pytest

from mimii_bench.corpus.archive import Archive, BrokenArchive
from mimii_bench.util.errors import UserError

MEMBERS = {
    "fan/id_00/normal/00000000.wav": random.Random(0).randbytes(50_000),
    "fan/id_00/normal/00000001.wav": b"\0\1" * 200_000,
    "fan/id_00/normal/empty.wav": b"",
}
FIRST, SECOND, EMPTY = MEMBERS


@pytest.fixture(params=[zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED], ids=["stored", "deflated"])
def path(request, tmp_path):
    path = tmp_path / "0_dB_fan.zip"
    with zipfile.ZipFile(path, "w", request.param) as archive:
        archive.mkdir("fan")
        for name, data in MEMBERS.items():
            archive.writestr(name, data)
    return path


def alter(path, offset):
    """Flip one byte of a file."""
    data = bytearray(path.read_bytes())
    data[offset] ^= 0xFF
    path.write_bytes(data)


def middle_of(path, name):
    with zipfile.ZipFile(path) as archive:
        member = archive.getinfo(name)
    return member.header_offset + 30 + len(name) + member.compress_size // 2


def test_members_are_those_of_zipfile_without_folders(path):
    with Archive(path) as archive:
        assert archive.names() == list(MEMBERS)
        for name, data in MEMBERS.items():
            assert archive.read(name) == data


def test_local_headers_may_hold_other_extra_fields_than_the_directory(tmp_path):
    path = tmp_path / "extra.zip"
    with zipfile.ZipFile(path, "w") as archive, archive.open(FIRST, "w", force_zip64=True) as file:
        file.write(MEMBERS[FIRST])
    with Archive(path) as archive:
        assert archive.read(FIRST) == MEMBERS[FIRST]


@pytest.mark.parametrize("name", [FIRST, SECOND])
def test_a_flipped_byte_is_found_and_its_member_named(path, name):
    alter(path, middle_of(path, name))
    with Archive(path) as archive:
        with pytest.raises(UserError, match=rf"0_dB_fan.zip: {name} is damaged"):
            archive.read(name)
        for other in MEMBERS.keys() - {name}:
            assert archive.read(other) == MEMBERS[other]


def test_any_flipped_byte_ends_in_the_right_bytes_or_in_a_named_error(path):
    whole = path.read_bytes()
    outcomes = set()
    for offset in range(0, len(whole), len(whole) // 100):
        path.write_bytes(whole)
        alter(path, offset)
        outcomes.add(outcome(path))
    # The directory, byte by byte.
    for offset in range(whole.index(b"PK\1\2"), len(whole)):
        path.write_bytes(whole)
        alter(path, offset)
        outcomes.add(outcome(path))
    assert outcomes == {"right", "refused"}


def outcome(path):
    try:
        with Archive(path) as archive:
            read = {name: archive.read(name) for name in archive.names() if name in MEMBERS}
    except UserError as error:
        return "refused" if str(error).startswith(str(path)) else str(error)
    return "right" if read.items() <= MEMBERS.items() else "wrong"


@pytest.mark.parametrize("share", [0.0, 0.3, 0.999])
def test_a_truncated_zip_is_refused_by_name(path, share):
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(BrokenArchive, match=r"0_dB_fan.zip: truncated or not a zip"):
        Archive(path)


def test_a_folder_in_a_zip_s_place_is_named(tmp_path):
    path = tmp_path / "0_dB_fan.zip"
    path.mkdir()
    with pytest.raises(UserError, match=rf"{path}: cannot be read: Is a directory; put the zip"):
        Archive(path)


def test_a_zip_that_must_not_be_read_is_named(path, monkeypatch):
    def refuse(*_):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(zipfile, "ZipFile", refuse)
    with pytest.raises(UserError, match=rf"{path}: cannot be read: Permission denied; put"):
        Archive(path)


def test_a_directory_of_garbage_names_is_refused_by_name(path):
    data = bytearray(path.read_bytes())
    entry = data.rindex(b"PK\1\2")
    data[entry + 9] |= 0x08  # the name is UTF-8, says this bit
    data[entry + 46] = 0xFF
    path.write_bytes(data)
    with pytest.raises(BrokenArchive, match=r"0_dB_fan.zip: a name inside is not the UTF-8"):
        Archive(path)


def test_a_directory_of_impossible_values_is_refused_by_name(path, monkeypatch):
    def refuse(*_):
        raise ValueError("negative seek value -1")

    monkeypatch.setattr(zipfile, "ZipFile", refuse)
    with pytest.raises(BrokenArchive, match=r"0_dB_fan.zip: truncated or not a zip"):
        Archive(path)


def test_a_missing_zip_says_what_to_set(tmp_path):
    with pytest.raises(UserError, match=r"6_dB_fan.zip: no such archive; set mimii.folder"):
        Archive(tmp_path / "6_dB_fan.zip")


def test_a_member_that_is_not_there_is_named(path):
    with Archive(path) as archive, pytest.raises(UserError, match=r"fan.zip: fan/x.wav is not"):
        archive.read("fan/x.wav")


def test_other_compressions_are_named(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr(SECOND, MEMBERS[SECOND])
    with Archive(tmp_path / "a.zip") as archive, pytest.raises(UserError, match="by method 14"):
        archive.read(SECOND)
