"""Batch normalisation by the moments over all training examples."""

import numpy as np
import pytest
import torch
from torch import nn

from mimii_bench.systems.learning.population import take_population


@pytest.fixture
def network():
    torch.manual_seed(0)
    layers = [nn.Linear(6, 5), nn.BatchNorm1d(5), nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(5, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 6))


@pytest.fixture
def examples():
    return torch.from_numpy(np.random.default_rng(0).normal(-9, 2, (300, 6)).astype(np.float32))


def test_every_layer_s_input_is_standardised_over_all_examples(network, examples):
    network.eval()
    take_population(network, lambda: iter(examples.split(7)))
    with torch.inference_mode():
        for place in (1, 4):
            found = network[: place + 1](examples)
            assert found.mean(0).numpy() == pytest.approx(0, abs=1e-4)
            assert found.var(0, correction=0).numpy() == pytest.approx(1, abs=1e-2)


def test_neither_order_nor_batches_matter(network, examples):
    network.eval()
    take_population(network, lambda: iter([examples]))
    expected = [tensor.clone() for tensor in network.state_dict().values()]
    take_population(network, lambda: iter(examples.flip(0).split(11)))
    for before, after in zip(expected, network.state_dict().values(), strict=True):
        assert after.numpy() == pytest.approx(before.numpy(), rel=1e-5, abs=1e-6)


def test_learned_weights_stay(network, examples):
    network.eval()
    before = [p.detach().clone() for p in network.parameters()]
    take_population(network, lambda: iter([examples]))
    assert all(torch.equal(a, b) for a, b in zip(before, network.parameters(), strict=True))
