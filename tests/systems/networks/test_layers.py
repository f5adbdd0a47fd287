"""What networks are built of: weights drawn from a generator, normalised layers."""

import torch
from torch import nn

from mimii_bench.systems.networks.layers import drawn_from, normalised_layers


def weight(seed):
    return drawn_from(torch.Generator().manual_seed(seed), lambda: nn.Linear(3, 3)).weight


def test_weights_follow_the_generator_and_leave_the_global_one_alone():
    torch.manual_seed(5)
    before = torch.get_rng_state()
    first = weight(1)
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(6)
    assert torch.equal(weight(1), first)
    assert not torch.equal(weight(2), first)


def test_the_generator_goes_on_after_the_weights():
    generator = torch.Generator().manual_seed(1)
    first, second = (drawn_from(generator, lambda: nn.Linear(3, 3)).weight for _ in range(2))
    assert not torch.equal(first, second)


def test_weights_are_torch_s_own():
    with torch.random.fork_rng():
        torch.manual_seed(1)
        expected = nn.Linear(3, 3).weight
    assert torch.equal(weight(1), expected)


def test_only_a_linear_output_is_bare():
    kinds = [nn.Linear, nn.BatchNorm1d, nn.ReLU]
    for linear_output, expected in ((False, kinds * 2), (True, [*kinds, nn.Linear])):
        layers = normalised_layers([6, 5, 4], linear_output=linear_output, eps=0.5)
        assert [type(layer) for layer in layers] == expected
        assert layers[1].eps == 0.5
