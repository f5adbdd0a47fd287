"""What systems share whose state is that of a network of torch."""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Self

import wrapt

from mimii_bench.systems.base import System
from mimii_bench.systems.learning.schedule import Schedule

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import nn

torch = wrapt.lazy_import("torch")
checkpoints = wrapt.lazy_import("mimii_bench.systems.learning.checkpoint")
loop = wrapt.lazy_import("mimii_bench.systems.learning.loop")
saving = wrapt.lazy_import("mimii_bench.systems.learning.saving")


class NetworkSystem(System):
    """A system whose state is that of one `torch.nn.Module`.

    A subclass says in `_build` which network its options describe and in `_loss` what it learns,
    and has `fit` and `score`.

    Parameters
    ----------
    seed : int
        Of initial weights, the order of the batches, and what a loss draws.
    device : {"auto", "cpu", "cuda", "cuda:N"}
    **options
        Those of `Options`, which are those of the schedule and of the subclass.

    Attributes
    ----------
    history_ : list of Epoch
        Losses after `fit`.
    checkpoint : Checkpoint, optional
        What an interrupted training goes on from; see `go_on_from`.
    """

    class Options(System.Options, Schedule):
        """How it is trained."""

    def __init__(self, *, seed: int = 0, device: str = "cpu", **options):
        super().__init__(seed=seed, device=device, **options)
        self.device = loop.pick_device(device)
        loop.make_repeatable(self.device)
        self.checkpoint: checkpoints.Checkpoint | None = None
        self._generator = torch.Generator()

    def go_on_from(self, path: Path, seconds: float) -> None:
        """Keep checkpoints at `path`, so many seconds apart, and let `fit` go on from the last."""
        self.checkpoint = checkpoints.Checkpoint(path, seconds)

    @abstractmethod
    def _build(self, inputs: int, generator: torch.Generator) -> nn.Module:
        """Return the network for examples of `inputs` numbers, on the CPU."""

    def _train(self, training: loop.Examples, watched: loop.Examples | None = None) -> None:
        """Build the network and train it on the loss of the subclass."""
        self._generator.manual_seed(self.seed)
        self._net = self._build(self._inputs, self._generator).to(self.device)
        self.history_ = loop.train_on(
            self._net,
            self._loss,
            training,
            watched,
            self.options,
            self._generator,
            self.checkpoint,
            self._learning(),
        )

    def _learning(self) -> Callable[..., torch.Tensor]:
        """Return `_learn`, or autograd where a parent has it, which writes out another loss."""
        order = type(self).__mro__
        loss, learn = (
            next(place for place, one in enumerate(order) if name in vars(one))
            for name in ("_loss", "_learn")
        )
        return self._learn if learn <= loss else loop.by_autograd(self._loss)

    def _loss(self, *examples: torch.Tensor) -> torch.Tensor:
        """Return the mean loss of a batch of examples, one tensor per input."""
        raise NotImplementedError

    def _learn(self, weight: float, *examples: torch.Tensor) -> torch.Tensor:
        """Add the gradients of `weight` times the loss of a batch, and return the loss."""
        return loop.by_autograd(self._loss)(weight, *examples)

    @property
    def network(self) -> nn.Module:
        """What was trained, in evaluation mode."""
        return self._net

    @property
    def parameters(self) -> int:
        """The number of trained weights."""
        return sum(p.numel() for p in self._net.parameters())

    @property
    def layers(self) -> dict[str, int]:
        """The trained weights of each layer, as `linear_1`, `linear_2`, `batchnorm1d_1`, ..."""
        found: dict[str, int] = {}
        kinds: Counter[str] = Counter()
        for module in self._net.modules():
            own = sum(p.numel() for p in module.parameters(recurse=False))
            if own:
                kind = type(module).__name__.lower()
                kinds[kind] += 1
                found[f"{kind}_{kinds[kind]}"] = own
        return found

    def save(self, weights: Path, description: Path) -> None:
        """Write the network as plain tensors and what rebuilds it as JSON."""
        saving.save_tensors(self, self._net.state_dict(), weights, description, self._inputs)

    @classmethod
    def load(cls, weights: Path, description: Path, device: str = "cpu") -> Self:
        """Read back what `save` wrote, ready to score.

        Raises
        ------
        UserError
            For a damaged model.
        """
        state, facts = saving.load_tensors(weights, description)
        system = cls(**facts["options"], seed=facts["seed"], device=device)
        system._inputs = facts["inputs"]
        system._net = system._build(system._inputs, torch.Generator())
        system._net.load_state_dict(state)
        system._net.to(system.device).eval()
        return system
