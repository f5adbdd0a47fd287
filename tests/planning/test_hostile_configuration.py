"""Hostile configurations, folders and descriptions: each is refused in one line, with its mend."""

import json
import os
import shutil
import zipfile

import pytest
import yaml

from mimii_bench.corpus.archive import Archive
from mimii_bench.corpus.own import read_description
from mimii_bench.corpus.stamps import zip_to_check
from mimii_bench.planning.configuration import check_files, laid_over
from mimii_bench.planning.project import Project
from mimii_bench.util.errors import UserError
from samples import ROOT, write_files, write_mimii_zip

TINY = yaml.safe_load((ROOT / "config/tiny.yaml").read_text())


def answer(given):
    """What a configuration, laid over the tiny one, is answered with."""
    try:
        project = Project(ROOT, laid_over(TINY, given))
        assert project.reports
        project.ranking.scores()
    except UserError as error:
        told = str(error)
    else:
        told = "nothing"
    assert "\n" not in told
    assert len(told) < 700
    return told


def nested(key, value):
    for part in reversed(key.split(".")):
        value = {part: value}
    return value


NOT_A_COUNT = (True, 1.5, 1.0, 0, -1, "many", [], float("nan"), 10**12, 10**400)
COUNTS = ("budgets.demo.seeds", "budgets.full.bootstrap", "leaderboard.seeds", "threads_per_job")
MADE = ("simulated.normal", "simulated.abnormal")
PATHS = ("a{b}", "a\nb", "a\0b", "", 3, None, "x" * 2000, "~nobody_is_called_so/x")
WRONG = [
    *((key, value) for key in (*COUNTS, *MADE) for value in NOT_A_COUNT),
    ("budgets.demo.seeds", 100_000),
    ("simulated.normal", 10**8),
    ("simulated.normal", 1),
    *(("simulated.seed", value) for value in (-1, 0.5, True, 10**30, "x", None)),
    *(
        ("checkpoint_seconds", value)
        for value in (-1, True, float("nan"), float("inf"), 10**400, "x", None)
    ),
    *(("budgets.demo.max_steps", value) for value in (0, -1, True, 0.5, 10**30, "x")),
    *((key, value) for key in ("results", "mimii.folder") for value in PATHS),
    ("results", "x" * 300),
    *(("reports", [value]) for value in PATHS),
    *(
        ("reports", value)
        for value in (["x"], ["~/nothing"], ["./"], ["/"], ["mimii_baseline"] * 2)
    ),
    *(("corpus", value) for value in ("", 3, None, [], "x.yaml", "~/x.yaml", "Mimii", "x" * 300)),
    *(("run", value) for value in ("a/b", "..", "x" * 300, "a{b}", "a\n", 3, None, "~", "a b")),
    *(("device", value) for value in ("gpu", "cuda:x", "cuda:99999999", "cuda:0\n", 0, None)),
    *(("leaderboard.ids", value) for value in (["04"], ["00", "06"], ["09"], [], [0], "00")),
    *(("leaderboard.ids", value) for value in (["00", "00"], None, [None], {})),
    *(("simulated.ids", value) for value in (["0"], [0], [], "00", None)),
    *(("simulated.machines", value) for value in (["Fan"], [], "fan", ["fan", "fan"])),
    *(("simulated.snrs", value) for value in (["6 dB"], ["6"], [6], ["6dB", "6dB"])),
    *((key, value) for key in ("simulated", "mimii", "budgets") for value in (None, [], 3, "x")),
    *(("budget", value) for value in (None, "Demo", "all", 3)),
    *(("jobs", value) for value in ("machine", None, {"training": "Machine"}, {"x": "unit"})),
    *(("jobs.recordings", value) for value in ("pool", "Unit", None, ["unit"])),
    ("on_the_fly", ["x"]),
    ("no_such_key", 1),
]


@pytest.mark.parametrize(("key", "value"), WRONG)
def test_a_wrong_configuration_is_refused_with_its_key(key, value):
    told = answer(nested(key, value))
    assert told != "nothing"
    assert key.split(".")[0] in told


def test_ids_of_the_leaderboard_that_the_corpus_lacks_are_named():
    told = answer(nested("leaderboard.ids", ["00", "06"]))
    assert told == (
        "config.yaml: leaderboard.ids: the corpus has no id 06; take it away, or choose among "
        "00, 02"
    )


def test_a_home_folder_is_expanded(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "zips").mkdir()
    write_mimii_zip(tmp_path / "zips", "fan", "6dB", normal=8, abnormal=4)
    shutil.copytree(ROOT / "reports/mimii_baseline", tmp_path / "mine")
    given = {
        "corpus": "mimii",
        "mimii": {"folder": "~/zips", "archives": "own"},
        "reports": ["~/mine"],
        "results": "~/results",
        "leaderboard": {"ids": ["00"]},
    }
    project = Project(ROOT, laid_over(TINY, given))
    assert list(project.reports) == ["mine"]
    assert project.paths.results == f"{tmp_path}/results"
    assert [unit.path for unit in project.inventory.units] == ["fan/6dB/id_00"]


def held(folder, **block):
    """What a folder of recordings is answered with."""
    block = {"folder": str(folder), "layout": "folder", **block}
    return answer({"corpus": "mimii", "mimii": block, "leaderboard": {"ids": ["00"]}})


LYING = [
    ([], "folder", "it holds no file that could be a recording; check mimii.layout"),
    (["0dB/fan/id_00/normal/0.mp3"], "folder", "1 file or folder is no recording of it"),
    (["0dB/fan/normal/0.wav"], "folder", "1 file or folder is no recording of it, e.g. fan/normal"),
    (["0dB/fan/id_00/Normal/0.wav"], "folder", "no recording of it, e.g. fan/id_00/Normal/0.wav"),
    (["0 dB/fan/id_00/normal/0.wav"], "folder", "0 dB is not one of -6dB, 0dB, 6dB"),
    (["0db/fan/id_00/normal/0.wav"], "folder", "0db is not one of -6dB, 0dB, 6dB"),
    (["0dB/Fan/id_00/normal/0.wav"], "folder", "Fan is not one of fan, pump, slider, valve"),
    (["0dB/fan/id_0/normal/0.wav"], "folder", "0 is not one of 00, 02, 04, 06"),
    (["0_dB_fan.zip"], "folder", "1 file or folder is no recording of it, e.g. 0_dB_fan.zip"),
    (["x/0dB/fan/id_00/normal/0.wav"], "folder", "/x, in the layout folder; check mimii.folder"),
    (["0dB/fan/id_00/normal/0.wav"], "zip", "clips lie there as in the layout folder; check"),
    (["0dB/fan/id_00/normal/0.wav"], "dcase2020", "1 file or folder is no recording of it"),
    (["fan/train/normal_id_00_00000000.wav"], "folder", "clips lie there as in the layout dcase20"),
    (["fan/train/normal_id_00_00000000.wav"], "zip", "clips lie there as in the layout dcase2020"),
]


@pytest.mark.parametrize(("files", "layout", "clue"), LYING)
def test_a_folder_that_holds_no_corpus_is_told_what_lies_there(tmp_path, files, layout, clue):
    write_files(tmp_path, files)
    told = held(tmp_path, layout=layout, archives="own")
    assert told.startswith(f"mimii.folder: {tmp_path} holds no {layout} corpus; expected for inst")
    assert clue in told


def test_who_names_the_folder_of_a_condition_is_led_to_that_around_it(tmp_path):
    write_files(tmp_path, ["0dB/fan/id_00/normal/0.wav"])
    assert f"clips lie in {tmp_path}, in the layout folder" in held(tmp_path / "0dB")


def test_what_is_expected_is_a_clip_and_not_a_folder_that_may_be_there(tmp_path):
    write_files(tmp_path, ["-6dB/fan/readme.txt"])
    assert f"expected for instance {tmp_path}/-6dB/fan/id_00/normal/00000000.wav;" in held(tmp_path)


def test_a_file_is_no_folder_of_recordings(tmp_path):
    (tmp_path / "file").write_text("")
    assert held(tmp_path / "file").endswith("is no folder; name the one that it lies in")


SPECIAL = {
    "pipe": os.mkfifo,
    "link to itself": lambda path: path.symlink_to(path),
    "folder": lambda path: path.mkdir(),
    "link to a device": lambda path: path.symlink_to("/dev/zero"),
}


@pytest.mark.parametrize("kind", SPECIAL)
@pytest.mark.parametrize("archives", ["own", "published"])
def test_what_is_no_plain_file_is_not_waited_for_in_the_place_of_a_zip(tmp_path, kind, archives):
    SPECIAL[kind](tmp_path / "0_dB_fan.zip")
    told = held(tmp_path, layout="zip", archives=archives)
    assert told.startswith((f"{tmp_path}/0_dB_fan.zip: ", f"mimii.folder: {tmp_path} holds no zip"))


@pytest.mark.parametrize("kind", SPECIAL)
@pytest.mark.parametrize("name", ["report.yaml", "published.csv"])
def test_what_is_no_plain_file_is_not_waited_for_in_a_report(tmp_path, kind, name):
    folder = tmp_path / "mine"
    folder.mkdir()
    shutil.copy(ROOT / "reports/mimii_baseline/report.yaml", folder)
    (folder / name).unlink(missing_ok=True)
    SPECIAL[kind](folder / name)
    told = answer({"reports": [str(folder)]})
    assert "mine/" in told or "no report 'mine'" in told or kind == "link to itself"


@pytest.mark.parametrize("kind", SPECIAL)
def test_what_is_no_plain_file_is_not_waited_for_as_a_description(tmp_path, kind):
    path = tmp_path / "gears.yaml"
    SPECIAL[kind](path)
    assert str(path) in answer({"corpus": str(path)})


GEARS = "name: a\nfolder: .\nlayout: folder\nchannels: 1\nsample_rate: 16000\nseconds: 1\n"
DESCRIPTIONS = [
    (b"\xff\xfea\0", "the file is in UTF-16"),
    ("name: é".encode("latin-1"), "not all of it is UTF-8"),
    (b"", "no description"),
    (b"- a", "no description"),
    (b"1: 2", "no description"),
    (b"[" * 9_999, "nested more than"),
    (GEARS + "name: b\n", "the key 'name' stands twice"),
    (GEARS + "machines: [a, a]\n", "machines: name each once"),
    (GEARS + "ids: ['0', '0']\n", "ids: name each once"),
    (GEARS + 'machines: ["a\\n"]\n', "machines.0: "),
    (GEARS + f"machines: [{'a' * 300}]\n", "machines.0: "),
    (GEARS + "machines: [a/b]\n", "machines.0: "),
    (GEARS + "conditions: ['']\n", "conditions.0: "),
    (GEARS.replace("seconds: 1", "seconds: .nan"), "seconds: nan is not allowed"),
    (GEARS.replace("seconds: 1", "seconds: 1.0e+300"), "seconds: 1e+300 is not allowed"),
    (GEARS.replace("seconds: 1", "seconds: 0.00001"), "are no whole number of samples"),
    (GEARS.replace("16000", "1000000000"), "sample_rate: "),
    (GEARS.replace("channels: 1", "channels: 1000000"), "channels: "),
    (GEARS.replace("name: a", 'name: "a\\nb"'), "name: "),
    (GEARS.replace("folder: .", 'folder: "a\\0b"'), "folder: "),
    (GEARS.replace("folder: .", "folder: ~nobody_is_called_so"), "there is no such home folder"),
]


@pytest.mark.parametrize(("content", "why"), DESCRIPTIONS)
def test_a_wrong_description_of_a_corpus_is_refused(tmp_path, content, why):
    path = tmp_path / "gears.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(UserError) as caught:
        read_description(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert why in str(caught.value)


def test_the_home_folder_is_expanded_in_a_description(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    path = tmp_path / "gears.yaml"
    path.write_text(GEARS.replace("folder: .", "folder: ~/gears"))
    assert read_description(path).folder == tmp_path / "gears"


RECEIPT = json.dumps({"archive": "a.zip", "md5": "0", "zip": [1, 2], "asked": None})


@pytest.mark.parametrize(
    "content",
    ["", RECEIPT[:-10], "[]", "3", "null", '"x"', "{}", '{"zip": 1}', "{", "[" * 99_999, "\0"],
)
def test_a_receipt_that_is_not_whole_is_named(tmp_path, content):
    receipt = tmp_path / "0_dB_fan.json"
    receipt.write_text(content)
    with pytest.raises(UserError, match=r"0_dB_fan.json: no whole receipt; delete it, and the zip"):
        zip_to_check(receipt, tmp_path / "0_dB_fan.zip")


def test_a_receipt_that_is_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "receipt")
    with pytest.raises(UserError, match=r"receipt: is a pipe or device; put a plain file there"):
        zip_to_check(tmp_path / "receipt", tmp_path / "a.zip")


def test_an_encrypted_zip_is_sound_and_nobody_is_told_to_delete_it(tmp_path):
    path = write_mimii_zip(tmp_path, "fan", "0dB", data=b"sound")
    data = bytearray(path.read_bytes())
    # The flag of the first entry in the directory.
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    name = zipfile.ZipFile(path).namelist()[0]
    with Archive(path) as archive, pytest.raises(UserError) as caught:
        archive.read(name)
    assert "is encrypted; pack the zip again without a password" in str(caught.value)
    assert "delete" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("budget: demo\nbudget: full\n", "no valid YAML: "),
        ("a: &a [*a]", "no valid YAML: "),
        ("[" * 9_999, "no valid YAML: "),
        ("\x00", "line 1: a zero byte; "),
    ],
)
def test_a_file_of_configuration_with_a_slip_is_named(tmp_path, text, answer):
    path = tmp_path / "over.yaml"
    path.write_text(text)
    with pytest.raises(UserError, match=rf"^{path}: {answer}"):
        check_files([ROOT / "config.yaml", path])


def test_a_file_of_configuration_that_is_a_template_is_left_to_snakemake(tmp_path):
    path = tmp_path / "over.yaml"
    path.write_text("__use_yte__: true\n?if True:\n  budget: demo\n?if True:\n  device: cpu\n")
    check_files([path])
