"""The training loop that the networks share, and what it needs to be the same every time."""

import math
import os
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Protocol

import torch
from torch.optim.adam import adam

from mimii_bench.systems.learning.checkpoint import Begun, Checkpoint, State
from mimii_bench.systems.learning.schedule import Epoch, Schedule
from mimii_bench.systems.learning.telling import Telling
from mimii_bench.util.errors import UserError

#: Returns the mean loss of the examples at some indices.
LossOf = Callable[[torch.Tensor], torch.Tensor]
#: Adds to the weights' gradients those of a factor times the mean loss of the examples at some
#: indices, and returns that loss, without a graph.
Learn = Callable[[float, torch.Tensor], torch.Tensor]


class Examples(Protocol):
    """What a network learns from: one tensor (example, ...) per input and target."""

    indices: torch.Tensor

    def take(self, indices: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Return the examples at `indices`."""


def pick_device(name: str) -> torch.device:
    """Return the device called `name`; `auto` is CUDA where there is one.

    Raises
    ------
    UserError
        When CUDA is asked for and absent.
    """
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    device = torch.device(name)
    if device.type == "cuda" and not torch.cuda.is_available():
        raise UserError(f"device: {name} is configured and none is present; set device: auto")
    return device


def room_on(device: torch.device) -> int:
    """Return how many bytes of examples may lie on a device: half of what is free, 0 on a CPU."""
    return torch.cuda.mem_get_info(device)[0] // 2 if device.type == "cuda" else 0


def make_repeatable(device: torch.device) -> None:
    """Ask CUDA for algorithms that give the same bytes every time; the CPU's always do.

    Where an operation has none, torch warns once that results may differ.
    """
    if device.type != "cuda":
        return
    # Read when cuBLAS first computes; without it, its products may differ between streams.
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    torch.backends.cudnn.benchmark = False
    torch.use_deterministic_algorithms(True, warn_only=True)


class Adam:
    """Adam (Kingma and Ba 2015) in torch's fused kernel, without `torch.optim.Optimizer`.

    That class imports torch's compiler: 1.6 s and 80 MB for every training job.
    """

    def __init__(self, parameters: Iterable[torch.nn.Parameter], schedule: Schedule):
        self._parameters = list(parameters)
        self._means, self._squares = (
            [torch.zeros_like(p) for p in self._parameters] for _ in range(2)
        )
        self._counts = [torch.zeros((), device=p.device) for p in self._parameters]
        self._schedule = schedule
        self.steps = 0

    def tensors(self) -> dict[str, torch.Tensor]:
        """Return all that it remembers of the gradients so far."""
        kinds = {"mean": self._means, "square": self._squares, "count": self._counts}
        return {
            f"adam.{kind}.{place}": tensor
            for kind, tensors in kinds.items()
            for place, tensor in enumerate(tensors)
        }

    def zero_grad(self) -> None:
        """Forget the gradients."""
        for parameter in self._parameters:
            parameter.grad = None

    @torch.no_grad()
    def step(self, learning_rate: float) -> None:
        """Move every parameter along its gradient."""
        self.steps += 1
        if self._schedule.l2:
            self._decay()
        adam(
            self._parameters,
            [parameter.grad for parameter in self._parameters],
            self._means,
            self._squares,
            [],
            self._counts,
            fused=True,
            amsgrad=False,
            beta1=self._schedule.betas[0],
            beta2=self._schedule.betas[1],
            lr=learning_rate,
            weight_decay=0.0,
            eps=self._schedule.eps,
            maximize=False,
        )

    def _decay(self) -> None:
        # The kernel's own weight decay would take biases too.
        for parameter in self._parameters:
            if parameter.ndim > 1:
                parameter.grad.add_(parameter, alpha=self._schedule.l2)


def by_autograd(loss_of: Callable[..., torch.Tensor]) -> Callable[..., torch.Tensor]:
    """Return how to learn, by torch's own gradients, from what a mean loss is computed of."""

    def learn(weight: float, *examples: torch.Tensor) -> torch.Tensor:
        loss = loss_of(*examples)
        (loss * weight).backward()
        return loss.detach()

    return learn


def train(
    network: torch.nn.Module,
    learn: Learn,
    examples: torch.Tensor,
    schedule: Schedule,
    generator: torch.Generator,
    watch: Callable[[], float] = lambda: math.nan,
    checkpoint: Checkpoint | None = None,
) -> list[Epoch]:
    """Train a network, and leave it in evaluation mode.

    Parameters
    ----------
    network : torch.nn.Module
    learn : callable
        Adds the gradients of a factor times the mean loss of the examples at some indices, and
        returns that loss.
    examples : tensor (example,)
        The indices of those that train.
    schedule : Schedule
    generator : torch.Generator
        Of all that is random in an epoch: a training that goes on from a checkpoint then ends in
        the same weights as one that was never interrupted.
    watch : callable
        Returns the validation loss after an epoch; called with the network in evaluation mode and
        without gradients.
    checkpoint : Checkpoint, optional

    Returns
    -------
    list of Epoch
        The losses of all epochs.

    Raises
    ------
    UserError
        When the loss stops being a number.
    """
    optimiser = Adam(network.parameters(), schedule)
    size = schedule.examples_per_step(len(examples))
    least = smallest_batch(network)
    state = State(network, optimiser, generator)
    history, begun = _where_it_was(checkpoint, state)
    telling = Telling(schedule.epochs, schedule.max_steps)
    while not schedule.stops(history, optimiser.steps):
        network.train()
        begun = begun or Begun(generator.get_state())
        batches = batches_left(begun, examples, size, generator, least)
        for batch in islice(batches, schedule.steps_left(optimiser.steps)):
            parts = parts_of(batch, schedule.micro_batch, least)
            loss = _step(parts, learn, optimiser, schedule.rate(len(history) + 1))
            begun = begun.after(loss, len(batch))
            telling.step(len(history) + 1, optimiser.steps)
            if checkpoint:
                checkpoint.end_if_told(state, history, begun)
        network.eval()
        with torch.inference_mode():
            epoch = Epoch(len(history) + 1, begun.mean, watch())
        begun = None
        history.append(check_finite(epoch))
        telling.epoch(*epoch, optimiser.steps)
        if checkpoint:
            checkpoint.keep(state, history)
    if checkpoint:
        checkpoint.keep_last(state, history)
    telling.end(len(history), optimiser.steps)
    network.eval()
    return history


def _where_it_was(checkpoint: Checkpoint | None, state: State) -> tuple[list[Epoch], Begun | None]:
    """Bring a training to where it was interrupted.

    Returns
    -------
    list of Epoch, Begun or None
        The epochs that ended, and the one that had begun.
    """
    if checkpoint is None:
        return [], None
    history, begun = checkpoint.resume(state)
    return [Epoch(*epoch) for epoch in history], begun


def train_on(
    network: torch.nn.Module,
    loss: Callable[..., torch.Tensor],
    training: Examples,
    watched: Examples | None,
    schedule: Schedule,
    generator: torch.Generator,
    checkpoint: Checkpoint | None = None,
    learn: Callable[..., torch.Tensor] | None = None,
) -> list[Epoch]:
    """Train a network as `train` does, on examples and watched by others.

    Parameters
    ----------
    network, schedule, generator, checkpoint
        See `train`.
    loss : callable
        Takes what the examples' `take` returns, on the network's device, and returns their mean
        loss.
    learn : callable, optional
        Takes a factor and what `loss` takes, adds the gradients of the factor times the loss, and
        returns the loss; without it, autograd does.
    training : Examples
    watched : Examples, optional

    Returns
    -------
    list of Epoch
    """
    device = next(network.parameters()).device

    learn = learn or by_autograd(loss)

    def taken(examples: Examples, indices: torch.Tensor) -> Iterator[torch.Tensor]:
        return (x.to(device) for x in examples.take(indices))

    def learn_from(weight: float, indices: torch.Tensor) -> torch.Tensor:
        return learn(weight, *taken(training, indices))

    def watch() -> float:
        if watched is None:
            return math.nan
        return mean_loss(
            lambda indices: loss(*taken(watched, indices)), watched.indices, schedule.micro_batch
        )

    return train(network, learn_from, training.indices, schedule, generator, watch, checkpoint)


def _step(
    parts: tuple[torch.Tensor, ...], learn: Learn, optimiser: Adam, rate: float
) -> torch.Tensor:
    """Take one step and return the summed loss, on its device: reading it makes a GPU wait."""
    optimiser.zero_grad()
    examples = sum(map(len, parts))
    total = sum(learn(len(part) / examples, part).double() * len(part) for part in parts)
    optimiser.step(rate)
    return total


def smallest_batch(network: torch.nn.Module) -> int:
    """Return how many examples `network` needs at once: 2 where batches are normalised."""
    return 2 if any(isinstance(m, torch.nn.BatchNorm1d) for m in network.modules()) else 1


def parts_of(indices: torch.Tensor, size: int, least: int = 1) -> tuple[torch.Tensor, ...]:
    """Split `indices` into parts of `size`; the last may be smaller.

    A last part of fewer than `least` is joined to the one before it.
    """
    whole, rest = divmod(len(indices), size)
    if whole and rest < least:
        return tuple(indices.tensor_split([size * k for k in range(1, whole)]))
    return indices.split(size)


def shuffled_batches(
    indices: torch.Tensor, size: int, generator: torch.Generator, least: int = 1
) -> Iterator[torch.Tensor]:
    """Yield `indices` in random order, `size` at a time, as `parts_of` cuts."""
    order = torch.randperm(len(indices), generator=generator)
    yield from parts_of(indices[order], size, least)


def batches_left(
    begun: Begun, indices: torch.Tensor, size: int, generator: torch.Generator, least: int
) -> list[torch.Tensor]:
    """Return the batches that an epoch has not yet seen, of those of `shuffled_batches`.

    The generator is left as it is in that place of an epoch that was not interrupted.
    """
    now = generator.get_state()
    generator.set_state(begun.drawn)
    batches = list(shuffled_batches(indices, size, generator, least))
    if begun.batches:
        generator.set_state(now)
    return batches[begun.batches :]


def mean_loss(loss_of: LossOf, indices: torch.Tensor, size: int) -> float:
    """Return the mean loss over the examples at `indices`, NaN where there are none."""
    if not len(indices):
        return math.nan
    return sum(float(loss_of(part)) * len(part) for part in indices.split(size)) / len(indices)


def check_finite(epoch: Epoch) -> Epoch:
    """Return `epoch` unless its loss is NaN or infinite, which is an error for users."""
    if not math.isfinite(epoch.loss):
        raise UserError(
            f"the loss became {epoch.loss} in epoch {epoch.epoch}; "
            "lower learning_rate in the report's report.yaml or look for damaged clips"
        )
    return epoch
