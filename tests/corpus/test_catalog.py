"""The configured corpus: what its readers depend on, and what it is called."""

import os
import re
from pathlib import Path

import pytest
import yaml

from mimii_bench.corpus import download
from mimii_bench.corpus.base import ANY, Unit
from mimii_bench.corpus.catalog import configured
from mimii_bench.corpus.dcase import DCASE, DCASE2020
from mimii_bench.corpus.location import described, description_named_by, located
from mimii_bench.corpus.mimii import MD5, MIMII
from mimii_bench.corpus.simulate.description import SIMULATED
from mimii_bench.util.errors import UserError
from samples import ROOT, mimii_members, printed_by, write_mimii_zip, write_zip

RESULTS = Path("results")
FAN = Unit("fan", "-6dB", "00")


def config(**changes):
    found = yaml.safe_load((ROOT / "config.yaml").read_text())
    mimii = {key: changes.pop(key) for key in list(changes) if key in found["mimii"]}
    return found | changes | {"mimii": found["mimii"] | mimii}


def recordings(folder, **changes):
    return configured(config(corpus="mimii", folder=str(folder), **changes), RESULTS)


def own(folder, **changes):
    given = {"name": "gears", "folder": "clips", "layout": "folder", "channels": 4}
    given |= {"sample_rate": 48_000, "seconds": 1, **changes}
    (folder / "gears.yaml").write_text(yaml.safe_dump(given))
    for name in mimii_members("gearbox", ["a"], 2, 1):
        (folder / "clips" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "clips" / name).touch()
    return configured(config(corpus=str(folder / "gears.yaml")), RESULTS)


def test_the_simulation_lies_below_the_results():
    corpus = configured(config(), Path("elsewhere"))
    assert (corpus.description, corpus.folder) == (SIMULATED, Path("elsewhere/corpus/simulated"))
    assert (corpus.name, corpus.layout, corpus.keep_mixes) == ("simulated", "zip", False)
    assert (corpus.simulated, corpus.pinned, corpus.loose) == (True, False, False)
    assert corpus.archive("fan", "-6dB") == corpus.folder / "-6_dB_fan.zip"
    assert corpus.inventory() is corpus.inventory()
    assert (corpus.clips_there("fan", "-6dB"), corpus.state_of(FAN)) == (None, None)


def test_published_zips_are_pinned_and_others_loose(tmp_path):
    write_mimii_zip(tmp_path, "fan", "-6dB")
    published, mine = recordings(tmp_path), recordings(tmp_path, archives="own", keep_mixes=True)
    assert published.description is mine.description is MIMII
    assert (published.pinned, published.loose, published.keep_mixes) == (True, False, False)
    assert (mine.pinned, mine.loose, mine.keep_mixes) == (False, True, True)
    assert published.state_of(FAN) is None
    assert mine.state_of(FAN) is not None


@pytest.mark.parametrize("layout", ["folder", *DCASE])
def test_a_layout_of_plain_files_has_its_description_and_no_archive(tmp_path, layout):
    corpus = recordings(tmp_path, layout=layout)
    assert corpus.description == described(layout)
    assert corpus.reference == layout
    assert corpus.loose
    assert corpus.archive("fan", "-6dB") is None


def test_what_is_neither_zip_nor_published_cannot_be_downloaded(tmp_path):
    with pytest.raises(UserError, match=r"layout: zip and .*archives: published"):
        recordings(tmp_path, layout="dcase2022", download=True)


def test_one_s_own_corpus_lies_where_its_description_says(tmp_path):
    corpus = own(tmp_path, keep_mixes=True)
    assert corpus.folder == tmp_path / "clips"
    assert (corpus.name, corpus.keep_mixes, corpus.loose) == ("own", True, True)
    assert list(corpus.inventory().units) == [Unit("gearbox", ANY, "a")]
    assert len(corpus.source("gearbox", ANY).clips()) == 3
    assert described(corpus.reference) == corpus.description
    assert located(config(corpus=corpus.reference), RESULTS).folder == corpus.folder


def test_another_name_is_no_corpus():
    with pytest.raises(UserError, match=r"corpus: 'mimi' is not one of simulated, mimii; or name"):
        configured(config(corpus="mimi"), RESULTS)
    with pytest.raises(UserError, match=r"'dcase2019' is no corpus: it is not one of simulated"):
        described("dcase2019")


def test_names_are_known_before_the_configuration_is_checked(tmp_path):
    assert description_named_by(config()) is MIMII
    assert description_named_by(config(corpus="mimii", layout="dcase2020")) is DCASE2020
    assert description_named_by({"corpus": 3}) is MIMII
    assert description_named_by({"corpus": "mimii", "mimii": {"layout": []}}) is MIMII
    assert description_named_by(config(corpus=own(tmp_path).reference)).name == "gears"


def test_which_loose_clips_are_there_does_not_change_with_a_time_stamp(tmp_path):
    before = own(tmp_path).clips_there("gearbox", ANY)
    path = tmp_path / "clips/gearbox/id_a/normal/00000000.wav"
    os.utime(path, (1, 1))
    assert own(tmp_path).clips_there("gearbox", ANY) == before
    path.with_name("7.wav").touch()
    assert own(tmp_path).clips_there("gearbox", ANY) != before


def test_a_state_changes_with_a_time_stamp(tmp_path):
    unit = Unit("gearbox", ANY, "a")
    before = own(tmp_path).state_of(unit)
    os.utime(tmp_path / "clips/gearbox/id_a/normal/00000000.wav", (1, 1))
    corpus = configured(config(corpus=str(tmp_path / "gears.yaml")), RESULTS)
    assert corpus.state_of(unit) == corpus.state_of(unit) != before


def test_a_published_archive_has_its_md5(tmp_path):
    write_mimii_zip(tmp_path, "fan", "-6dB")
    with pytest.raises(UserError, match=f"altered .*{MD5['-6_dB_fan.zip']}"):
        recordings(tmp_path).published_archive("-6_dB_fan.zip")


def test_what_is_to_be_downloaded_is_announced(tmp_path, monkeypatch):
    monkeypatch.setattr(download, "check_disk", lambda names, folder: None)
    corpus = recordings(tmp_path, download=True)
    told = corpus.announced_download([FAN, FAN._replace(id="02"), FAN._replace(snr="0dB")])
    assert told == f"downloads into {tmp_path}: at most 21.8 GB"
    assert recordings(tmp_path).announced_download([FAN]) == ""


def test_wildcards_match_the_names_of_the_corpus_alone(tmp_path):
    patterns = configured(config(), RESULTS).wildcards
    assert re.fullmatch(patterns["snr"], "-6dB")
    assert not re.fullmatch(patterns["machine"], "gearbox")
    free = own(tmp_path).wildcards
    assert re.fullmatch(free["machine"], "gearbox")
    assert not re.fullmatch(free["machine"], "a/b")
    assert re.fullmatch(free["snr"], ANY)
    assert not re.fullmatch(free["snr"], "0dB")
    zips = recordings(tmp_path).wildcards["archive"]
    assert all(re.fullmatch(zips, name.removesuffix(".zip")) for name in MD5)


def test_a_job_on_mimii_does_not_import_what_checks_descriptions():
    program = "import sys, mimii_bench.corpus.location; print('pydantic' in sys.modules)"
    assert printed_by(program) == "False\n"


def test_a_zip_of_one_s_own_is_an_archive(tmp_path):
    (tmp_path / "clips").mkdir()
    write_zip(tmp_path / "clips/gearbox.zip", mimii_members("gearbox", ["a"], 1, 1))
    corpus = own(tmp_path, layout="zip")
    assert corpus.archive("gearbox", ANY) == tmp_path / "clips/gearbox.zip"
    assert list(corpus.inventory().units) == [Unit("gearbox", ANY, "a")]
