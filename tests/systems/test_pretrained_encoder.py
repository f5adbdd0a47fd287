"""Encoders from files: what they are given, which files are taken, and what is refused."""

import hashlib
import warnings
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, helper

from mimii_bench.systems.encoders import files
from mimii_bench.systems.pretrained_encoder import PretrainedEncoder, arranged
from mimii_bench.util.errors import UserError
from systems.sounds import save

CLIPS = np.random.default_rng(0).standard_normal((6, 40, 3)).astype(np.float32)


class Doubled(torch.nn.Module):
    """Gives the frames that it takes twice, as a dictionary, behind something that is no vector."""

    def forward(self, frames: torch.Tensor) -> dict[str, torch.Tensor]:
        """Return both outputs."""
        return {"level": frames.mean(), "twice": torch.cat([frames, 2 * frames], dim=-1)}


def torchscript(path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.jit.save(torch.jit.script(Doubled()), str(path))


def network(path, nodes=("Identity",), inputs=("x",), shape=(1, None, 3), kind=TensorProto.FLOAT):
    """Write an ONNX file of nodes that each take all inputs."""
    given = [helper.make_tensor_value_info(name, kind, shape) for name in inputs]
    out = [helper.make_tensor_value_info(f"out_{op}", kind, None) for op in nodes]
    made = [helper.make_node(op, list(inputs), [f"out_{op}"]) for op in nodes]
    graph = helper.make_graph(made, "g", given, out)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.save(model, path)


def options(path, **more):
    """Options of an encoder that takes frames of three bins."""
    told = {"weights": str(path), "axes": ["one", "time", "bin"], "back_ends": ["knn"]}
    return {**told, "sha256": hashlib.sha256(path.read_bytes()).hexdigest(), **more}


@pytest.fixture
def plain(tmp_path):
    """An ONNX file that gives back what it takes."""
    network(tmp_path / "plain.onnx")
    return tmp_path / "plain.onnx"


def test_the_vector_of_a_clip_is_its_pooled_embeddings(plain):
    system = PretrainedEncoder(**options(plain, scale=2.0, offset=1.0)).fit(CLIPS)
    np.testing.assert_allclose(system.vectors_, (2 * CLIPS + 1).mean(axis=1), rtol=1e-5)


def test_both_formats_give_the_same_and_an_output_goes_by_name(plain, tmp_path):
    torchscript(tmp_path / "module.pt")
    one = PretrainedEncoder(**options(plain)).fit(CLIPS)
    two = PretrainedEncoder(**options(tmp_path / "module.pt", output="twice")).fit(CLIPS)
    np.testing.assert_allclose(two.vectors_, np.tile(one.vectors_, 2) * [1, 1, 1, 2, 2, 2])
    with pytest.raises(UserError, match="its output level has the shape"):
        PretrainedEncoder(**options(tmp_path / "module.pt")).fit(CLIPS)


def test_segments_are_encoded_one_by_one(plain):
    parts = [CLIPS[:, 0:16], CLIPS[:, 12:28], CLIPS[:, 24:40]]
    system = PretrainedEncoder(**options(plain, segment=16, hop=12)).fit(CLIPS)
    expected = np.mean([part.mean(axis=1) for part in parts], axis=0)
    np.testing.assert_allclose(system.vectors_, expected, rtol=1e-5)


def test_a_clip_that_is_too_short_ends_in_silence(plain):
    system = PretrainedEncoder(**options(plain, segment=80)).fit(CLIPS)
    np.testing.assert_allclose(system.vectors_, CLIPS.sum(axis=1) / 80, rtol=1e-5)


@pytest.mark.parametrize(
    ("axes", "shape"),
    [
        (["one", "time"], (1, 40)),
        (["one", "one", "time"], (1, 1, 40)),
        (["one", "bin", "time"], (1, 1, 40)),
        (["one", "time", "bin", "one"], (1, 40, 1, 1)),
    ],
)
def test_samples_are_arranged_as_an_encoder_takes_them(axes, shape):
    samples = CLIPS[0][:, :1]
    found = arranged(samples, axes)
    assert found.shape == shape
    np.testing.assert_array_equal(found.ravel(), samples[:, 0])


def test_a_saved_model_names_its_encoder_and_scores_the_same(plain, tmp_path):
    system = PretrainedEncoder(**options(plain)).fit(CLIPS)
    scores = system.score((clip,) for clip in CLIPS + 1)["score"]
    places = save(system, tmp_path)
    loaded = PretrainedEncoder.load(*places)
    np.testing.assert_array_equal(loaded.score((clip,) for clip in CLIPS + 1)["score"], scores)
    network(plain, ["Neg"])
    loaded = PretrainedEncoder.load(*places)
    with pytest.raises(UserError, match=r"its SHA-256 is \w+, not \w+; fetch the right file"):
        loaded.score((clip,) for clip in CLIPS)


def test_what_is_missing_is_told_before_anything_runs(plain, tmp_path, monkeypatch):
    def said(path, **more):
        return PretrainedEncoder.lacking({"weights": str(path), **more})

    assert "a.onnx is not there; docs/encoders.md says" in said(tmp_path / "a.onnx")
    right = hashlib.sha256(plain.read_bytes()).hexdigest()
    assert said(plain).endswith(f"add to its options sha256: {right}")
    assert said(plain, sha256=right) == ""
    (tmp_path / "weights.pth").touch()
    assert "an encoder ends in .onnx or .pt" in said(tmp_path / "weights.pth")
    monkeypatch.setattr(files.importlib.util, "find_spec", lambda name: None)
    assert "needs onnxruntime: pip install onnxruntime" in said(plain, sha256=right)


def damaged(path):
    network(path)
    path.write_bytes(path.read_bytes()[:40])


@pytest.mark.parametrize(
    ("make", "more", "said"),
    [
        (damaged, {}, "no encoder can be read from it"),
        (lambda path: network(path, inputs=("x", "y"), nodes=("Add",)), {}, "several inputs"),
        (lambda path: network(path, shape=(1, 7, 3)), {}, "does not take an array of shape"),
        (lambda path: network(path, kind=TensorProto.INT64), {}, "does not take an array"),
        (lambda path: network(path, nodes=("Log",)), {}, "numbers that are not finite"),
        (network, {"output": "other"}, "no output 'other'; set output to one of out_Identity"),
        (network, {"axes": ["one", "time"]}, "have no place for 3 bins"),
        (network, {"axes": ["one", "bin"]}, "must name time once"),
        (network, {"axes": ["time", "time", "bin"]}, "must name time once"),
        (lambda path: network(path, nodes=("Shape",)), {}, "no encoder can be read"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_line(tmp_path, make, more, said):
    path = tmp_path / "encoder.onnx"
    make(path)
    with pytest.raises(UserError, match=said) as caught:
        PretrainedEncoder(**options(path, **more)).fit(CLIPS)
    assert "\n" not in str(caught.value)


def test_several_inputs_and_spectra_are_refused(plain):
    for inputs in ((CLIPS, CLIPS), (CLIPS.astype(np.complex64),)):
        with pytest.raises(UserError, match="takes one input, samples or real frames"):
            PretrainedEncoder(**options(plain)).fit(*inputs)


def test_memory_grows_with_the_file(plain):
    told = options(plain)
    size = Path(plain).stat().st_size
    more = PretrainedEncoder.working_memory(told, [(40, 3)]) - PretrainedEncoder.working_mb
    assert more == pytest.approx(3 * size / 1e6)
