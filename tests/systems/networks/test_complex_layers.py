"""Complex layers on real tensors, against torch's complex tensors."""

import pytest
import torch
from torch import nn

from mimii_bench.systems.networks.complex_layers import (
    ComplexConv2d,
    ComponentBatchNorm2d,
    ComponentPReLU,
    components,
    magnitude,
)


def draw(*shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, dtype=torch.complex128, generator=generator)


def as_complex(stacked):
    return torch.complex(*stacked.chunk(2, dim=1))


def layer(inputs=3, outputs=4, kernel=(5, 3), bias=True, **options):
    return ComplexConv2d(inputs, outputs, kernel, bias=bias, **options).double()


@pytest.mark.parametrize(
    ("kernel", "stride", "padding"),
    [((7, 5), (2, 2), (3, 2)), ((5, 2), (2, 1), (2, 1)), ((3, 3), (1, 1), (0, 0))],
)
def test_convolution_and_gradients_are_those_of_complex_tensors(kernel, stride, padding):
    conv = layer(kernel=kernel, stride=stride, padding=padding)
    inputs, target = draw(2, 3, 12, 9), draw(1, 1, 1, 1, seed=1)
    ours_in = components(inputs).requires_grad_()
    theirs_in = inputs.clone().requires_grad_()
    weight = torch.complex(conv.real, conv.imaginary).detach().requires_grad_()
    bias = torch.complex(*conv.bias.chunk(2)).detach().requires_grad_()

    ours = as_complex(conv(ours_in))
    theirs = nn.functional.conv2d(theirs_in, weight, bias, stride, padding)
    torch.testing.assert_close(ours, theirs)

    for output in (ours, theirs):
        # Neither linear nor symmetric in real and imaginary part.
        (output - target).abs().pow(3).sum().backward()
    torch.testing.assert_close(as_complex(ours_in.grad), theirs_in.grad)
    torch.testing.assert_close(torch.complex(conv.real.grad, conv.imaginary.grad), weight.grad)
    torch.testing.assert_close(torch.complex(*conv.bias.grad.chunk(2)), bias.grad)


def test_a_convolution_turns_with_its_input():
    """exp(i φ) times the input is exp(i φ) times the output: the phase goes through."""
    conv, inputs = layer(bias=False), draw(2, 3, 8, 8)
    turned = inputs * torch.exp(torch.tensor(0.7j))
    torch.testing.assert_close(
        as_complex(conv(components(turned))),
        as_complex(conv(components(inputs))) * torch.exp(torch.tensor(0.7j)),
    )


def test_weights_of_a_convolution_are_two_per_complex_one():
    assert sum(p.numel() for p in layer(bias=False).parameters()) == 2 * 3 * 4 * 15
    assert sum(p.numel() for p in layer().parameters()) == 2 * 3 * 4 * 15 + 2 * 4


def test_initial_weights_have_the_spread_of_a_real_layer_with_as_many_inputs():
    with torch.random.fork_rng():
        torch.manual_seed(0)
        ours, theirs = ComplexConv2d(20, 40, (5, 5)), nn.Conv2d(40, 80, (5, 5))
    largest = theirs.weight.abs().max()
    for part in (ours.real, ours.imaginary):
        assert part.abs().max().item() == pytest.approx(largest.item(), rel=1e-3)
        assert part.std().item() == pytest.approx(theirs.weight.std().item(), rel=0.02)


def test_batch_normalisation_keeps_the_components_apart():
    inputs = draw(6, 3, 5, 5)
    inputs.imag.mul_(7).add_(2)
    found = as_complex(ComponentBatchNorm2d(3).double()(components(inputs)))
    for ours, given in ((found.real, inputs.real), (found.imag, inputs.imag)):
        centred = given - given.mean((0, 2, 3), keepdim=True)
        spread = given.var((0, 2, 3), unbiased=False, keepdim=True)
        torch.testing.assert_close(ours, centred / torch.sqrt(spread + 1e-5))


def test_prelu_has_a_slope_for_each_component_of_each_channel():
    inputs, activation = draw(2, 3, 4, 4), ComponentPReLU(3).double()
    slopes = torch.arange(1, 7) / 10
    with torch.no_grad():
        activation.weight.copy_(slopes)
    found = as_complex(activation(components(inputs)))
    for ours, given, slope in (
        (found.real, inputs.real, slopes[:3]),
        (found.imag, inputs.imag, slopes[3:]),
    ):
        expected = torch.where(given > 0, given, given * slope[:, None, None])
        torch.testing.assert_close(ours, expected)


def test_magnitude_is_the_absolute_value_with_a_gradient_at_zero():
    inputs = draw(2, 3, 4, 4)
    found = magnitude(components(inputs))
    torch.testing.assert_close(found.double(), inputs.abs(), rtol=1e-5, atol=1e-6)
    silent = torch.zeros(1, 2, 3, 3, requires_grad=True)
    magnitude(silent).sum().backward()
    assert torch.equal(silent.grad, torch.zeros_like(silent))
