"""k-means: scikit-learn's Lloyd from the same start, and that it finds clusters."""

import numpy as np
import pytest
from sklearn.cluster import KMeans

from mimii_bench.systems.backends.clusters import first_means, k_means, settle, spread

RNG = np.random.default_rng(1)
VECTORS = RNG.normal(0, 1, (80, 5))
CENTRES = 20 * np.eye(4)
CLOUDS = np.concatenate([centre + RNG.normal(0, 1, (25, 4)) for centre in CENTRES])


def test_from_the_same_start_it_ends_where_scikit_learn_does():
    theirs = KMeans(6, init=VECTORS[:6], n_init=1, tol=0).fit(VECTORS)
    means = settle(VECTORS, VECTORS[:6])
    np.testing.assert_allclose(means, theirs.cluster_centers_, rtol=1e-9)
    assert spread(VECTORS, means) == pytest.approx(theirs.inertia_)


def test_clusters_that_are_apart_are_found():
    found = k_means(CLOUDS, 4, seed=0)
    expected = CLOUDS.reshape(4, 25, 4).mean(axis=1)
    order = np.argsort(found.argmax(axis=1))
    np.testing.assert_allclose(found[order], expected, rtol=1e-9)


def test_the_seed_decides_and_nothing_else():
    first, again = (k_means(VECTORS, 9, seed=3, starts=1) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    assert (k_means(VECTORS, 9, seed=4, starts=1) != first).any()


def test_first_means_are_drawn_by_their_squared_distance():
    """Of points 0, 1 and 3 on a line, from 0 on: 1 with probability 1/10, 3 with 9/10."""
    line, rng = np.array([[0.0], [1.0], [3.0]]), np.random.default_rng(0)
    pairs = [first_means(line, 2, rng).ravel() for _ in range(3000)]
    second = [two for one, two in pairs if one == 0]
    assert np.mean(np.equal(second, 3)) == pytest.approx(0.9, abs=0.03)


def test_there_are_no_more_means_than_vectors_that_differ():
    twice = np.repeat(VECTORS[:3], 2, axis=0)
    assert len(k_means(twice, 16, seed=0)) == 3
    assert spread(twice, k_means(twice, 16, seed=0)) == pytest.approx(0, abs=1e-12)
