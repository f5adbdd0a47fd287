"""Layers that several networks are built of, and where their initial weights come from."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import torch
from torch import nn


def drawn_from(generator: torch.Generator, build: Callable[[], nn.Module]) -> nn.Module:
    """Return `build()` with the initial weights, torch's defaults, drawn from `generator`.

    Torch draws them from its global generator, which is lent for that and put back.
    """
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.set_state(generator.get_state())
        network = build()
        generator.set_state(torch.default_generator.get_state())
    return network


def normalised_layers(
    sizes: Sequence[int], *, linear_output: bool, **batch_norm: float
) -> list[nn.Module]:
    """Return dense layers, each with batch normalisation and ReLU.

    Parameters
    ----------
    sizes : sequence of int
        Widths, from the input on.
    linear_output : bool
        The last layer has neither normalisation nor ReLU.
    **batch_norm
        Options of `torch.nn.BatchNorm1d`.
    """
    layers: list[nn.Module] = []
    for wide, narrow in pairwise(sizes):
        layers += [
            nn.Linear(wide, narrow),
            nn.BatchNorm1d(narrow, **batch_norm),
            nn.ReLU(inplace=True),
        ]
    return layers[:-2] if linear_output else layers


def convolutions(
    channels: Sequence[int], kernels: Sequence[int], strides: Sequence[tuple[int, int]]
) -> list[nn.Module]:
    """Return convolutions from 1 channel over `channels`, each batch-normalised and with ReLU.

    Parameters
    ----------
    channels : sequence of int
    kernels : sequence of int
        Sides of the square kernels, padded by half.
    strides : sequence of (int, int)
        Over frames and bins.
    """
    layers: list[nn.Module] = []
    before = [1, *channels[:-1]]
    for inputs, outputs, kernel, stride in zip(before, channels, kernels, strides, strict=True):
        layers += [
            nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
        ]
    return layers
