"""Models on disk: whole or absent, checked when read, and nothing in them is run."""

import json

import pytest

from detector.sounds import fitted
from mimii_bench.detector.files import check_place, load_detector, save_detector
from mimii_bench.detector.scoring import Judge
from mimii_bench.util.checksums import seal
from mimii_bench.util.errors import UserError


@pytest.fixture
def model(detector, recordings, tmp_path):
    _, learned, _ = fitted(recordings)
    save_detector(detector, learned, tmp_path / "model")
    return tmp_path / "model"


def test_a_model_that_is_read_back_says_the_same(model, detector, recordings):
    loaded = load_detector(model)
    assert loaded.description == detector.description
    path = recordings / "abnormal/01.wav"
    assert Judge(loaded).file(path) == Judge(detector).file(path)


def test_the_folder_holds_what_it_should(model):
    assert sorted(path.name for path in model.iterdir()) == [
        *("README.md", "SHA256SUMS", "detector.json", "model.json", "model.safetensors"),
        "recordings.csv",
    ]
    assert (model / "recordings.csv").read_text().startswith("recording,label,fold,seconds")


def test_a_model_is_replaced_only_by_force_and_nothing_else_ever(model, tmp_path):
    check_place(tmp_path / "new")
    check_place(model, force=True)
    with pytest.raises(UserError, match="--force replaces it"):
        check_place(model)
    for force in (False, True):
        with pytest.raises(UserError, match="exists and is no model"):
            check_place(tmp_path, force)


@pytest.mark.parametrize("name", ["detector.json", "model.json", "model.safetensors"])
@pytest.mark.parametrize("how", ["altered", "missing"])
def test_a_damaged_model_is_refused(model, name, how):
    if how == "altered":
        (model / name).write_bytes((model / name).read_bytes() + b" ")
    else:
        (model / name).unlink()
    with pytest.raises(UserError, match=f"{name}: it .*; copy the model again|no model"):
        load_detector(model)


def test_what_is_no_model_is_told(tmp_path):
    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(UserError, match=r"no model .* make one with mimii-bench fit"):
            load_detector(path)


def alter(model, **changes):
    path = model / "detector.json"
    facts = json.loads(path.read_text())
    for key, value in changes.items():
        place = facts
        *parents, last = key.split("__")
        for parent in parents:
            place = place[int(parent) if parent.isdecimal() else parent]
        place[last] = value
    path.write_text(json.dumps(facts))
    seal(model)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"format": 2}, "a model of format 2, and this version reads 1"),
        ({"format": "x" * 1000}, "a model of format x{20},"),
        ({"system__class_name": "subprocess.sub.Popen"}, "Popen' is not allowed"),
        ({"system__class_name": "/tmp/evil.py:Evil"}, "Evil' is not allowed"),
        ({"inputs__0__feature": {"class": "/tmp/evil.py:Evil"}}, "is no class of mimii-bench"),
        ({"inputs__0__feature": {"class": "os.path.join"}}, "is no class of mimii-bench"),
        ({"inputs__0__feature": {}}, "is no class of mimii-bench"),
        ({"system__class_name": "dense_autoencoder.DenseAutoencoder"}, "it describes a Nearest"),
        ({"window": -1}, "window: -1 is not allowed"),
        ({"windows": []}, "windows"),
        ({"front_end__sample_rate": "16000"}, "front_end: '16000' is not"),
        ({"unknown": 1}, "has no such option"),
        ({"inputs__0__mix": "ch7"}, "the mix ch7 needs 8 channels"),
        ({"inputs__0__feature__n_mels": 32}, "its parts do not fit one another"),
        ({"system__kind": "distance"}, "its parts do not fit one another .*no score 'distance'"),
    ],
)
def test_a_description_that_says_what_it_may_not_is_refused(model, changes, reason):
    alter(model, **changes)
    with pytest.raises(UserError, match=reason) as caught:
        load_detector(model)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "[]", "[" * 100_000])
def test_a_description_that_is_none_is_refused(model, text):
    (model / "detector.json").write_text(text)
    seal(model)
    with pytest.raises(UserError, match=r"detector\.json: damaged model"):
        load_detector(model)
