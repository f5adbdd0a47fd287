"""What systems are given: the frames of the clips that a manifest names."""

import numpy as np
import pytest

from mimii_bench.features.store import FeatureStore
from mimii_bench.splits.manifests import SplitRow
from mimii_bench.training.fitting import fit
from mimii_bench.training.inputs import stores_by_input
from mimii_bench.training.scoring import score
from mimii_bench.util.errors import UserError
from training.conftest import FEATURES, UNITS, clips


class Recorder:
    """A system that keeps what it is given and scores a clip by its mean."""

    learns = None

    def fit(self, *inputs, validation=None):
        self.inputs = inputs

    def score(self, clips):
        return np.array([sum(float(part.mean()) for part in parts) for parts in clips])


class IdRecorder(Recorder):
    """One that learns ids: it is given them behind its inputs, and with each clip."""

    learns = "id"

    def fit(self, *inputs, validation=None):
        *_, self.ids = inputs

    def score(self, clips):
        self.told = [id for *_, id in clips]
        return np.zeros(len(self.told))


class LabelRecorder(Recorder):
    """A supervised one: it is given the labels behind its inputs."""

    learns = "label"

    def fit(self, *inputs, validation=None):
        *self.inputs, self.labels = inputs
        self.validation = validation


class ConditionRecorder(IdRecorder):
    """One that learns conditions as well: it is given them by name."""

    def fit(self, *inputs, validation=None, conditions=None):
        super().fit(*inputs)
        self.conditions = conditions


def read(path, clip):
    with FeatureStore(path) as store:
        return store.read(clip)


def test_only_training_clips_are_fitted_in_the_order_of_the_manifest(paths):
    system = Recorder()
    manifest = clips("train", "test", "train", "validation")
    fit(system, manifest, stores_by_input(paths, UNITS, FEATURES))
    assert [frames.shape for frames in system.inputs] == [(2, 63, 4), (2, 63, 8)]
    for frames, stores in zip(system.inputs, (paths[:2], paths[2:]), strict=True):
        for clip, path in zip(frames, stores, strict=True):
            np.testing.assert_array_equal(clip, read(path, "normal/00000000"))


@pytest.mark.parametrize(
    ("told", "given"), [({}, None), ({"condition": "target/vel_6"}, ["target/vel_6", ""])]
)
def test_conditions_are_told_where_a_corpus_has_any(paths, told, given):
    manifest = clips("train", "test", "train", "test")
    manifest[0] = manifest[0]._replace(**told)
    stores = stores_by_input(paths, UNITS, FEATURES)
    for system in (ConditionRecorder(), IdRecorder()):
        fit(system, manifest, stores)
        assert system.ids.tolist() == ["00", "02"]
        assert getattr(system, "conditions", given) == given


def test_validation_clips_train_where_a_system_trains_on_their_role(paths):
    manifest = clips("train", "validation", "test", "train")
    stores = stores_by_input(paths, UNITS, FEATURES)
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
    manifest = clips("train", "test", "test", "test")[::-1]
    scores = score(Recorder(), manifest, stores_by_input(paths, UNITS, FEATURES))
    expected = [
        sum(float(read(path, row.clip).mean()) for path in paths[UNITS.index(row.unit) :: 2])
        for row in manifest
    ]
    np.testing.assert_allclose(scores["score"], expected)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (np.zeros(3), "'score' is float64 of shape \\(3,\\); give one number per clip, of shape"),
        ({"mse": np.zeros((4, 1))}, "'mse' is float64 of shape \\(4, 1\\)"),
        ({"mse": ["a"] * 4}, "'mse' is <U1 of shape \\(4,\\)"),
        (None, "'score' is object of shape \\(\\)"),
        ({}, "it gives no kind of score"),
    ],
)
def test_scores_that_are_not_one_number_per_clip_are_named(paths, given, told):
    class Odd(Recorder):
        def score(self, clips):
            return given

    with pytest.raises(UserError, match=rf"^Odd\.score: {told}"):
        score(Odd(), clips(*["test"] * 4), stores_by_input(paths, UNITS, FEATURES))


def test_a_store_too_few_is_an_error(paths):
    with pytest.raises(ValueError, match="shorter"):
        stores_by_input(paths[:3], UNITS, FEATURES)


def of_unit(unit, role):
    return SplitRow("normal/00000000", *unit, "normal", role)


@pytest.mark.parametrize(
    ("machines", "trained", "told"),
    [
        (["fan", "fan"], ["00"], ["00", "02"]),
        (["fan", "pump"], ["fan/00"], ["fan/00", "pump/00"]),
    ],
)
def test_ids_are_told_with_their_machines_where_a_pool_has_several(
    machines, trained, told, monkeypatch
):
    """Also in training, where the other machine has no clips."""
    ids = ["00", "02"] if len(set(machines)) == 1 else ["00", "00"]
    rows = [
        of_unit((machine, "0dB", id), role)
        for machine, id, role in zip(machines, ids, ["train", "test"], strict=True)
    ]
    system = IdRecorder()
    monkeypatch.setattr("mimii_bench.training.fitting.load_inputs", lambda *_: ())
    fit(system, rows, [])
    assert system.ids.tolist() == trained
    score(system, rows, [])
    assert system.told == told
