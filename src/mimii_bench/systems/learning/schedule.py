"""How a network is trained with Adam, as report.yaml says, and what an epoch tells."""

import math
from typing import Annotated, NamedTuple, Self

from pydantic import Field, model_validator

from mimii_bench.util.options import Options

Share = Annotated[float, Field(ge=0, lt=1)]


class Epoch(NamedTuple):
    """Mean losses of one epoch; `validation_loss` is NaN where nothing is held out."""

    epoch: int
    loss: float
    validation_loss: float


class Schedule(Options):
    """The options of every trained network."""

    epochs: Annotated[
        int, Field(ge=1, le=1_000_000, description="Passes over the training examples.")
    ] = 50
    learning_rate: Annotated[float, Field(gt=0, description="Of Adam, in the first epoch.")] = 1e-3
    batch_size: Annotated[
        int | None,
        Field(ge=1, description="Examples per step; either this or batch_fraction is given."),
    ] = None
    batch_fraction: Annotated[
        float | None,
        Field(gt=0, le=1, description="Share of all training examples per step."),
    ] = None
    betas: Annotated[
        list[Share],
        Field(
            min_length=2, max_length=2, description="Of Adam: decay of the gradient's two means."
        ),
    ] = [0.9, 0.999]
    eps: Annotated[float, Field(gt=0, description="Of Adam: added to the divisor.")] = 1e-8
    l2: Annotated[
        float,
        Field(
            ge=0,
            description="So many times a weight is added to its gradient, of weights with two "
            "dimensions or more: biases and normalisations have none (MATLAB's L2Regularization).",
        ),
    ] = 0.0
    drop_every: Annotated[
        int | None,
        Field(ge=1, description="Epochs after which the learning rate drops, again and again."),
    ] = None
    drop_factor: Annotated[
        float, Field(gt=0, description="What the learning rate is multiplied by then.")
    ] = 1.0
    patience: Annotated[
        int | None,
        Field(ge=1, description="Stop after so many epochs without a lower validation loss."),
    ] = None
    max_steps: Annotated[
        int | None,
        Field(
            ge=1,
            description="The budget: training ends after so many steps, if need be in an epoch.",
        ),
    ] = None
    micro_batch: Annotated[
        int,
        Field(
            ge=1,
            description="Examples that are in memory at once; larger batches add up gradients.",
        ),
    ] = 8192

    @model_validator(mode="after")
    def _one_batch(self) -> Self:
        if (self.batch_size is None) == (self.batch_fraction is None):
            raise ValueError("give either batch_size or batch_fraction")
        return self

    def examples_per_step(self, examples: int) -> int:
        """Return the batch size for so many training examples.

        Examples
        --------
        >>> Schedule(batch_fraction=0.5).examples_per_step(7)
        4
        """
        return self.batch_size or max(1, math.ceil(examples * self.batch_fraction))

    def rate(self, epoch: int) -> float:
        """Return the learning rate of an epoch, counted from 1.

        Examples
        --------
        >>> schedule = Schedule(batch_size=1, learning_rate=1, drop_every=2, drop_factor=0.5)
        >>> [schedule.rate(epoch) for epoch in range(1, 6)]
        [1.0, 1.0, 0.5, 0.5, 0.25]
        """
        drops = (epoch - 1) // self.drop_every if self.drop_every else 0
        return self.learning_rate * self.drop_factor**drops

    def steps_left(self, steps: int) -> int | None:
        """Return how many steps may follow after so many, None for any number."""
        return None if self.max_steps is None else self.max_steps - steps

    def stops(self, history: list[Epoch], steps: int) -> bool:
        """Tell whether training ends after the epochs in `history`, and so many steps."""
        if len(history) >= self.epochs or (self.max_steps is not None and steps >= self.max_steps):
            return True
        if not history:
            return False
        losses = [epoch.validation_loss for epoch in history]
        if self.patience is None or math.isnan(losses[-1]):
            return False
        return len(losses) - 1 - losses.index(min(losses)) >= self.patience
