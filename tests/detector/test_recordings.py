"""Which files of a folder are recordings, and under which label."""

import pytest

from mimii_bench.detector.recordings import find
from mimii_bench.util.errors import UserError
from samples import noise, wav_bytes

WAV = wav_bytes(noise(samples=10, channels=1))
FLAC = wav_bytes(noise(samples=10, channels=1), format="FLAC")


def put(folder, files):
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def test_files_are_known_by_their_first_bytes_and_labelled_normal(tmp_path):
    files = {"a.wav": WAV, "b": FLAC, "c.txt": b"notes", "2024/d.WAV": WAV, ".e.wav": WAV}
    found = find(put(tmp_path, files))
    assert [(one.name, one.label) for one in found.recordings] == [
        ("a.wav", "normal"),
        ("b", "normal"),
        ("2024/d.WAV", "normal"),
    ]
    assert sorted(found.unused) == [".e.wav", "c.txt"]
    assert found.remark.startswith("2 file(s) not used")


@pytest.mark.parametrize("labelled", [True, False])
def test_folders_of_labels_are_labels(tmp_path, labelled):
    files = {"normal/a.wav": WAV, "abnormal/deep/b.wav": WAV, "today.wav": WAV}
    found = find(put(tmp_path, files), labelled)
    labels = {one.name: one.label for one in found.recordings}
    if labelled:
        assert labels == {"normal/a.wav": "normal", "abnormal/deep/b.wav": "abnormal"}
        assert found.unused == ["today.wav"]
    else:
        assert labels == dict.fromkeys(files, "normal")


def test_one_that_is_only_called_a_recording_is_not_passed_over(tmp_path):
    found = find(put(tmp_path, {"a.wav": b"hello"}))
    assert [one.name for one in found.recordings] == ["a.wav"]


def test_four_that_are_not_used_are_counted(tmp_path):
    names = ["1.txt", "2.txt", "3.txt", "4.txt", "5\n.txt"]
    found = find(put(tmp_path, {"a.wav": WAV, **dict.fromkeys(names, b"x")}))
    assert found.remark.endswith("1.txt, 2.txt, 3.txt and 2 more")
    assert "5\\n.txt" in found.unused


@pytest.mark.parametrize("files", [{}, {"a.txt": b"x"}, {"normal/a.txt": b"x"}])
def test_a_folder_without_recordings_is_told(tmp_path, files):
    with pytest.raises(UserError, match="no WAV or FLAC recording in it"):
        find(put(tmp_path, files))


def test_a_folder_that_is_none_is_told(tmp_path):
    with pytest.raises(UserError, match="no folder; name one"):
        find(tmp_path / "nowhere")


def test_linked_folders_are_looked_into_once(tmp_path):
    put(tmp_path / "there", {"1.wav": WAV})
    (tmp_path / "pump").mkdir()
    (tmp_path / "pump/normal").symlink_to(tmp_path / "there")
    (tmp_path / "there/again").symlink_to(tmp_path / "there")
    (found,) = find(tmp_path / "pump").recordings
    assert (found.name, found.label) == ("normal/1.wav", "normal")
