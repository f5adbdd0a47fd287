"""The plain dense network, with Keras's initial weights."""

from itertools import pairwise

import torch
from torch import nn


def dense_network(inputs: int, hidden: list[int], generator: torch.Generator) -> nn.Sequential:
    """Return dense layers with ReLU between them and as many outputs as `inputs`.

    `hidden` are the widths in between. Weights are Glorot uniform, drawn from `generator`; biases
    are 0.
    """
    layers: list[nn.Module] = []
    for wide, narrow in pairwise([inputs, *hidden, inputs]):
        layer = nn.Linear(wide, narrow)
        nn.init.xavier_uniform_(layer.weight, generator=generator)
        nn.init.zeros_(layer.bias)
        layers += [layer, nn.ReLU()]
    return nn.Sequential(*layers[:-1])
