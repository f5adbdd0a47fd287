"""Distributions as back ends: scikit-learn's covariance, mixture and principal components."""

import numpy as np
import pytest
from sklearn.covariance import LedoitWolf
from sklearn.decomposition import PCA
from sklearn.mixture import GaussianMixture

from mimii_bench.systems.backends.densities import (
    MixtureSurprisal,
    ShrunkMahalanobis,
    SubspaceResidual,
    shrinkage,
)

RNG = np.random.default_rng(2)
TURN = RNG.normal(0, 1, (6, 6))
MANY, FEW = RNG.normal(2, 1, (200, 6)) @ TURN, RNG.normal(2, 1, (4, 6)) @ TURN
OTHERS = RNG.normal(2, 2, (9, 6)) @ TURN


@pytest.mark.parametrize("vectors", [MANY, FEW], ids=["more than dimensions", "fewer"])
def test_shrinkage_and_distances_are_scikit_learn_s(vectors):
    theirs = LedoitWolf().fit(vectors)
    assert shrinkage(vectors - vectors.mean(axis=0)) == pytest.approx(theirs.shrinkage_)
    found = ShrunkMahalanobis().fit(vectors).score(OTHERS)
    np.testing.assert_allclose(found, np.sqrt(theirs.mahalanobis(OTHERS)), rtol=1e-6)


def test_a_dimension_that_never_changes_adds_nothing_to_a_distance():
    silent = np.column_stack([MANY, np.full(len(MANY), 5.0)])
    # With that many clips next to nothing is shrunk.
    found = ShrunkMahalanobis().fit(silent).score(np.column_stack([OTHERS, np.full(9, 5.0)]))
    np.testing.assert_allclose(found, ShrunkMahalanobis().fit(MANY).score(OTHERS), rtol=0.05)


def test_equal_vectors_have_no_covariance():
    with pytest.raises(ValueError, match="all equal"):
        ShrunkMahalanobis().fit(np.ones((3, 2)))


def test_mixtures_are_scikit_learn_s():
    found = MixtureSurprisal(3, "full", 0.01, seed=5).fit(MANY).score(OTHERS)
    theirs = GaussianMixture(3, covariance_type="full", reg_covar=0.01, random_state=5).fit(MANY)
    np.testing.assert_allclose(found, -theirs.score_samples(OTHERS), rtol=1e-9)


def test_a_mixture_has_no_more_parts_than_vectors():
    found, fitting = (MixtureSurprisal(count, "diag").fit(FEW).score(OTHERS) for count in (9, 4))
    np.testing.assert_array_equal(found, fitting)


@pytest.mark.parametrize("share", [0.5, 0.9, 0.99])
def test_residuals_are_those_of_scikit_learn_s_components(share):
    theirs = PCA(n_components=share, svd_solver="full").fit(MANY)
    lost = OTHERS - theirs.inverse_transform(theirs.transform(OTHERS))
    found = SubspaceResidual(share).fit(MANY)
    assert len(found.components_) == theirs.n_components_
    np.testing.assert_allclose(found.score(OTHERS), np.linalg.norm(lost, axis=1), rtol=1e-6)


def test_all_components_of_few_vectors_leave_none_of_them():
    found = SubspaceResidual(1.0).fit(FEW)
    np.testing.assert_allclose(found.training_scores(), 0, atol=1e-9)
    assert found.score(OTHERS).min() > 0.01


@pytest.mark.parametrize("back_end", [ShrunkMahalanobis(), MixtureSurprisal(), SubspaceResidual()])
def test_reference_vectors_are_scored_as_others_are(back_end):
    back_end.fit(MANY)
    np.testing.assert_array_equal(back_end.training_scores(), back_end.score(MANY))
    assert back_end.score(MANY[:0]).shape == (0,)
    assert back_end.score(MANY + 50).min() > back_end.training_scores().max()
