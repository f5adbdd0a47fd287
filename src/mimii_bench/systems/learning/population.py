"""Batch normalisation by what all training examples hold, instead of by moving averages.

What MATLAB does when a training ends (its documentation of batchNormalizationLayer). After a few
dozen steps moving averages are still on their way: with Keras's momentum of .99, 60 steps leave
55 % of the initial mean 0 and variance 1 in them.
"""

from collections.abc import Callable, Iterator

import torch
from torch import nn


@torch.no_grad()
def take_population(network: nn.Sequential, batches: Callable[[], Iterator[torch.Tensor]]) -> None:
    """Set mean and variance of every batch normalisation to those of its input over all examples.

    Layer by layer, each behind those that are set already; so the order of the examples and the
    size of the batches do not matter.

    Parameters
    ----------
    network : torch.nn.Sequential
        In evaluation mode.
    batches : callable
        Returns all examples, in batches (example, input) on the network's device.
    """
    for place, layer in enumerate(network):
        if isinstance(layer, nn.BatchNorm1d):
            mean, variance = _moments(network[:place], batches)
            layer.running_mean.copy_(mean)
            layer.running_var.copy_(variance)


def _moments(
    network: nn.Sequential, batches: Callable[[], Iterator[torch.Tensor]]
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return mean and variance (output,) of what `network` makes of all examples, in 64 bits."""
    count = total = squares = 0
    for batch in batches():
        found = network(batch).double()
        count = count + len(found)
        total = total + found.sum(0)
        squares = squares + found.square().sum(0)
    mean = total / count
    return mean, (squares / count - mean.square()).clamp(min=0)
