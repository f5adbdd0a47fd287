"""Mixtures of clips: what they are of, that their shares say so, and what decides them."""

import numpy as np
import pytest
import torch

from mimii_bench.systems.learning.mixup import ClassifiedClips, MixedClips

COUNT, CLASSES = 60, 3
RNG = np.random.default_rng(0)
INPUTS = (
    RNG.normal(size=(COUNT, 4, 5)).astype(np.float32),
    RNG.normal(size=(COUNT, 1, 7)).astype(np.float32),
)
SHARES = torch.nn.functional.one_hot(torch.arange(COUNT) % CLASSES, CLASSES).float()


def mixed(probability=1.0, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return MixedClips(INPUTS, SHARES, probability, generator).take(torch.arange(COUNT))


def test_clips_as_they_are():
    clips = ClassifiedClips(INPUTS, SHARES)
    one, two, shares = clips.take(torch.tensor([3, 1]))
    np.testing.assert_array_equal(one, INPUTS[0][[3, 1]])
    np.testing.assert_array_equal(two, INPUTS[1][[3, 1]])
    np.testing.assert_array_equal(shares, SHARES[[3, 1]])
    assert clips.indices.tolist() == list(range(COUNT))


def test_a_mixture_is_of_two_clips_with_the_same_weight_everywhere():
    first, second, shares = mixed()
    weights = []
    for place in range(COUNT):
        fits = []
        for other in range(COUNT):
            way = INPUTS[0][place] - INPUTS[0][other]
            if not np.abs(way).max():
                continue
            left = first[place].numpy() - INPUTS[0][other]
            weight = (left * way).sum() / (way * way).sum()
            fits.append((np.abs(left - weight * way).max(), weight, other))
        off, weight, other = min(fits)
        if np.abs(first[place].numpy() - INPUTS[0][place]).max() < 1e-6:
            continue  # Drawn together with itself.
        assert off < 1e-5
        expected = weight * INPUTS[1][place] + (1 - weight) * INPUTS[1][other]
        np.testing.assert_allclose(second[place], expected, atol=1e-4)
        target = weight * SHARES[place] + (1 - weight) * SHARES[other]
        np.testing.assert_allclose(shares[place], target, atol=1e-4)
        weights.append(weight)
    assert len(weights) > COUNT - 6
    assert 0 <= min(weights) < 0.1 < 0.9 < max(weights) <= 1
    assert np.mean(weights) == pytest.approx(0.5, abs=0.12)


@pytest.mark.parametrize(("probability", "least", "most"), [(0.0, 0, 0), (0.5, 15, 45)])
def test_so_many_are_mixed(probability, least, most):
    first, *_ = mixed(probability)
    changed = np.abs(first.numpy() - INPUTS[0]).max(axis=(1, 2)) > 1e-6
    assert least <= changed.sum() <= most


def test_shares_of_an_example_sum_to_1():
    torch.testing.assert_close(mixed()[2].sum(1), torch.ones(COUNT))


def test_the_generator_decides():
    one, again, other = (mixed(seed=seed)[0] for seed in (1, 1, 2))
    assert (one == again).all()
    assert (one != other).any()
