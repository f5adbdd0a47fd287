"""The clip index."""

import pytest

from mimii_bench.corpus.index import read_index, write_index
from mimii_bench.corpus.sources import open_source
from mimii_bench.util.errors import UserError
from samples import write_mimii_zip


def test_an_index_returns_one_id_s_clips_as_the_source_lists_them(tmp_path):
    write_mimii_zip(tmp_path, "fan", "0dB", ids=("00", "02"))
    source = open_source("zip", tmp_path, "fan", "0dB")
    write_index(source, tmp_path / "index.csv")
    for id in ("00", "02"):
        clips = read_index(tmp_path / "index.csv", id)
        assert clips == [clip for clip in source.clips() if clip.id == id]
        assert len(clips) == 5


def test_a_zip_without_its_machine_is_named(tmp_path):
    write_mimii_zip(tmp_path, "pump", "0dB").rename(tmp_path / "0_dB_fan.zip")
    source = open_source("zip", tmp_path, "fan", "0dB")
    with pytest.raises(UserError, match=r"0_dB_fan.zip: no clip of a fan inside"):
        write_index(source, tmp_path / "index.csv")
    assert not (tmp_path / "index.csv").exists()
