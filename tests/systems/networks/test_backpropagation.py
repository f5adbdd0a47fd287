"""Backpropagation that is written out, against autograd: the same bits."""

from copy import deepcopy

import numpy as np
import pytest
import torch
from torch import nn

from mimii_bench.systems.dcase_autoencoder import DcaseAutoencoder
from mimii_bench.systems.denoising_autoencoder import DenoisingAutoencoder
from mimii_bench.systems.dense_autoencoder import DenseAutoencoder
from mimii_bench.systems.learning.loop import by_autograd
from mimii_bench.systems.networks.backpropagation import (
    RULES,
    backpropagated,
    covers,
    squared_error,
)
from mimii_bench.systems.networks.dcase import TwoMicrophoneNetwork
from mimii_bench.systems.networks.dense import ACTIVATIONS, dense_network
from mimii_bench.systems.networks.standardise import Standardise
from mimii_bench.systems.two_microphone_autoencoder import _learn, _loss


def random(*shape):
    return torch.randn(shape, generator=torch.Generator().manual_seed(sum(shape)))


def check_alike(first, second):
    """Both networks hold the same gradients, and the same moving averages."""
    for name, parameter in first.named_parameters():
        assert torch.equal(parameter.grad, second.get_parameter(name).grad), name
    for name, tensor in first.state_dict().items():
        assert torch.equal(tensor, second.state_dict()[name]), name


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("batch_norm", [False, True])
def test_gradients_of_layers_are_those_of_autograd(activation, batch_norm):
    dense = dense_network(20, [33, 8], torch.Generator().manual_seed(0), activation, batch_norm)
    ours = nn.Sequential(Standardise(20), *dense)
    theirs = deepcopy(ours)
    # Twice: gradients add up until they are forgotten.
    for examples in (50, 70):
        x, gradient = random(examples, 20), random(20, examples).T.contiguous()
        found, back = backpropagated(ours, x)
        expected = theirs(x)
        assert torch.equal(found, expected)
        assert back(gradient) is None, "of the first layer's input none is asked for"
        expected.backward(gradient)
        check_alike(theirs, ours)


def test_the_gradient_of_the_input_is_given_where_it_is_wanted():
    layers = dense_network(20, [33, 8], torch.Generator().manual_seed(0), batch_norm=True)
    x, gradient = random(50, 20), random(50, 20)
    _, back = backpropagated(layers, x)
    leaf = x.clone().requires_grad_()
    deepcopy(layers)(leaf).backward(gradient)
    assert torch.equal(back(gradient, True), leaf.grad)


def test_every_activation_has_a_rule():
    assert set(ACTIVATIONS.values()) < set(RULES)


@pytest.mark.parametrize(
    ("layers", "covered"),
    [
        ([nn.Linear(3, 2), nn.BatchNorm1d(2), nn.ReLU(), nn.Linear(2, 3)], True),
        ([Standardise(3), nn.Linear(3, 3)], True),
        ([nn.Linear(3, 2), nn.Dropout(), nn.Linear(2, 3)], False),
        ([nn.Conv1d(3, 3, 1)], False),
    ],
)
def test_layers_without_a_rule_are_left_to_autograd(layers, covered):
    assert covers(nn.Sequential(*layers)) is covered


def test_a_loss_of_a_subclass_is_what_it_learns():
    class Absolute(DcaseAutoencoder):
        def _loss(self, windows):
            return nn.functional.l1_loss(self._net(windows), windows)

    frames = random(4, 24, 6).numpy()
    options = {"hidden": [16, 8, 16], "epochs": 1, "batch_size": 80, "ridge": 0.1}
    own, parent = (kind(**options).fit(frames) for kind in (Absolute, DcaseAutoencoder))
    assert own.history_[0].loss < parent.history_[0].loss
    gradients = [
        torch.cat([p.grad.flatten() for p in one.network.parameters()]) for one in (own, parent)
    ]
    assert not torch.equal(*gradients)


def test_squared_error_and_its_gradient_are_those_of_autograd():
    found, target = random(51, 33).requires_grad_(), random(33, 51).T.contiguous()
    expected = nn.functional.mse_loss(found, target)
    (expected * 0.3).backward()
    loss, gradient = squared_error(found.detach().clone(), target, 0.3)
    assert torch.equal(loss, expected)
    assert torch.equal(gradient, found.grad)


@pytest.mark.parametrize("weight", [1.0, 0.3])
def test_two_microphones_learn_as_by_autograd(weight):
    ours = TwoMicrophoneNetwork(40, [33, 32, 8], 8)
    theirs = deepcopy(ours)
    windows = random(50, 40), random(40, 50).T.contiguous()
    loss = by_autograd(lambda *given: _loss(theirs, 0.7, *given))(weight, *windows)
    assert torch.equal(_learn(ours, 0.7, weight, *windows), loss)
    check_alike(theirs, ours)


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        (DcaseAutoencoder, {"ridge": 0.1}),
        (DenseAutoencoder, {"loss": "half_sum", "batch_norm": True, "scaling": "standardised"}),
        (DenseAutoencoder, {"scaling": "centred", "scale_targets": False}),
        (DenoisingAutoencoder, {}),
    ],
)
@pytest.mark.parametrize("parts", [{}, {"micro_batch": 15}])
def test_a_training_ends_in_the_same_weights_as_by_autograd(kind, options, parts, monkeypatch):
    frames = random(4, 24, 6).numpy()
    options = {"hidden": [16, 8, 16], "epochs": 2, "batch_size": 40, **options, **parts}
    ours, theirs = kind(**options).fit(frames), kind(**options)
    monkeypatch.setattr(theirs, "_learn", by_autograd(theirs._loss))
    theirs.fit(frames)
    assert np.array_equal(ours.history_, theirs.history_, equal_nan=True)
    check_alike(theirs.network, ours.network)
