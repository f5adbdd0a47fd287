"""The deep encoder: shapes and weights of every layer, branches, heads, attention."""

import pytest
import torch

from mimii_bench.systems.networks.deep_encoder import (
    ENCODER,
    Attention,
    ComplexDeepEncoder,
    DeepEncoder,
    ShuffledConv2d,
)

#: Kernel, channels in and out of the five layers, from the report's Table I.
TABLE_1 = [(7 * 5, 1, 45), (7 * 5, 45, 90), (5 * 3, 90, 90), (5 * 3, 90, 90), (5 * 2, 90, 45)]
#: (bins, frames) after each of them, by the bins of the input; 64 frames.
SIZES = {
    513: [(257, 32), (129, 16), (65, 8), (33, 4), (17, 5)],
    128: [(64, 32), (32, 16), (16, 8), (8, 4), (4, 5)],
}
#: After the branches: 17 bins become 9; 4 are filled up to 5 and become 3.
BRANCH = {513: (9, 5), 128: (3, 5)}


def shapes(network, spectra):
    """The output shape of every named layer, without the examples."""
    found = {}
    for name, module in network.named_modules():
        if name:
            module.register_forward_hook(
                lambda _, __, output, name=name: found.update({name: tuple(output.shape[1:])})
            )
    with torch.inference_mode():
        network.eval()(spectra)
    return found


def weights(module):
    return sum(p.numel() for p in module.parameters())


def draw(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def test_the_encoder_is_that_of_table_1():
    assert [layer[:2] for layer in ENCODER] == [
        ((7, 5), (2, 2)),
        ((7, 5), (2, 2)),
        ((5, 3), (2, 2)),
        ((5, 3), (2, 2)),
        ((5, 2), (2, 1)),
    ]


@pytest.mark.parametrize("bins", [513, 128])
@pytest.mark.parametrize("attention", [False, True])
def test_every_layer_of_the_complex_encoder_has_its_shape(bins, attention):
    found = shapes(ComplexDeepEncoder(4, attention), draw(1, 2, bins, 64))
    for place, (size, (_, _, channels)) in enumerate(zip(SIZES[bins], TABLE_1, strict=True)):
        # Convolution, normalisation and activation of twice as many real channels.
        for part in range(3):
            assert found[f"encoder.{place}.{part}"] == (2 * channels, *size)
    branch = BRANCH[bins]
    assert found["magnitude_conv"] == found["complex_conv"] == (4, *branch)
    assert found["attention"] == (8, *branch)
    assert found["total_conv"] == (4, *branch)
    if attention:
        assert found["attention.conv"] == (8, (branch[0] + 1) // 2, 5)
        assert (found["attention.widen"], found["attention.narrow"]) == ((32,), (8,))


@pytest.mark.parametrize("bins", [513, 128])
def test_every_layer_of_the_real_encoder_has_its_shape(bins):
    found = shapes(DeepEncoder(4), draw(1, 1, bins, 64))
    for place, (size, (_, _, channels)) in enumerate(zip(SIZES[bins], TABLE_1, strict=True)):
        for part in range(3):
            assert found[f"encoder.{place}.{part}"] == (channels, *size)
    assert found["magnitude_conv"] == found["total_conv"] == (4, *BRANCH[bins])


def test_weights_are_those_of_table_1():
    convolutions = sum(kernel * inputs * outputs for kernel, inputs, outputs in TABLE_1)
    channels = sum(outputs for _, _, outputs in TABLE_1)
    # Scale and shift of the normalisation, and the slope.
    real = convolutions + 3 * channels
    magnitude, of_complex = 45 * 5 * 4 + 4, 90 * 5 * 4 + 4
    attention = (8 * 3 * 8 + 8) + (8 * 32 + 32) + (32 * 8 + 8)
    total = 8 * 4 + 4
    assert weights(DeepEncoder(4)) == real + magnitude + (4 * 4 + 4) == 428_829
    without = 2 * real + magnitude + of_complex + total
    assert weights(ComplexDeepEncoder(4, attention=False)) == without == 858_554
    assert weights(ComplexDeepEncoder(4, attention=True)) == without + attention == 859_306


def test_heads_are_the_averages_of_the_branches_and_of_the_total():
    network, spectra = ComplexDeepEncoder(4, attention=True).eval(), draw(3, 2, 65, 64)
    with torch.inference_mode():
        f_m, f_c = network.branches(spectra)
        f_t = torch.cat([f_m, f_c], 1)
        f_out = network.attention.weights(f_t)[:, :, None, None] * f_t + f_t
        heads = network(spectra)
        expected = [f.mean((2, 3)) for f in (f_m, f_c, network.total_conv(f_out))]
        for head, average in zip(heads, expected, strict=True):
            torch.testing.assert_close(head, average)
        embedded = network.embed(spectra)
        torch.testing.assert_close(embedded, f_out.mean((2, 3)))
        last = network.total_conv(embedded[:, :, None, None])[:, :, 0, 0]
        torch.testing.assert_close(last, heads[-1])


def test_the_real_encoder_has_the_total_head_alone():
    network, spectra = DeepEncoder(4).eval(), draw(3, 1, 65, 64)
    with torch.inference_mode():
        (logits,) = network(spectra)
        embedded = network.embed(spectra)
        last = network.total_conv(embedded[:, :, None, None])[:, :, 0, 0]
    torch.testing.assert_close(last, logits)
    assert embedded.shape == (3, 4)


def test_twice_as_wide_it_has_the_maps_and_the_weights_of_the_complex_encoder():
    """The control of report complex-net's step from magnitudes to complex spectra."""
    wide, of_complex = DeepEncoder(4, width=2), ComplexDeepEncoder(4, attention=False)
    assert weights(wide.encoder) == weights(of_complex.encoder) == 855_810
    assert weights(wide) == 855_810 + (90 * 5 * 4 + 4) + (4 * 4 + 4) == 857_634
    found, complex_ = shapes(wide, draw(1, 1, 513, 64)), shapes(of_complex, draw(1, 2, 513, 64))
    for place, (_, _, channels) in enumerate(TABLE_1):
        assert found[f"encoder.{place}"] == complex_[f"encoder.{place}"]
        assert found[f"encoder.{place}"][0] == 2 * channels


@pytest.mark.parametrize("width", [1, 2])
def test_with_three_heads_there_are_two_branches_and_the_total_sees_both(width):
    network, spectra = DeepEncoder(4, width, heads=3).eval(), draw(3, 1, 65, 64)
    branch = 45 * width * 5 * 4 + 4
    assert weights(network) - weights(DeepEncoder(4, width)) == branch + 4 * 4
    with torch.inference_mode():
        first, second = network.branches(spectra)
        heads = network(spectra)
        total = network.total_conv(torch.cat([first, second], 1))
        for head, features in zip(heads, (first, second, total), strict=True):
            torch.testing.assert_close(head, features.mean((2, 3)))
        embedded = network.embed(spectra)
        last = network.total_conv(embedded[:, :, None, None])[:, :, 0, 0]
    assert not torch.allclose(first, second)
    assert embedded.shape == (3, 8)
    torch.testing.assert_close(last, heads[-1])


def test_a_convolution_in_groups_sees_all_groups_before_it():
    """A change in one channel of a group reaches outputs of both groups, after two layers."""
    one, two = (ShuffledConv2d(6, 6, 1, bias=False, groups=2) for _ in range(2))
    assert weights(one) == 6 * 3
    plain, changed = draw(1, 6, 1, 1), draw(1, 6, 1, 1)
    changed[0, 0] += 1
    with torch.inference_mode():
        moved = (two(one(plain)) - two(one(changed))).abs().flatten() > 1e-7
        order = [0, 3, 1, 4, 2, 5]
        halves = plain[:, order].chunk(2, 1)
        by_hand = [
            torch.einsum("oi,nihw->nohw", weight[:, :, 0, 0], half)
            for weight, half in zip(one.weight.chunk(2), halves, strict=True)
        ]
        torch.testing.assert_close(one(plain), torch.cat(by_hand, 1))
    assert moved.all()


def test_a_convolution_of_one_channel_has_no_groups():
    assert ShuffledConv2d(1, 90, (7, 5), bias=False, groups=2).groups == 1


def test_attending_gives_the_heads_and_the_weights_that_made_them():
    network, spectra = ComplexDeepEncoder(4, attention=True).eval(), draw(3, 2, 65, 64)
    with torch.inference_mode():
        heads, attention = network.attend(spectra)
        for told, head in zip(heads, network(spectra), strict=True):
            assert torch.equal(told, head)
        expected = network.attention.weights(torch.cat(network.branches(spectra), 1))
    assert torch.equal(attention, expected)


def test_without_attention_the_total_sees_the_branches_themselves():
    network, spectra = ComplexDeepEncoder(4, attention=False).eval(), draw(2, 2, 65, 64)
    with torch.inference_mode():
        f_t = torch.cat(network.branches(spectra), 1)
        torch.testing.assert_close(network(spectra)[-1], network.total_conv(f_t).mean((2, 3)))


def test_attention_weighs_channels_and_sums_to_one():
    block, features = Attention(8), draw(5, 8, 9, 5)
    with torch.inference_mode():
        found = block.weights(features)
        torch.testing.assert_close(found.sum(1), torch.ones(5))
        assert found.std() > 0
        # Between a residual alone and twice the input.
        ratio = block(features) / features
    torch.testing.assert_close(ratio, (1 + found)[:, :, None, None].expand_as(ratio))


def test_the_complex_branch_hears_a_phase_that_magnitudes_do_not_tell():
    """Turning all phases by a right angle leaves the magnitudes of the first layer as they are."""
    network, spectra = ComplexDeepEncoder(4, attention=False).eval(), draw(2, 2, 65, 64)
    turned = torch.stack([-spectra[:, 1], spectra[:, 0]], 1)
    convolution = network.encoder[0][0]
    with torch.inference_mode():
        before, after = (
            torch.complex(*convolution(x).chunk(2, 1)).abs() for x in (spectra, turned)
        )
        torch.testing.assert_close(before, after, rtol=1e-4, atol=1e-5)
        plain, changed = (network.branches(x)[1] for x in (spectra, turned))
    assert not torch.allclose(plain, changed)


def test_another_number_of_classes_widens_the_last_layers():
    heads = ComplexDeepEncoder(3, attention=True)(draw(2, 2, 65, 64))
    assert [tuple(head.shape) for head in heads] == [(2, 3)] * 3


def test_every_weight_learns():
    real = (DeepEncoder(4), 1), (DeepEncoder(4, width=2, heads=3), 1)
    for network, channels in ((ComplexDeepEncoder(4, True), 2), *real):
        heads = network(draw(4, channels, 65, 64))
        sum(head.log_softmax(1)[:, 0].sum() for head in heads).backward()
        for name, parameter in network.named_parameters():
            assert parameter.grad is not None, name
            assert parameter.grad.abs().max() > 0, name
