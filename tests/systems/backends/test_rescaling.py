"""Distances on the scale of a group: scikit-learn's neighbours, standardised by a few lines."""

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from mimii_bench.systems.backends.distances import BLOCK
from mimii_bench.systems.backends.references import ReferenceDistance
from mimii_bench.systems.backends.rescaling import GroupRescaled

RNG = np.random.default_rng(0)
DENSE, THIN = RNG.normal(0, 0.1, (30, 5)), RNG.normal(9, 2, (12, 5))
BOTH = np.vstack([THIN, DENSE])
GROUPS = np.repeat(["target", "source"], [12, 30])
OTHERS = np.vstack([RNG.normal(0, 1, (7, 5)), RNG.normal(9, 3, (8, 5))])


def by_scikit_learn(metric, count):
    found = []
    for bank in (DENSE, THIN):
        neighbours = NearestNeighbors(n_neighbors=count, metric=metric).fit(bank)
        own = neighbours.kneighbors()[0].mean(axis=1)
        found.append((neighbours.kneighbors(OTHERS)[0].mean(axis=1) - own.mean()) / own.std())
    return np.minimum(*found)


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
@pytest.mark.parametrize("count", [1, 3])
def test_scores_are_the_least_standardised_distance(metric, count):
    found = GroupRescaled(metric, count).fit(BOTH, GROUPS).score(OTHERS)
    np.testing.assert_allclose(found, by_scikit_learn(metric, count), rtol=1e-8)


def test_k_means_finds_groups_that_lie_apart():
    told = GroupRescaled().fit(BOTH, GROUPS).score(OTHERS)
    np.testing.assert_allclose(GroupRescaled().fit(BOTH).score(OTHERS), told, rtol=1e-12)


def test_normal_clips_of_a_thin_group_stand_no_higher_than_those_of_a_dense_one():
    thin, dense = RNG.normal(9, 2, (200, 5)), RNG.normal(0, 0.1, (200, 5))
    plain = ReferenceDistance().fit(BOTH)
    assert plain.score(thin).min() > plain.score(dense).max()
    rescaled = GroupRescaled().fit(BOTH)
    apart = np.mean(rescaled.score(thin)[:, None] > rescaled.score(dense))
    assert apart == pytest.approx(0.5, abs=0.15)


def test_one_group_ranks_as_neighbours_do():
    plain, scaled = ReferenceDistance().fit(BOTH), GroupRescaled(groups=1).fit(BOTH)
    order = np.argsort(plain.score(OTHERS))
    assert (np.argsort(scaled.score(OTHERS)) == order).all()
    own = plain.training_scores()
    expected = (own - own.mean()) / own.std()
    np.testing.assert_allclose(scaled.training_scores(), expected, rtol=1e-6)


def test_no_reference_is_its_own_neighbour():
    back_end = GroupRescaled().fit(BOTH, GROUPS)
    for place in (0, 20):
        bank = BOTH[(GROUPS[place] == GROUPS) & (np.arange(len(BOTH)) != place)]
        near = np.linalg.norm(bank - BOTH[place], axis=1).min()
        group = list(np.unique(GROUPS)).index(GROUPS[place])
        own = (near - back_end.means_[group]) / back_end.deviations_[group]
        assert back_end.training_scores()[place] == pytest.approx(own)


def test_small_groups_take_the_scale_of_the_others():
    groups = np.repeat(["one", "two", "many"], [1, 2, 39])
    back_end = GroupRescaled().fit(BOTH, groups)
    many, one, two = range(3)
    assert back_end.means_[one] == pytest.approx(back_end.means_[[many, two]].mean())
    assert back_end.deviations_[one] == back_end.deviations_[two] == back_end.deviations_[many]
    assert np.isfinite(back_end.training_scores()).all()


def test_equal_clips_are_scored_by_numbers():
    back_end = GroupRescaled().fit(np.ones((4, 5)))
    assert back_end.score(np.array([[1.0] * 5, [2.0] * 5])) == pytest.approx([0, np.sqrt(5)])


def test_many_vectors_are_scored_as_each_alone():
    many = RNG.normal(3, 1, (BLOCK + 3, 5))
    back_end = GroupRescaled().fit(BOTH)
    alone = [back_end.score(one[None]).item() for one in many]
    np.testing.assert_allclose(back_end.score(many), alone, rtol=1e-8)
    assert back_end.score(many[:0]).shape == (0,)


def test_what_has_no_neighbours_is_refused():
    with pytest.raises(ValueError, match="have no neighbours"):
        GroupRescaled().fit(BOTH[:1])
    with pytest.raises(ValueError, match="no group has two clips"):
        GroupRescaled().fit(BOTH[:3], np.arange(3))
