"""The training loop that the networks share, and what it needs to be the same every time."""

import math
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import torch
from torch.optim.adam import adam

from mimii_bench.errors import UserError


class Epoch(NamedTuple):
    """Mean losses of one epoch; `validation_loss` is NaN where nothing is held out."""

    epoch: int
    loss: float
    validation_loss: float


def pick_device(name: str) -> torch.device:
    """Return the device called `name`; `auto` is CUDA where there is one.

    Raises UserError when CUDA is asked for and absent.
    """
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    if name == "cuda" and not torch.cuda.is_available():
        raise UserError("device: cuda is configured and none is present; set device: auto")
    return torch.device(name)


def shuffled_batches(
    indices: torch.Tensor, size: int, generator: torch.Generator
) -> Iterator[torch.Tensor]:
    """Yield `indices` in random order, `size` at a time; the last batch may be smaller."""
    order = torch.randperm(len(indices), generator=generator)
    yield from indices[order].split(size)


class Adam:
    """Adam (Kingma and Ba 2015) in torch's fused kernel, without `torch.optim.Optimizer`.

    That class imports torch's compiler: 1.6 s and 80 MB for every training job.
    """

    def __init__(
        self,
        parameters: Iterable[torch.nn.Parameter],
        learning_rate: float,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
    ):
        self._parameters = list(parameters)
        self._means, self._squares = (
            [torch.zeros_like(p) for p in self._parameters] for _ in range(2)
        )
        self._steps = [torch.zeros((), device=p.device) for p in self._parameters]
        self.learning_rate, self._betas, self._eps = learning_rate, betas, eps

    def zero_grad(self) -> None:
        """Forget the gradients."""
        for parameter in self._parameters:
            parameter.grad = None

    @torch.no_grad()
    def step(self) -> None:
        """Move every parameter along its gradient."""
        adam(
            self._parameters,
            [parameter.grad for parameter in self._parameters],
            self._means,
            self._squares,
            [],
            self._steps,
            fused=True,
            amsgrad=False,
            beta1=self._betas[0],
            beta2=self._betas[1],
            lr=self.learning_rate,
            weight_decay=0.0,
            eps=self._eps,
            maximize=False,
        )


def run_epoch(
    batches: Iterable[torch.Tensor],
    loss_of: Callable[[torch.Tensor], torch.Tensor],
    optimiser: Adam | None,
) -> float:
    """Go once through `batches` and return the mean loss per example; learn with an optimiser.

    The running sum stays on the device: reading it after every step would make a GPU wait.
    """
    total: torch.Tensor | float = 0.0
    count = 0
    with torch.set_grad_enabled(optimiser is not None):
        for batch in batches:
            loss = loss_of(batch)
            if optimiser is not None:
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
            total = total + loss.detach().double() * len(batch)
            count += len(batch)
    return float(total) / count if count else math.nan


def check_finite(epoch: Epoch) -> Epoch:
    """Return `epoch`; raises UserError when its loss is NaN or infinite."""
    if not math.isfinite(epoch.loss):
        raise UserError(
            f"the loss became {epoch.loss} in epoch {epoch.epoch}; "
            "lower learning_rate in the report's report.yaml or look for damaged clips"
        )
    return epoch
