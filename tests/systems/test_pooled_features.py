"""Pooled features and back ends as a system: vectors, kinds of score, saving, what is refused."""

import json

import numpy as np
import pytest
from sklearn.covariance import LedoitWolf
from sklearn.neighbors import NearestNeighbors

from mimii_bench.systems.classical import NearestNeighbours
from mimii_bench.systems.pooled_features import PooledFeatures
from mimii_bench.util.errors import UserError
from systems.sounds import as_clips, save, scores_of

EVERY = [
    *("knn", "knn_cosine", "knn_density", "knn_cosine_density", "means", "means_density"),
    *("knn_rescaled", "mahalanobis", "mixture", "subspace"),
]


def spectra(clips, seed, tilt=0.0, length=30, bins=6):
    """Clips of noise around a spectrum of their own, which `tilt` turns."""
    rng = np.random.default_rng(seed)
    spectrum = rng.normal(0, 1, (clips, 1, bins)) + tilt * np.linspace(-1, 1, bins)
    return (spectrum + rng.normal(0, 2, (clips, length, bins))).astype(np.float32)


NORMAL, OTHERS = spectra(40, 0), spectra(7, 1)
SECOND, SECOND_OTHERS = spectra(40, 2, bins=4), spectra(7, 3, bins=4)


def test_one_input_and_neighbours_are_the_classical_detector():
    options = {"pooling": ["mean", "max"], "neighbours": 3}
    found = scores_of(PooledFeatures(**options).fit(NORMAL), OTHERS)
    expected = scores_of(NearestNeighbours(**options).fit(NORMAL), OTHERS)
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_several_inputs_stand_one_after_the_other():
    def vectors(*inputs):
        return np.concatenate([x.astype(float).mean(axis=1) for x in inputs], axis=1)

    training, others = vectors(NORMAL, SECOND), vectors(OTHERS, SECOND_OTHERS)
    mean, deviation = training.mean(axis=0), training.std(axis=0)
    theirs = NearestNeighbors(n_neighbors=1).fit((training - mean) / deviation)
    expected = theirs.kneighbors((others - mean) / deviation)[0].mean(axis=1)
    system = PooledFeatures().fit(NORMAL, SECOND)
    np.testing.assert_allclose(scores_of(system, OTHERS, SECOND_OTHERS), expected, rtol=1e-9)
    assert system.vectors_.shape == (40, 10)


def test_standardising_can_be_left_out():
    training, others = (clips.astype(float).mean(axis=1) for clips in (NORMAL, OTHERS))
    expected = NearestNeighbors(n_neighbors=1).fit(training).kneighbors(others)[0].mean(axis=1)
    found = scores_of(PooledFeatures(standardise=False).fit(NORMAL), OTHERS)
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_pooling_over_bins_leaves_a_number_per_frame():
    system = PooledFeatures(over=["frequency", "time"], pooling=["max"]).fit(NORMAL)
    expected = [NORMAL.max(axis=2), NORMAL.max(axis=1)]
    np.testing.assert_array_equal(system.vectors_, np.concatenate(expected, axis=1))


def test_over_bins_clips_must_be_of_one_length():
    system = PooledFeatures(over=["frequency"]).fit(NORMAL)
    with pytest.raises(UserError, match=r"vectors of \[29, 30\] numbers; .* pool over time alone"):
        system.score([(OTHERS[0],), (OTHERS[1][:-1],)])


def test_each_back_end_gives_the_score_that_it_gives_alone():
    system = PooledFeatures(back_ends=EVERY, clusters=3, seed=4).fit(NORMAL)
    scores = system.score(as_clips(OTHERS))
    assert list(scores) == EVERY
    for name in EVERY:
        alone = PooledFeatures(back_ends=[name], clusters=3, seed=4).fit(NORMAL)
        np.testing.assert_array_equal(scores[name], scores_of(alone, OTHERS))
    assert len({tuple(one) for one in scores.values()}) == len(EVERY)


@pytest.mark.parametrize("name", EVERY)
def test_anomalies_score_higher(name):
    options = {"back_ends": [name], "clusters": 4, "standardise": False}
    system = PooledFeatures(**options).fit(spectra(60, 0, tilt=20))
    normal, abnormal = (scores_of(system, spectra(20, 2, tilt=t)) for t in (20, -20))
    assert normal.max() < abnormal.min()


def test_options_reach_the_back_ends():
    named = {"knn": {"neighbours": 5}, "means": {"clusters": 3}, "mixture": {"components": 5}}
    named |= {"knn_density": {"local": 9}, "subspace": {"variance": 0.4}}
    for name, options in named.items():
        usual, other = (
            scores_of(PooledFeatures(back_ends=[name], **given).fit(NORMAL), OTHERS)
            for given in ({}, options)
        )
        assert (usual != other).all()
    ratio, difference = (
        scores_of(PooledFeatures(back_ends=["means_density"], density=d).fit(NORMAL), OTHERS)
        for d in ("ratio", "difference")
    )
    assert (ratio != difference).all()


def test_the_mahalanobis_distance_is_of_standardised_vectors():
    training, others = (clips.astype(float).mean(axis=1) for clips in (NORMAL, OTHERS))
    mean, deviation = training.mean(axis=0), training.std(axis=0)
    theirs = LedoitWolf().fit((training - mean) / deviation)
    expected = np.sqrt(theirs.mahalanobis((others - mean) / deviation))
    found = scores_of(PooledFeatures(back_ends=["mahalanobis"]).fit(NORMAL), OTHERS)
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_a_saved_model_gives_the_same_scores(tmp_path):
    system = PooledFeatures(back_ends=EVERY, pooling=["rank", "deviation"], seed=2**62).fit(NORMAL)
    weights, description = save(system, tmp_path)
    loaded = PooledFeatures.load(weights, description)
    scores, again = (one.score(as_clips(OTHERS)) for one in (system, loaded))
    for name in EVERY:
        np.testing.assert_array_equal(scores[name], again[name])
    facts = json.loads(description.read_text())
    assert (facts["parameters"], facts["layers"]) == (40 * 12, {"vectors": 40 * 12})


def test_history_has_the_mean_scores_of_each_back_end():
    system = PooledFeatures(back_ends=["knn", "means"]).fit(NORMAL, validation=(OTHERS,))
    scores = system.score(as_clips(OTHERS))
    for entry, (kind, back_end) in zip(system.history_, system.back_ends_.items(), strict=True):
        assert (entry.back_end, entry.clips) == (kind, 40)
        assert entry.training_score == pytest.approx(back_end.training_scores().mean())
        assert entry.validation_score == pytest.approx(scores[kind].mean())
    assert np.isnan(PooledFeatures().fit(NORMAL).history_[0].validation_score)


@pytest.mark.parametrize("name", EVERY)
def test_two_training_clips_are_enough(name):
    system = PooledFeatures(back_ends=[name]).fit(NORMAL[:2])
    assert np.isfinite(scores_of(system, OTHERS)).all()
    assert system.score([])["score"].shape == (0,)


def test_one_clip_is_too_few():
    with pytest.raises(UserError, match="the back end knn cannot fit 1 clips with the options"):
        PooledFeatures().fit(NORMAL[:1])


def test_numbers_that_are_not_finite_are_named():
    damaged = OTHERS.copy()
    damaged[2, 3, 1] = np.nan
    with pytest.raises(UserError, match="look for damaged clips"):
        PooledFeatures().fit(NORMAL).score(as_clips(damaged))
    with pytest.raises(UserError, match="look for damaged clips"):
        PooledFeatures().fit(damaged)


def test_complex_frames_are_refused():
    with pytest.raises(UserError, match="takes real frames"):
        PooledFeatures().fit(NORMAL + 1j)


@pytest.mark.parametrize("option", ["back_ends", "pooling", "over"])
def test_what_is_named_twice_is_refused(option):
    first = {"back_ends": "knn", "pooling": "mean", "over": "time"}[option]
    with pytest.raises(UserError, match=rf"^{option}: .* once"):
        PooledFeatures(**{option: [first, first]})
