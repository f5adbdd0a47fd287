"""SMOTE: how many vectors it makes, and where they lie."""

import numpy as np

from mimii_bench.systems.backends.oversampling import smote

RNG = np.random.default_rng(3)
MANY, FEW, ONE = RNG.normal(0, 1, (30, 4)), RNG.normal(9, 1, (7, 4)), RNG.normal(50, 1, (1, 4))
VECTORS = np.concatenate([FEW, MANY, ONE])
GROUPS = np.array(["target"] * 7 + ["source"] * 30 + ["lonely"])


def test_every_group_with_neighbours_has_as_many_as_the_largest():
    vectors, groups = smote(VECTORS, GROUPS, 3, seed=0)
    names, counts = np.unique(groups, return_counts=True)
    found = dict(zip(names, counts, strict=True))
    assert found == {"source": 30, "target": 30, "lonely": 1}
    np.testing.assert_array_equal(vectors[: len(VECTORS)], VECTORS)
    np.testing.assert_array_equal(groups[: len(GROUPS)], GROUPS)


def test_made_vectors_lie_between_a_vector_and_one_of_its_nearest():
    vectors, groups = smote(VECTORS, GROUPS, 2, seed=1)
    made = vectors[len(VECTORS) :]
    assert (groups[len(VECTORS) :] == "target").all()
    apart = np.linalg.norm(FEW[:, None] - FEW, axis=2)
    pairs = [(a, b) for a in range(7) for b in np.argsort(apart[a])[1:3]]
    shares = set()
    for one in made:
        fits = []
        for a, b in pairs:
            way = FEW[b] - FEW[a]
            share = (one - FEW[a]) @ way / (way @ way)
            off = np.linalg.norm(FEW[a] + share * way - one)
            fits.append((off, share))
        off, share = min(fits)
        assert off < 1e-9
        assert 0 <= share <= 1
        shares.add(round(share, 6))
    assert len(shares) == len(made)


def test_each_vector_of_a_group_takes_its_turn():
    """14 made of 7: with one neighbour each, every vector starts two of them."""
    pairs = np.array([[0.0, 0], [0, 1], [50, 0], [50, 1]])
    large = RNG.normal(500, 1, (12, 2))
    groups = np.array(["small"] * 4 + ["large"] * 12)
    vectors, _ = smote(np.concatenate([pairs, large]), groups, 1, seed=0)
    made = vectors[16:]
    assert ((made[:, 0] == 0).sum(), (made[:, 0] == 50).sum()) == (4, 4)
    assert ((made[:, 1] > 0) & (made[:, 1] < 1)).all()


def test_the_seed_decides():
    first, again, other = (smote(VECTORS, GROUPS, 3, seed=s)[0] for s in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_groups_of_one_size_stay_as_they_are():
    vectors, groups = smote(MANY, np.repeat([0, 1], 15), 3, seed=0)
    assert vectors.shape == MANY.shape
    np.testing.assert_array_equal(groups, np.repeat([0, 1], 15))
