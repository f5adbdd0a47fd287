"""What a training job does between its files."""

import numpy as np
import pytest
from mimii_bench.training.experiment import fit, score, stores_by_input

from mimii_bench.audio.wav import write_float
from mimii_bench.corpus.base import Unit
from mimii_bench.features.store import FeatureStore, build_store
from mimii_bench.splits.manifests import SplitRow
from samples import noise

UNITS = [Unit("fan", "0dB", "00"), Unit("fan", "0dB", "02")]


class Recorder:
    """A system that keeps what it is given and scores a clip by its mean."""

    learns = None

    def fit(self, *inputs, validation=None):
        self.inputs = inputs

    def score(self, clips):
        return np.array([sum(float(part.mean()) for part in parts) for parts in clips])


@pytest.fixture(scope="module")
def paths(tmp_path_factory):
    """Stores of two inputs (4 and 8 bands) of two units, in the order of the workflow."""
    folder = tmp_path_factory.mktemp("stores")
    for number, unit in enumerate(UNITS):
        for label in ("normal", "abnormal"):
            (folder / unit.path / label).mkdir(parents=True)
            samples = noise(number + 2 * (label == "normal"), channels=1)[:, 0] / 32768
            write_float(folder / unit.path / label / "00000000.wav", samples.astype("f4"), 16_000)
    paths = []
    for bands in (4, 8):
        for unit in UNITS:
            paths.append(folder / f"{bands}/{unit.path}.h5")
            build_store({"class": "logmel.LogMel", "n_mels": bands}, folder / unit.path, paths[-1])
    return paths


def rows(*roles):
    clips = [(unit, label) for unit in UNITS for label in ("normal", "abnormal")]
    return [
        SplitRow(f"{label}/00000000", *unit, label, role)
        for (unit, label), role in zip(clips, roles, strict=True)
    ]


def read(path, clip):
    with FeatureStore(path) as store:
        return store.read(clip)


def test_only_training_clips_are_fitted_in_the_order_of_the_manifest(paths):
    system = Recorder()
    manifest = rows("train", "test", "train", "validation")
    fit(system, manifest, stores_by_input(paths, UNITS))
    assert [frames.shape for frames in system.inputs] == [(2, 313, 4), (2, 313, 8)]
    for frames, stores in zip(system.inputs, (paths[:2], paths[2:]), strict=True):
        for clip, path in zip(frames, stores, strict=True):
            np.testing.assert_array_equal(clip, read(path, "normal/00000000"))


class LabelRecorder(Recorder):
    """A supervised one: it is given the labels behind its inputs."""

    learns = "label"

    def fit(self, *inputs, validation=None):
        *self.inputs, self.labels = inputs
        self.validation = validation


def test_validation_clips_train_where_a_system_trains_on_their_role(paths):
    manifest = rows("train", "validation", "test", "train")
    stores = stores_by_input(paths, UNITS)
    watching, training = LabelRecorder(), LabelRecorder()
    fit(watching, manifest, stores)
    assert watching.labels.tolist() == ["normal", "abnormal"]
    assert [len(part) for part in watching.validation] == [1, 1, 1]
    assert watching.validation[-1].tolist() == ["abnormal"]
    fit(training, manifest, stores, roles=["train", "validation"])
    assert training.labels.tolist() == ["normal", "abnormal", "abnormal"]
    assert [len(part) for part in training.inputs] == [3, 3]
    assert training.validation is None


def test_every_clip_is_scored_on_all_inputs_in_the_order_of_the_manifest(paths):
    manifest = rows("train", "test", "test", "test")[::-1]
    scores = score(Recorder(), manifest, stores_by_input(paths, UNITS))
    expected = [
        sum(float(read(path, row.clip).mean()) for path in paths[UNITS.index(row.unit) :: 2])
        for row in manifest
    ]
    np.testing.assert_allclose(scores, expected)


def test_a_store_too_few_is_an_error(paths):
    with pytest.raises(ValueError, match="shorter"):
        stores_by_input(paths[:3], UNITS)
