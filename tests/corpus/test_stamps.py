"""Changes of files, noticed without reading them; receipts of verified zips."""

import json
import os
import shutil

import pytest

from mimii_bench.corpus.stamps import (
    files_digest,
    names_digest,
    stamp,
    write_receipt,
    zip_to_check,
)
from mimii_bench.util.errors import UserError


@pytest.fixture
def archive(tmp_path):
    path = tmp_path / "zips/6_dB_fan.zip"
    path.parent.mkdir()
    path.write_bytes(b"zip")
    return path


@pytest.fixture
def receipt(tmp_path):
    return tmp_path / "checked/6_dB_fan.json"


def touch(path):
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1))


def replace(path):
    """Put other bytes into a file, as many, and give it an older time."""
    path.write_bytes(path.read_bytes()[::-1])
    os.utime(path, (1, 1))


def check(receipt, archive):
    """Do as check_archive does; return what was asked for."""
    asked = zip_to_check(receipt, archive)
    write_receipt(receipt, archive, "md5", asked)
    return asked


@pytest.mark.parametrize("change", [touch, replace, lambda path: path.write_bytes(b"longer")])
def test_a_file_s_change_changes_its_digest_and_no_other(tmp_path, change):
    for name in "ab":
        (tmp_path / name).write_bytes(b"one")
    both, other = files_digest(tmp_path, "ab"), files_digest(tmp_path, "b")
    change(tmp_path / "a")
    assert files_digest(tmp_path, "ab") != both
    assert files_digest(tmp_path, "b") == other


def test_a_moved_folder_has_the_same_digest_and_an_absent_file_another(tmp_path):
    (tmp_path / "here").mkdir()
    (tmp_path / "here/a").write_bytes(b"one")
    before = files_digest(tmp_path / "here", ["a"])
    shutil.move(tmp_path / "here", tmp_path / "there")
    assert files_digest(tmp_path / "there", ["a"]) == before
    assert files_digest(tmp_path / "here", ["a"]) != before
    assert stamp(tmp_path / "here/a") is None


def test_names_that_run_together_have_other_digests():
    assert len({names_digest(names) for names in (["ab"], ["a", "b"], ["b", "a"])}) == 3


def test_what_a_receipt_is_true_of_is_not_checked_again(receipt, archive):
    asked = check(receipt, archive)
    assert asked == stamp(archive)
    assert zip_to_check(receipt, archive) == asked


def test_a_moved_zip_is_not_checked_again(receipt, archive, tmp_path):
    asked = check(receipt, archive)
    moved = shutil.move(archive, tmp_path / archive.name)
    assert zip_to_check(receipt, moved) == asked


@pytest.mark.parametrize("change", [touch, replace])
def test_a_zip_that_changed_is_checked_once_more(receipt, archive, change):
    first = check(receipt, archive)
    change(archive)
    second = check(receipt, archive)
    assert second != first
    assert zip_to_check(receipt, archive) == second


def test_a_downloaded_zip_is_not_checked_again_until_it_changes(receipt, archive):
    asked = zip_to_check(receipt, archive.with_name("absent.zip"))
    assert asked is None
    write_receipt(receipt, archive, "md5", asked)
    assert zip_to_check(receipt, archive) is None
    touch(archive)
    assert zip_to_check(receipt, archive) == stamp(archive)


def test_a_zip_that_is_gone_is_no_other_one(receipt, archive):
    asked = check(receipt, archive)
    archive.unlink()
    assert zip_to_check(receipt, archive) == asked


def test_a_receipt_without_a_stamp_is_true_of_no_zip(receipt, archive):
    receipt.parent.mkdir()
    receipt.write_text(json.dumps({"archive": archive.name, "md5": "md5"}))
    assert zip_to_check(receipt, archive) == stamp(archive)


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"archive": "6_dB_fan.zip"}'])
def test_half_a_receipt_is_named(receipt, archive, content):
    receipt.parent.mkdir()
    receipt.write_text(content)
    with pytest.raises(UserError, match="no whole receipt; delete it"):
        zip_to_check(receipt, archive)


def test_a_receipt_names_zip_and_md5(receipt, archive):
    check(receipt, archive)
    content = json.loads(receipt.read_text())
    assert (content["archive"], content["md5"]) == ("6_dB_fan.zip", "md5")
