"""Classical detectors: scikit-learn's own numbers, determinism, saving, and that they detect."""

import json

import numpy as np
import pytest
from sklearn.ensemble import IsolationForest as Forest
from sklearn.mixture import GaussianMixture as Mixture
from sklearn.neighbors import NearestNeighbors
from sklearn.svm import OneClassSVM

from mimii_bench.systems.classical import (
    GaussianMixture,
    IsolationForest,
    NearestNeighbours,
    OneClassSvm,
)
from mimii_bench.util.errors import UserError
from systems.sounds import as_clips, save, scores_of

SYSTEMS = (NearestNeighbours, GaussianMixture, IsolationForest, OneClassSvm)
each_system = pytest.mark.parametrize("system_class", SYSTEMS, ids=lambda found: found.__name__)


def spectra(clips, seed, tilt=0.0, length=30, bins=6):
    """Clips of noise around a spectrum of their own, which `tilt` turns."""
    rng = np.random.default_rng(seed)
    spectrum = rng.normal(0, 1, (clips, 1, bins)) + tilt * np.linspace(-1, 1, bins)
    return (spectrum + rng.normal(0, 2, (clips, length, bins))).astype(np.float32)


NORMAL, OTHERS = spectra(60, 0), spectra(7, 1)


def standardised():
    """Means over time of training and other clips, by NumPy alone, standardised."""
    training, others = (clips.astype(float).mean(axis=1) for clips in (NORMAL, OTHERS))
    mean, deviation = training.mean(axis=0), training.std(axis=0)
    return (training - mean) / deviation, (others - mean) / deviation


@each_system
def test_there_is_one_number_per_clip(system_class):
    scores = system_class().fit(NORMAL).score(as_clips(OTHERS))
    assert list(scores) == ["score"]
    assert scores["score"].shape == (7,)
    assert np.isfinite(scores["score"]).all()


@each_system
def test_clips_are_scored_one_by_one_from_any_iterable(system_class):
    system = system_class().fit(NORMAL)
    alone = [system.score([(clip,)])["score"].item() for clip in OTHERS]
    np.testing.assert_allclose(system.score((clip,) for clip in OTHERS)["score"], alone)


@each_system
def test_anomalies_score_higher(system_class):
    system = system_class().fit(NORMAL)
    normal, abnormal = scores_of(system, spectra(20, 2)), scores_of(system, spectra(20, 3, tilt=8))
    assert normal.max() < abnormal.min()


@each_system
def test_the_same_seed_gives_the_same_scores_to_the_bit(system_class):
    first, again = (scores_of(system_class(seed=2**62).fit(NORMAL), OTHERS) for _ in range(2))
    np.testing.assert_array_equal(first, again)


def test_another_seed_grows_another_forest():
    first, other = (scores_of(IsolationForest(seed=s).fit(NORMAL), OTHERS) for s in (1, 2))
    assert (first != other).any()


@each_system
def test_a_saved_model_gives_the_same_scores(system_class, tmp_path):
    system = system_class(pooling=["mean", "rank"], r=0.7, seed=3).fit(NORMAL)
    loaded = system_class.load(*save(system, tmp_path), device="cpu")
    np.testing.assert_array_equal(scores_of(loaded, OTHERS), scores_of(system, OTHERS))
    assert (loaded.options, loaded.seed) == (system.options, system.seed)


def test_a_saved_model_describes_itself(tmp_path):
    _, description = save(NearestNeighbours(neighbours=5, pooling=["max"]).fit(NORMAL), tmp_path)
    facts = json.loads(description.read_text())
    assert facts.pop("scikit-learn")
    assert facts == {
        "system": "NearestNeighbours",
        "options": {"pooling": ["max"], "r": 0.99, "exponent": 3.0, "neighbours": 5},
        "seed": 0,
        "inputs": 6,
        "parameters": 360,
        "layers": {"vectors": 360},
        "device": "cpu",
    }


def test_a_damaged_model_is_named(tmp_path):
    weights, description = save(OneClassSvm().fit(NORMAL), tmp_path)
    weights.write_bytes(weights.read_bytes()[:-10])
    with pytest.raises(UserError, match=f"^{weights}: damaged model"):
        OneClassSvm.load(weights, description)


def test_neighbours_are_scikit_learn_s():
    training, others = standardised()
    distances, _ = NearestNeighbors(n_neighbors=4).fit(training).kneighbors(others)
    scores = scores_of(NearestNeighbours(neighbours=4).fit(NORMAL), OTHERS)
    np.testing.assert_allclose(scores, distances.mean(axis=1), rtol=1e-9)


def test_a_training_clip_is_not_its_own_neighbour():
    training, _ = standardised()
    distances, _ = NearestNeighbors(n_neighbors=3).fit(training).kneighbors()
    system = NearestNeighbours(neighbours=3).fit(NORMAL)
    np.testing.assert_allclose(system.training_scores(), distances.mean(axis=1), rtol=1e-9)
    assert system.history_[0].training_score == pytest.approx(distances.mean())


def test_a_new_clip_that_equals_a_training_clip_scores_as_those_beside_it():
    system = NearestNeighbours(neighbours=3).fit(NORMAL)
    equal = scores_of(system, NORMAL)
    beside = scores_of(system, NORMAL + np.float32(1e-6))
    np.testing.assert_allclose(equal, beside, atol=1e-4)
    assert (equal < system.training_scores()).all()


def test_mixtures_are_scikit_learn_s():
    training, others = standardised()
    expected = Mixture(3, covariance_type="diag", reg_covar=0.01, random_state=5).fit(training)
    options = {"components": 3, "covariance": "diag", "regularisation": 0.01}
    scores = scores_of(GaussianMixture(**options, seed=5).fit(NORMAL), OTHERS)
    np.testing.assert_allclose(scores, -expected.score_samples(others), rtol=1e-6)


def test_forests_are_scikit_learn_s():
    training, others = standardised()
    expected = Forest(n_estimators=20, random_state=5).fit(training)
    scores = scores_of(IsolationForest(trees=20, seed=5).fit(NORMAL), OTHERS)
    np.testing.assert_allclose(scores, -expected.score_samples(others), rtol=1e-9)


def test_one_class_machines_are_scikit_learn_s():
    training, others = standardised()
    expected = OneClassSVM(nu=0.3, gamma=1 / 6).fit(training)
    scores = scores_of(OneClassSvm(nu=0.3).fit(NORMAL), OTHERS)
    np.testing.assert_allclose(scores, -expected.decision_function(others), rtol=1e-6)


def test_pooling_and_r_reach_the_vectors():
    mean = scores_of(NearestNeighbours(pooling=["mean"]).fit(NORMAL), OTHERS)
    largest = scores_of(NearestNeighbours(pooling=["max"]).fit(NORMAL), OTHERS)
    for r, expected in ((1.0, mean), (0.0, largest)):
        ranked = scores_of(NearestNeighbours(pooling=["rank"], r=r).fit(NORMAL), OTHERS)
        np.testing.assert_allclose(ranked, expected, rtol=1e-5)
    assert not np.allclose(mean, largest)


@each_system
def test_vectors_may_be_given_that_are_pooled_already(system_class):
    vectors, others = (clips.mean(axis=1, dtype=float) for clips in (NORMAL, OTHERS))
    expected = scores_of(system_class().fit(NORMAL), OTHERS)
    scores = system_class().fit_vectors(vectors).score_vectors(others)
    np.testing.assert_allclose(scores, expected, rtol=1e-9)


@each_system
def test_a_band_that_never_changes_is_no_evidence(system_class):
    silent = np.concatenate([NORMAL, np.full_like(NORMAL[..., :1], -156.5)], axis=2)
    others = np.concatenate([OTHERS, np.full_like(OTHERS[..., :1], -156.5)], axis=2)
    system = system_class().fit(silent)
    assert np.isfinite(scores_of(system, others)).all()
    if system_class is NearestNeighbours:
        expected = scores_of(system_class().fit(NORMAL), OTHERS)
        np.testing.assert_allclose(scores_of(system, others), expected, rtol=1e-9)


@each_system
def test_history_has_the_mean_scores(system_class):
    system = system_class().fit(NORMAL, validation=(OTHERS,))
    (entry,) = system.history_
    assert entry.clips == 60
    assert entry.training_score == pytest.approx(system.training_scores().mean())
    assert entry.validation_score == pytest.approx(scores_of(system, OTHERS).mean())
    assert np.isnan(system_class().fit(NORMAL).history_[0].validation_score)


@each_system
def test_validation_clips_do_not_train(system_class):
    watched = system_class(seed=1).fit(NORMAL, validation=(OTHERS,))
    alone = system_class(seed=1).fit(NORMAL)
    np.testing.assert_array_equal(scores_of(watched, OTHERS), scores_of(alone, OTHERS))


@each_system
def test_numbers_that_are_not_finite_are_named(system_class):
    damaged = OTHERS.copy()
    damaged[2, 3, 1] = np.nan
    with pytest.raises(UserError, match=f"{system_class.__name__}: .* look for damaged clips"):
        system_class().fit(damaged)
    with pytest.raises(UserError, match="look for damaged clips"):
        system_class().fit(NORMAL).score(as_clips(damaged))


@pytest.mark.parametrize(
    "system",
    [GaussianMixture(components=61), GaussianMixture(components=100, covariance="tied")],
    ids=lambda system: system.options.covariance,
)
def test_options_that_cannot_be_met_are_named(system):
    with pytest.raises(UserError, match=r"cannot fit 60 clips with the options \{'"):
        system.fit(NORMAL)


def test_of_fewer_training_clips_than_neighbours_all_count():
    few = NORMAL[:3]
    scores, expected = (
        scores_of(NearestNeighbours(neighbours=k).fit(few), OTHERS) for k in (9, len(few))
    )
    np.testing.assert_array_equal(scores, expected)


@each_system
def test_two_training_clips_are_enough(system_class):
    assert np.isfinite(scores_of(system_class().fit(NORMAL[:2]), OTHERS)).all()


def test_one_clip_has_no_neighbour():
    with pytest.raises(UserError, match="cannot fit 1 clips"):
        NearestNeighbours().fit(NORMAL[:1])


@each_system
def test_an_unknown_option_is_refused(system_class):
    with pytest.raises(UserError, match=r"^epochs: .* has no such option"):
        system_class(epochs=3)


@each_system
@pytest.mark.parametrize("kinds", [[], ["median"], ["mean", "mean"], ["mean", "median"]])
def test_other_poolings_are_refused(system_class, kinds):
    with pytest.raises(UserError, match=r"^pooling[.\d]*: "):
        system_class(pooling=kinds)


@each_system
@pytest.mark.parametrize("r", [-0.1, 1.1, float("nan")])
def test_r_outside_its_range_is_refused(system_class, r):
    with pytest.raises(UserError, match=r"^r: .* is not allowed"):
        system_class(pooling=["rank"], r=r)


@pytest.mark.parametrize(
    ("system_class", "options"),
    [
        (NearestNeighbours, {"neighbours": 0}),
        (OneClassSvm, {"nu": 0.0}),
        (OneClassSvm, {"nu": 1.5}),
        (IsolationForest, {"trees": 0}),
        (GaussianMixture, {"components": 0}),
        (GaussianMixture, {"covariance": "round"}),
        (GaussianMixture, {"regularisation": -1.0}),
    ],
)
def test_options_outside_their_range_are_refused(system_class, options):
    (name,) = options
    with pytest.raises(UserError, match=f"^{name}: .* is not allowed"):
        system_class(**options)
