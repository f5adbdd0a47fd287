"""Files score in onnxruntime as the systems do, without this package, and say what they are."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="needs the extra onnx")
pytest.importorskip("onnxscript", reason="needs the extra onnx")
onnxruntime = pytest.importorskip("onnxruntime", reason="needs the extra onnx")

from export.detectors import CASES, CHANNELS, OTHERS, RATE, fitted, our_score  # noqa: E402
from mimii_bench.export import extra, onnx_file  # noqa: E402
from mimii_bench.export.front_ends import LogMelFrontEnd  # noqa: E402
from mimii_bench.export.onnx_file import TOLERANCE, export_onnx  # noqa: E402
from mimii_bench.export.proof import session_of  # noqa: E402
from mimii_bench.features.logmel import LogMel  # noqa: E402
from mimii_bench.util.errors import UserError  # noqa: E402

#: The one that is written whenever tests run; an export takes seconds.
QUICK = "dcase, frames"
each_case = pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name == QUICK else pytest.mark.whole) for name in CASES]
)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The path of a file, and what the export told of it."""
    path = tmp_path_factory.mktemp("onnx") / "model.onnx"
    return path, export_onnx(fitted(QUICK), path)


@pytest.fixture
def path(name, written, tmp_path):
    """The file of a case."""
    if name == QUICK:
        return written[0]
    export_onnx(fitted(name), tmp_path / "model.onnx")
    return tmp_path / "model.onnx"


@each_case
def test_onnxruntime_scores_as_the_system(name, path):
    detector, session = fitted(name), session_of(str(path))
    ids = getattr(detector.system, "ids", [None])
    scores, ours = [], []
    for samples in OTHERS:
        for place, id in enumerate(ids):
            told = {} if id is None else {"id": np.array(place)}
            (found,) = session.run(None, {"samples": samples, **told})
            assert found.shape == ()
            scores.append(float(found))
            ours.append(our_score(detector, samples, id))
    # A classifier that is sure of an id scores near 0: of a single score, rounding may be more.
    np.testing.assert_allclose(scores, ours, rtol=0, atol=TOLERANCE * np.mean(np.abs(ours)))


def test_a_file_says_what_it_is(written):
    path, told = written
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    facts = {entry.key: entry.value for entry in model.metadata_props}
    assert facts == told.facts
    assert facts["name"] == facts["system"] == "DcaseAutoencoder"
    assert (facts["kind"], float(facts["threshold"])) == ("mahalanobis", 1.25)
    assert (int(facts["sample_rate"]), int(facts["channels"])) == (RATE, CHANNELS)
    assert (facts["begins_at"], json.loads(facts["mixes"])) == ("samples", ["mono"])
    assert int(facts["window_samples"]) == 12_000
    assert facts["licence"] == "Apache-2.0"
    (feature,) = json.loads(facts["features"])
    assert (feature["class"], feature["n_mels"], feature["hop"]) == ("LogMel", 24, 512)


def test_a_file_holds_no_path_of_this_machine(written):
    data = written[0].read_bytes()
    assert str(Path(onnx_file.__file__).parents[3]).encode() not in data
    assert str(Path(sys.prefix)).encode() not in data


def test_it_tells_what_goes_in_and_what_comes_out(written):
    _, told = written
    lines = list(told.lines("model.onnx"))
    assert lines[0] == "model.onnx: DcaseAutoencoder, from samples to mahalanobis"
    assert lines[1] == f"input samples: tensor(float), ({CHANNELS}, samples)"
    assert lines[2] == "output score: tensor(double), one number"
    assert told.difference < 1e-4


ALONE = """
import sys, numpy, onnxruntime
try:
    import mimii_bench
except ImportError:
    session = onnxruntime.InferenceSession(sys.argv[1])
    (score,) = session.run(None, {"samples": numpy.load(sys.argv[2])})
    print(float(score), session.get_modelmeta().custom_metadata_map["threshold"])
    assert "torch" not in sys.modules
"""


def test_it_runs_without_this_package(written, tmp_path):
    """Python is isolated, and sees the packages of NumPy and onnxruntime alone."""
    packages = tmp_path / "packages"
    packages.mkdir()
    for name in ("numpy", "numpy.libs", "onnxruntime", "flatbuffers", "google", "packaging"):
        # Where numpy's libraries and protobuf lie, beside onnxruntime or NumPy.
        for home in {Path(np.__file__).parents[1], Path(onnxruntime.__file__).parents[1]}:
            if (home / name).is_dir() and not (packages / name).exists():
                (packages / name).symlink_to(home / name)
    np.save(tmp_path / "clip.npy", OTHERS[0])
    program = f"import sys; sys.path.insert(0, {str(packages)!r})\n{ALONE}"
    command = [sys.executable, "-I", "-S", "-c", program, str(written[0]), "clip.npy"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    score, threshold = done.stdout.split()
    assert float(score) == pytest.approx(our_score(fitted(QUICK), OTHERS[0]), rel=1e-4)
    assert threshold == "1.25"


@pytest.mark.whole
def test_two_exports_are_the_same_bytes(written, tmp_path):
    export_onnx(fitted(QUICK), tmp_path / "again.onnx")
    assert (tmp_path / "again.onnx").read_bytes() == written[0].read_bytes()


@pytest.mark.whole
def test_a_file_whose_scores_are_others_is_not_written(tmp_path, monkeypatch):
    forward = LogMelFrontEnd.forward
    monkeypatch.setattr(LogMelFrontEnd, "forward", lambda *given: forward(*given) + 0.1)
    with pytest.raises(UserError, match="not written: onnxruntime's scores differ"):
        export_onnx(fitted(QUICK), tmp_path / "model.onnx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.whole
def test_a_graph_for_one_length_is_not_written(tmp_path, monkeypatch):
    """Behind the convolutions of a clip of few frames is one step, which torch takes for all."""
    monkeypatch.setattr(onnx_file, "_FRAMES_RECORDED", 4)
    with pytest.raises(UserError, match=r"not written: torch\.onnx makes a graph for clips"):
        export_onnx(fitted("cnn, lstm"), tmp_path / "model.onnx")
    assert list(tmp_path.iterdir()) == []


class Own(LogMel):
    """A feature from outside: no graph is known to make its frames."""


@pytest.mark.whole
@pytest.mark.parametrize("name", ["two microphones", "forest"])
def test_a_file_begins_at_features_that_it_cannot_make(name, tmp_path):
    detector = fitted(name)
    features = [Own(sample_rate=RATE, **one.parameters) for one in detector.features]
    outside = type("Outside", (), vars(detector) | {"features": features})()
    told = export_onnx(outside, tmp_path / "model.onnx")
    assert told.facts["begins_at"] == "features"
    assert [port.name for port in told.inputs] == [f"frames_{n}" for n in range(len(features))]
    assert told.difference < 1e-4


@pytest.mark.parametrize("package", extra.PACKAGES)
def test_a_missing_package_is_named_with_what_installs_it(package, monkeypatch):
    find = extra.find_spec
    monkeypatch.setattr(extra, "find_spec", lambda name: None if name == package else find(name))
    with pytest.raises(UserError, match=f"{package} is not installed.*pip install onnx"):
        extra.check_installed()
