"""The clip index."""

import pytest

from mimii_bench.corpus.dcase import DCASE
from mimii_bench.corpus.index import read_index, write_index
from mimii_bench.corpus.mimii import MIMII
from mimii_bench.corpus.sources import open_source
from mimii_bench.util.errors import UserError
from samples import write_mimii_zip


def test_an_index_returns_one_id_s_clips_as_the_source_lists_them(tmp_path):
    write_mimii_zip(tmp_path, "fan", "0dB", ids=("00", "02"))
    source = open_source(MIMII, tmp_path, "fan", "0dB")
    write_index(source, tmp_path / "index.csv")
    for id in ("00", "02"):
        clips = read_index(tmp_path / "index.csv", id)
        assert clips == [clip for clip in source.clips() if clip.id == id]
        assert len(clips) == 5


def test_a_zip_without_its_machine_is_named(tmp_path):
    write_mimii_zip(tmp_path, "pump", "0dB").rename(tmp_path / "0_dB_fan.zip")
    source = open_source(MIMII, tmp_path, "fan", "0dB")
    with pytest.raises(UserError, match=r"0_dB_fan.zip: no clip of a fan inside"):
        write_index(source, tmp_path / "index.csv")
    assert not (tmp_path / "index.csv").exists()


def test_an_index_has_domain_and_attributes(tmp_path):
    names = [
        "section_00_source_train_normal_0000_vel_6.wav",
        "section_00_target_test_anomaly_0.wav",
    ]
    for name in names:
        path = tmp_path / "fan" / name.split("_")[3] / name
        path.parent.mkdir(parents=True)
        path.touch()
    source = open_source(DCASE["dcase2023"], tmp_path, "fan", "any")
    write_index(source, tmp_path / "index.csv")
    header, *rows = (tmp_path / "index.csv").read_text().splitlines()
    assert header == "name,id,label,part,member,domain,attributes"
    assert [row.split(",")[-2:] for row in rows] == [["target", ""], ["source", "vel_6"]]
    assert read_index(tmp_path / "index.csv", "00") == source.clips()
