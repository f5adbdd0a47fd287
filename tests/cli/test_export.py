"""`mimii-bench export`: from a model that `fit` made to a file that onnxruntime runs."""

import json
import re

import numpy as np
import pytest
import soundfile
from click.testing import CliRunner

from mimii_bench.cli.export import export
from mimii_bench.cli.fit import fit
from mimii_bench.export import extra
from mimii_bench.util.errors import UserError

RATE = 16_000


def called(subcommand, *arguments):
    done = CliRunner().invoke(subcommand, list(map(str, arguments)), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done


def recording(seed):
    """A second of two channels of noise, as float32 (sample, channel)."""
    level = 0.05 * (1 + seed % 3)
    return np.random.default_rng(seed).normal(0, level, (RATE, 2)).astype(np.float32)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A model of ten recordings."""
    folder = tmp_path_factory.mktemp("fit")
    (folder / "pump").mkdir()
    for seed in range(10):
        soundfile.write(folder / f"pump/{seed}.wav", recording(seed), RATE, subtype="FLOAT")
    called(
        fit,
        folder / "pump",
        "-o",
        folder / "pump.model",
        "--system",
        "knn_mean",
        "--mix",
        "mono",
        "-q",
    )
    return folder / "pump.model"


@pytest.mark.whole
def test_the_file_scores_as_mimii_bench_score(model, tmp_path):
    onnxruntime = pytest.importorskip("onnxruntime", reason="needs the extra onnx")
    from mimii_bench.cli.score import score

    path = tmp_path / "pump.onnx"
    told = called(export, model, "--onnx", path)
    assert told.stdout == ""
    assert re.search(rf"{path}: knn_mean, from samples to score", told.stderr)
    soundfile.write(tmp_path / "today.wav", recording(99), RATE, subtype="FLOAT")
    done = CliRunner().invoke(score, [str(model), str(tmp_path / "today.wav"), "--format=json"])
    ours = json.loads(done.stdout)
    session = onnxruntime.InferenceSession(path)
    facts = session.get_modelmeta().custom_metadata_map
    (found,) = session.run(None, {"samples": recording(99).T})
    assert float(found) == pytest.approx(ours["score"], rel=1e-4)
    assert float(facts["threshold"]) == pytest.approx(ours["threshold"], rel=1e-6)
    assert int(facts["window_samples"]) == RATE
    assert json.loads(facts["mixes"]) == ["mono"]


def test_what_is_there_is_kept(model, tmp_path):
    (tmp_path / "pump.onnx").write_text("mine")
    with pytest.raises(UserError, match=r"pump\.onnx: exists; --force"):
        called(export, model, "--onnx", tmp_path / "pump.onnx")
    assert (tmp_path / "pump.onnx").read_text() == "mine"


def test_without_the_extra_it_says_what_to_install(model, tmp_path, monkeypatch):
    monkeypatch.setattr(extra, "find_spec", lambda name: None)
    with pytest.raises(UserError, match="pip install onnx onnxruntime"):
        called(export, model, "--onnx", tmp_path / "pump.onnx")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_no_model_is_named(tmp_path):
    pytest.importorskip("onnx", reason="needs the extra onnx")
    pytest.importorskip("onnxscript", reason="needs the extra onnx")
    with pytest.raises(UserError, match="no model"):
        called(export, tmp_path, "--onnx", tmp_path / "pump.onnx")
