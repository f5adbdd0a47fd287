"""A room of a model that was trained, on recordings that lie in an archive."""

import json

import numpy as np
import pytest
import soundfile

from mimii_bench.corpus.index import write_index
from mimii_bench.corpus.location import Location
from mimii_bench.corpus.mimii import MIMII, archive_name
from mimii_bench.evaluation.scores import write_scores
from mimii_bench.features.build import build_feature
from mimii_bench.listening.room import CONTENTS, write_room
from mimii_bench.splits.manifests import SplitRow
from mimii_bench.systems.classical import NearestNeighbours
from mimii_bench.training.folder import DESCRIPTION, WEIGHTS
from mimii_bench.util.checksums import Sums, write_checksum
from mimii_bench.util.errors import UserError
from samples import SAMPLE_RATE, wav_bytes, write_zip

FEATURE = {"class": "logmel.LogMel", "n_mels": 16}
CLIPS = {
    **{f"normal/{number:08d}": ("normal", 0.1, "train") for number in range(3)},
    **{f"normal/{number:08d}": ("normal", 0.1 + number / 200, "test") for number in range(3, 6)},
    **{f"abnormal/{number:08d}": ("abnormal", 0.3 + number / 20, "test") for number in range(2)},
}


def samples(name, level):
    rng = np.random.default_rng(sum(name.encode()))
    return (rng.normal(0, level / 4, (160_000, 8)) * 32767).clip(-32768, 32767).astype(np.int16)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with an archive, its index, a model and its scores; and what a room is asked for."""
    folder = tmp_path_factory.mktemp("run")
    sounds = {name: samples(name, level) for name, (_, level, _) in CLIPS.items()}
    members = {f"fan/id_00/{name}.wav": wav_bytes(sound) for name, sound in sounds.items()}
    write_zip(folder / archive_name("fan", "0dB"), members)
    location = Location(MIMII, folder, "zip")
    write_index(location.source("fan", "0dB"), folder / "index.csv")
    feature = build_feature(FEATURE, SAMPLE_RATE)
    frames = {
        name: feature.transform(sound[:, 0].astype(np.float32) / 32768)
        for name, sound in sounds.items()
    }
    rows = [SplitRow(n, "fan", "0dB", "00", label, role) for n, (label, _, role) in CLIPS.items()]
    training = [frames[row.clip] for row in rows if row.role == "train"]
    system = NearestNeighbours().fit(np.array(training))
    found = system.score([(frames[row.clip],) for row in rows])
    (folder / "models").mkdir()
    system.save(folder / "models" / WEIGHTS, folder / "models" / DESCRIPTION)
    for name in (WEIGHTS, DESCRIPTION):
        write_checksum(folder / "models" / name)
    scores = found["score"] if isinstance(found, dict) else found
    write_scores(rows, scores, folder / "scores/score.csv")
    pool = {"pool": "fan", "models": str(folder / "models"), "scores": str(folder / "scores")}
    return location, {
        **{"report": "mine", "system": "knn", "machine": "fan", "clips": 1, "kind": "score"},
        **{"note": "own recordings, budget demo", "class": "classical.NearestNeighbours"},
        **{"options": {}, "inputs": [{"mix": "ch0", "feature": FEATURE}], "threshold": None},
        **{"indexes": {"0dB": str(folder / "index.csv")}, "pools": [pool]},
    }


@pytest.fixture(scope="module")
def room(place, tmp_path_factory):
    """A room, with what it holds."""
    folder = tmp_path_factory.mktemp("room") / "fan"
    write_room(*place, folder)
    return folder, json.loads((folder / CONTENTS).read_text())


def test_a_room_holds_the_clips_of_each_reason_once(room):
    folder, told = room
    names = {
        reason: [told["clips"][n]["clip"] for n in clips]
        for reason, clips in told["heard"]["0dB"].items()
    }
    assert names == {
        "missed": ["abnormal/00000000"],
        "false_alarms": ["normal/00000005"],
        "highest": ["abnormal/00000001"],
        "lowest": ["normal/00000003"],
    }
    assert len(told["clips"]) == len(list(folder.glob("*.flac"))) == len(list(folder.glob("*.png")))


def test_sounds_are_the_clips_under_one_gain(room):
    folder, told = room
    gain = 10 ** (told["gain_db"] / 20)
    for one in told["clips"]:
        heard, rate = soundfile.read(folder / one["sound"])
        level = CLIPS[one["clip"]][1]
        expected = samples(one["clip"], level)[:, 0] / 32768 * gain
        assert rate == SAMPLE_RATE
        np.testing.assert_allclose(heard, expected, rtol=0.01, atol=1e-4)


def test_a_clip_is_told_with_its_place_among_the_others(room):
    _, told = room
    (worst,) = (one for one in told["clips"] if one["clip"] == "normal/00000005")
    assert (worst["rank"], worst["of"], worst["normal"], worst["normal_below"]) == (3, 5, 3, 2)
    assert worst["seconds"] == 10
    assert told["piece_seconds"] == pytest.approx(0.5, abs=0.05)
    assert (told["measure"], told["unit"]) == ("", "")


def test_the_same_room_is_the_same_bytes(place, room, tmp_path):
    folder, _ = room
    write_room(*place, tmp_path / "fan")
    for path in folder.iterdir():
        assert path.read_bytes() == (tmp_path / "fan" / path.name).read_bytes(), path.name


def test_every_file_has_a_checksum(room):
    folder, _ = room
    Sums.of_folder(folder).check_names({path.name for path in folder.iterdir()} - {"SHA256SUMS"})


def test_more_clips_are_no_more_than_there_are(place, tmp_path):
    location, asked = place
    write_room(location, {**asked, "clips": 20}, tmp_path / "fan")
    assert len(list((tmp_path / "fan").glob("*.flac"))) == 5


def test_a_threshold_is_found_on_the_training_clips_of_the_model(place, tmp_path):
    location, asked = place
    rule = {"class": "thresholds.FixedThreshold", "value": 1.5}
    write_room(location, {**asked, "threshold": rule}, tmp_path / "fan")
    told = json.loads((tmp_path / "fan" / CONTENTS).read_text())
    assert {one["threshold"] for one in told["clips"]} == {1.5}


def test_a_kind_of_score_that_there_is_not_is_named(place, tmp_path):
    location, asked = place
    with pytest.raises(UserError, match="mine/knn gives no score 'x'; write mine/knn/ and one of"):
        write_room(location, {**asked, "kind": "x"}, tmp_path / "fan")
    assert not list(tmp_path.iterdir())


def test_a_clip_that_is_another_than_was_scored_is_refused(place, tmp_path):
    location, asked = place
    other = [{"mix": "ch1", "feature": {**FEATURE, "scale": 20.0}}]
    with pytest.raises(UserError, match=r"model\.safetensors: its score of fan/0dB/id_00/.* not"):
        write_room(location, {**asked, "inputs": other}, tmp_path / "fan")
