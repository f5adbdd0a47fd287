"""MobileNetV2: its layers, counted from the paper's table."""

import pytest
import torch

from mimii_bench.systems.networks.mobilenet import Dropout, InvertedResidual, MobileNetV2

#: Table 2 of Sandler et al.: expansion, channels, repeats, stride.
TABLE_2 = [
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
]


def convolution(inputs, outputs, positions=1):
    """Weights of a convolution without bias and of its normalisation."""
    return inputs * outputs * positions + 2 * outputs


def bottleneck(inputs, expansion, outputs):
    wide = inputs * expansion
    widen = convolution(inputs, wide) if expansion > 1 else 0
    return widen + convolution(1, wide, 9) + convolution(wide, outputs)


def counted(channels, classes):
    total, inputs = convolution(channels, 32, 9), 32
    for expansion, outputs, repeats, _ in TABLE_2:
        for _ in range(repeats):
            total += bottleneck(inputs, expansion, outputs)
            inputs = outputs
    return total + convolution(320, 1280) + 1280 * classes + classes


def weights(module):
    return sum(p.numel() for p in module.parameters())


def draw(*shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(0))


def test_weights_are_the_published_ones_for_another_input_and_output():
    # The paper's Table 4 prints 3.4 M for three channels and 1,000 classes.
    assert counted(3, 1000) == 3_504_872
    assert weights(MobileNetV2(4)) == counted(1, 4) == 2_228_420
    fewer = 2 * 32 * 9 + (1280 + 1) * (1000 - 4)
    assert counted(3, 1000) - fewer == counted(1, 4)


@pytest.mark.parametrize(("bins", "last"), [(128, (4, 2)), (513, (17, 2))])
def test_every_block_has_its_shape(bins, last):
    network, found = MobileNetV2(4).eval(), []
    for block in network.features:
        block.register_forward_hook(lambda _, __, output: found.append(tuple(output.shape[1:])))
    with torch.inference_mode():
        (logits,) = network(draw(2, 1, bins, 64))
    assert logits.shape == (2, 4)
    size = (-(-bins // 2), 32)
    expected = [(32, *size)]
    for _, channels, repeats, stride in TABLE_2:
        size = tuple(-(-n // stride) for n in size)
        expected += [(channels, *size)] * repeats
    assert found == [*expected, (1280, *size)]
    assert size == last


@pytest.mark.parametrize(
    ("inputs", "outputs", "stride", "adds"), [(8, 8, 1, True), (8, 8, 2, False), (8, 9, 1, False)]
)
def test_a_block_adds_its_input_where_shapes_allow(inputs, outputs, stride, adds):
    block, features = InvertedResidual(inputs, outputs, 6, stride).eval(), draw(2, inputs, 8, 8)
    with torch.inference_mode():
        found, alone = block(features), block.layers(features)
        assert torch.equal(found, alone + features if adds else alone)
        # Linear at its end: negative numbers come out.
        assert alone.min() < 0


def test_logits_are_linear_in_the_embedding():
    network = MobileNetV2(4).eval()
    with torch.inference_mode():
        embedded = network.embed(draw(3, 1, 64, 64))
        assert embedded.shape == (3, 1280)
        torch.testing.assert_close(network.classify(embedded), network(draw(3, 1, 64, 64))[0])


def test_every_weight_learns():
    network = MobileNetV2(4)
    network(draw(4, 1, 64, 64))[0].log_softmax(1)[:, 0].sum().backward()
    for name, parameter in network.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.abs().max() > 0, name


def test_a_share_of_the_features_is_left_out_in_training_and_the_rest_makes_up_for_it():
    features, drop = draw(200, 100), Dropout(0.2, torch.Generator().manual_seed(1))
    found = drop(features)
    kept = found != 0
    assert kept.float().mean() == pytest.approx(0.8, abs=0.01)
    torch.testing.assert_close(found[kept], features[kept] / 0.8)
    assert not torch.equal(drop(features) != 0, kept)
    assert torch.equal(drop.eval()(features), features)
    assert torch.equal(Dropout(0.0, None)(features), features)


def test_the_last_layer_sees_what_dropout_leaves():
    """Without dropout the two are the same; with all but nothing left, the bias remains."""
    spectra = draw(4, 1, 64, 64)
    network = MobileNetV2(4, dropout=0.999999)
    assert MobileNetV2(4).drop._share == 0.2
    (logits,) = network(spectra)
    torch.testing.assert_close(logits, network.classify.bias.expand(4, 4))
    (scoring,) = network.eval()(spectra)
    torch.testing.assert_close(scoring, network.classify(network.embed(spectra)))
