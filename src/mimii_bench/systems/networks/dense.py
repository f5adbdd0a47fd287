"""The plain dense network, with Keras's initial weights."""

from itertools import pairwise

import torch
from torch import nn

ACTIVATIONS = {"relu": nn.ReLU, "leaky_relu": nn.LeakyReLU, "elu": nn.ELU, "tanh": nn.Tanh}


def dense_network(
    inputs: int,
    hidden: list[int],
    generator: torch.Generator,
    activation: str = "relu",
    batch_norm: bool = False,
) -> nn.Sequential:
    """Return dense layers with an activation between them and as many outputs as `inputs`.

    `hidden` are the widths in between. Weights are Glorot uniform, drawn from `generator`; biases
    are 0. With `batch_norm` every activation has a normalisation before it.
    """
    layers: list[nn.Module] = []
    for wide, narrow in pairwise([inputs, *hidden, inputs]):
        layer = nn.Linear(wide, narrow)
        nn.init.xavier_uniform_(layer.weight, generator=generator)
        nn.init.zeros_(layer.bias)
        normalisation = [nn.BatchNorm1d(narrow)] if batch_norm else []
        layers += [layer, *normalisation, ACTIVATIONS[activation]()]
    return nn.Sequential(*layers[: -2 if batch_norm else -1])
