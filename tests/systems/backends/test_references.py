"""Distances to references: scikit-learn's neighbours, and local density by loops."""

import numpy as np
import pytest
from sklearn.metrics.pairwise import cosine_distances, euclidean_distances
from sklearn.neighbors import LocalOutlierFactor, NearestNeighbors

from mimii_bench.systems.backends.clusters import k_means
from mimii_bench.systems.backends.distances import BLOCK, distances, unit_length
from mimii_bench.systems.backends.references import ReferenceDistance, neighbour_distances

RNG = np.random.default_rng(0)
REFERENCES, OTHERS = RNG.normal(3, 1, (40, 7)), RNG.normal(3, 2, (9, 7))
each_metric = pytest.mark.parametrize("metric", ["euclidean", "cosine"])


@pytest.mark.parametrize(
    ("metric", "theirs"), [("euclidean", euclidean_distances), ("cosine", cosine_distances)]
)
def test_distances_are_scikit_learn_s(metric, theirs):
    found = distances(OTHERS, REFERENCES, metric)
    np.testing.assert_allclose(found, theirs(OTHERS, REFERENCES), rtol=1e-9)


def test_distances_far_from_the_origin_keep_their_digits():
    moved = distances(OTHERS + 1e6, REFERENCES + 1e6, "euclidean")
    np.testing.assert_allclose(moved, distances(OTHERS, REFERENCES, "euclidean"), rtol=1e-8)


def test_a_vector_of_no_length_has_the_cosine_distance_1():
    assert distances(np.zeros((1, 7)), REFERENCES, "cosine") == pytest.approx(1)


@each_metric
@pytest.mark.parametrize("count", [1, 3])
def test_neighbours_are_scikit_learn_s(metric, count):
    theirs = NearestNeighbors(n_neighbors=count, metric=metric).fit(REFERENCES)
    found = ReferenceDistance(metric, count).fit(REFERENCES)
    expected = theirs.kneighbors(OTHERS)[0].mean(axis=1)
    np.testing.assert_allclose(found.score(OTHERS), expected, rtol=1e-9)
    # None is its own neighbour.
    among = theirs.kneighbors()[0].mean(axis=1)
    np.testing.assert_allclose(found.training_scores(), among, rtol=1e-9)


def test_many_vectors_are_scored_as_each_alone():
    many = RNG.normal(3, 1, (2 * BLOCK + 3, 7))
    back_end = ReferenceDistance("euclidean", 2).fit(REFERENCES)
    alone = [back_end.score(one[None]).item() for one in many]
    np.testing.assert_allclose(back_end.score(many), alone, rtol=1e-9)
    assert back_end.score(many[:0]).shape == (0,)


def by_loops(form, metric, local):
    """The formula of Wilkinghoff et al. (2025), one distance after the other."""

    def apart(a, b):
        if metric == "euclidean":
            return np.sqrt(((a - b) ** 2).sum())
        return 1 - a @ b / np.sqrt((a @ a) * (b @ b))

    scores = []
    for x in OTHERS:
        normalised = []
        for place, y in enumerate(REFERENCES):
            near = sorted(apart(y, z) for k, z in enumerate(REFERENCES) if k != place)[:local]
            density = sum(near) / local
            d = apart(x, y)
            normalised.append(d / density if form == "ratio" else d - density)
        scores.append(min(normalised))
    return scores


@each_metric
@pytest.mark.parametrize("form", ["ratio", "difference"])
@pytest.mark.parametrize("local", [1, 5])
def test_local_density_is_that_of_the_formula(metric, form, local):
    found = ReferenceDistance(metric, density=form, local=local).fit(REFERENCES)
    np.testing.assert_allclose(found.score(OTHERS), by_loops(form, metric, local), rtol=1e-9)


def test_mean_distances_to_neighbours_are_scikit_learn_s():
    lof = LocalOutlierFactor(n_neighbors=6).fit(REFERENCES)
    expected = lof.kneighbors()[0].mean(axis=1)
    np.testing.assert_allclose(neighbour_distances(REFERENCES, "euclidean", 6), expected, rtol=1e-9)


def test_density_makes_a_thin_and_a_dense_cloud_alike():
    """What it is for: the scores of a rare domain, whose references lie apart, fall to the others'.

    Half of each cloud are references, the other half new clips of it.
    """
    dense, thin = RNG.normal(0, 1, (400, 3)), 200 + RNG.normal(0, 20, (40, 3))
    references = np.concatenate([dense[::2], thin[::2]])
    plain, normalised = (
        ReferenceDistance(density=form, local=4).fit(references) for form in (None, "ratio")
    )
    gap = [b.score(thin[1::2]).mean() / b.score(dense[1::2]).mean() for b in (plain, normalised)]
    assert gap[0] > 10
    assert gap[1] < 2


def test_in_training_scores_a_clip_is_no_reference_for_itself():
    found = ReferenceDistance(density="ratio", local=3).fit(REFERENCES).training_scores()
    thin = neighbour_distances(REFERENCES, "euclidean", 3)
    apart = euclidean_distances(REFERENCES) / thin
    np.fill_diagonal(apart, np.inf)
    np.testing.assert_allclose(found, apart.min(axis=1), rtol=1e-9)


def test_equal_references_do_not_divide_by_nothing():
    doubled = np.concatenate([REFERENCES, REFERENCES])
    for local in (1, 2):
        found = ReferenceDistance(density="ratio", local=local).fit(doubled)
        assert np.isfinite(found.score(OTHERS)).all()
        assert (found.score(OTHERS) > 0).all()
    all_equal = ReferenceDistance(density="ratio").fit(np.ones((5, 3)))
    np.testing.assert_allclose(all_equal.score(np.zeros((1, 3))), np.sqrt(3))


def test_means_are_those_of_clusters_at_length_1():
    found = ReferenceDistance("cosine", clusters=4, seed=1).fit(REFERENCES)
    means = k_means(unit_length(REFERENCES), 4, seed=1)
    expected = cosine_distances(OTHERS, means).min(axis=1)
    np.testing.assert_allclose(found.score(OTHERS), expected, rtol=1e-9)
    scored = found.score(REFERENCES)
    np.testing.assert_array_equal(found.training_scores(), scored)


def test_of_fewer_references_than_asked_for_all_count():
    few = REFERENCES[:3]
    options = {"neighbours": 9, "density": "ratio", "local": 9}
    found = ReferenceDistance(**options).fit(few).score(OTHERS)
    fitting = ReferenceDistance(neighbours=3, density="ratio", local=2).fit(few)
    np.testing.assert_array_equal(found, fitting.score(OTHERS))


@pytest.mark.parametrize(
    ("back_end", "vectors", "words"),
    [
        (ReferenceDistance(), REFERENCES[:1], r"1 clip\(s\) have no neighbours"),
        (ReferenceDistance(clusters=1, density="ratio"), REFERENCES, "one reference has no dens"),
    ],
)
def test_what_cannot_be_fitted_is_said(back_end, vectors, words):
    with pytest.raises(ValueError, match=words):
        back_end.fit(vectors)
