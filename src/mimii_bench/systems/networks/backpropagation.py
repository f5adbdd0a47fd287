"""Backpropagation through dense layers, written out: autograd's kernels, without its graph.

In the step of a small network the graph takes a tenth to a fifth of the time on one core
(docs/speed.md). Here are the products and sums that autograd makes of the same layers, in
the same order: every bit of the gradients is the same.
"""

from collections.abc import Callable

import torch
from torch import nn

aten = torch.ops.aten

#: Takes the gradient of an output, and whether that of the input is wanted; returns the latter.
#: Gradients of the weights are added to theirs.
Back = Callable[[torch.Tensor, bool], torch.Tensor | None]


def covers(layers: nn.Module) -> bool:
    """Tell whether `backpropagated` takes these layers.

    They are on the CPU: dense layers, batch normalisations, and activations behind these. Others
    may come before the first dense layer only.
    """
    if not isinstance(layers, nn.Sequential):
        return False
    known = [type(layer) in RULES for layer in layers]
    behind = known[known.index(True) :] if any(known) else [False]
    return all(behind) and next(layers.parameters()).device.type == "cpu"


@torch.no_grad()
def backpropagated(layers: nn.Sequential, x: torch.Tensor) -> tuple[torch.Tensor, Back]:
    """Return what layers in training make of `x`, and what takes a gradient back, once.

    Parameters
    ----------
    layers : torch.nn.Sequential
        Such as `covers` finds. Through what comes before the first dense layer, nothing goes back.
    x : tensor (example, input)

    Returns
    -------
    tensor (example, output), callable
    """
    backs: list[Back] = []
    for layer in layers:
        if rule := RULES.get(type(layer)):
            x, back = rule(layer, x)
            backs.append(back)
        else:
            x = layer(x)

    @torch.no_grad()
    def back(gradient: torch.Tensor, wanted: bool = False) -> torch.Tensor | None:
        while backs:
            own = backs.pop()
            gradient = own(gradient, wanted or bool(backs))
        return gradient

    return x, back


@torch.no_grad()
def squared_error(
    found: torch.Tensor, target: torch.Tensor, weight: torch.Tensor | float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the mean squared error, and the gradient by `found` of `weight` times it.

    `found` is overwritten.
    """
    residual = torch.sub(found, target, out=found)
    loss = residual.square().mean()
    return loss, residual.mul_(2 / residual.numel()).mul_(weight)


def learned(
    layers: nn.Sequential, x: torch.Tensor, target: torch.Tensor, weight: torch.Tensor | float
) -> torch.Tensor:
    """Return the mean squared error of layers in training.

    The gradients of `weight` times it are added to those of the layers, such as `covers` finds.
    """
    found, back = backpropagated(layers, x)
    loss, gradient = squared_error(found, target, weight)
    back(gradient)
    return loss


def _add(parameter: nn.Parameter, gradient: torch.Tensor) -> None:
    parameter.grad = gradient if parameter.grad is None else parameter.grad.add_(gradient)


def _linear(layer: nn.Linear, x: torch.Tensor) -> tuple[torch.Tensor, Back]:
    def back(gradient: torch.Tensor, wanted: bool) -> torch.Tensor | None:
        _add(layer.bias, gradient.sum(0))
        _add(layer.weight, gradient.t().mm(x))
        return gradient.mm(layer.weight) if wanted else None

    return torch.addmm(layer.bias, x, layer.weight.t()), back


def _batch_norm(layer: nn.BatchNorm1d, x: torch.Tensor) -> tuple[torch.Tensor, Back]:
    moving = layer.running_mean, layer.running_var
    layer.num_batches_tracked.add_(1)
    found, *moments = torch.native_batch_norm(
        x, layer.weight, layer.bias, *moving, True, layer.momentum, layer.eps
    )

    def back(gradient: torch.Tensor, _: bool) -> torch.Tensor:
        onward, weight, bias = aten.native_batch_norm_backward(
            gradient, x, layer.weight, *moving, *moments, True, layer.eps, [True] * 3
        )
        _add(layer.weight, weight)
        _add(layer.bias, bias)
        return onward

    return found, back


def _relu(_: nn.ReLU, x: torch.Tensor) -> tuple[torch.Tensor, Back]:
    # Neither a dense layer nor a normalisation looks at its output again.
    x.relu_()
    return x, lambda gradient, _: aten.threshold_backward(gradient, x, 0)


def _leaky_relu(layer: nn.LeakyReLU, x: torch.Tensor) -> tuple[torch.Tensor, Back]:
    slope = layer.negative_slope
    return layer(x), lambda gradient, _: aten.leaky_relu_backward(gradient, x, slope, False)


def _elu(layer: nn.ELU, x: torch.Tensor) -> tuple[torch.Tensor, Back]:
    return layer(x), lambda gradient, _: aten.elu_backward(gradient, layer.alpha, 1, 1, False, x)


def _tanh(layer: nn.Tanh, x: torch.Tensor) -> tuple[torch.Tensor, Back]:
    found = layer(x)
    return found, lambda gradient, _: aten.tanh_backward(gradient, found)


#: What a layer of a type makes of its input, and how a gradient goes back through it.
RULES: dict[type, Callable[[nn.Module, torch.Tensor], tuple[torch.Tensor, Back]]] = {
    nn.Linear: _linear,
    nn.BatchNorm1d: _batch_norm,
    nn.ReLU: _relu,
    nn.LeakyReLU: _leaky_relu,
    nn.ELU: _elu,
    nn.Tanh: _tanh,
}
